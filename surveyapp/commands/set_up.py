"""`survey set-up` creates an audit from one file, or lists every mistake in it."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import COMMAND_ACTOR, exit_refused, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.setup.blank_workbook import blank_workbook
from surveyapp.planning.setup.operations import set_up_audit
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up


@click.command("set-up", short_help="Set an audit up from FILE (YAML or XLSX).")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="List every mistake and store nothing.")
@click.option("--blank", type=click.Path(dir_okay=False, path_type=Path), help="Write an empty workbook.")
@with_appcontext
@requires_current_schema
def set_up(file: Path | None, *, check: bool, blank: Path | None) -> None:
    """Set an audit up from FILE (YAML or XLSX): dates, form, agencies, contacts, cases, grid."""
    if blank is not None:
        _write(blank)
    if file is None:
        if blank is None:
            raise click.UsageError("Name a file, or --blank FILE.xlsx for an empty workbook.")
        return
    try:
        plan = read_set_up(file.read_bytes(), str(file))
    except SetUpMistakes as error:
        for mistake in error.listed:
            click.echo(mistake)
        exit_refused(f"{error.count}; nothing was stored.")
    if check:
        click.echo(f"No mistakes: {plan.size}.")
        return
    with transaction():
        audit = set_up_audit(plan, actor=COMMAND_ACTOR, now=clock.now())
        number, title = audit.id, audit.title
    click.echo(f"Audit {number}, “{title}”, is set up: {plan.size}. Nothing is sent until it is issued.")


def _write(blank: Path) -> None:
    if blank.exists():
        exit_refused(f"{blank} is there already: it may hold somebody’s work.")
    try:
        blank.write_bytes(blank_workbook())
    except OSError as error:
        exit_refused(f"{blank} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {blank}. Fill it in, then: survey set-up {blank} --check")
