"""`survey set-up` creates an audit from one file, or lists every mistake in it."""

from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.agencies.directory_import.directory_comparison import choose_for_all, plan_directory
from surveyapp.agencies.directory_import.directory_differences import AS_IN_DIRECTORY, AS_IN_FILE
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.commands.refusals import COMMAND_ACTOR, exit_refused, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.setup.blank_workbook import blank_workbook
from surveyapp.planning.setup.operations import set_up_audit
from surveyapp.planning.setup.planned_requests import PlannedRequests, planned_requests
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from surveyapp.planning.setup.setup_schema import SetUp
from surveyapp.planning.setup.setup_warnings import worth_knowing
from surveyapp.planning.setup.workbook_document import SET_UP_LIMITS

_CHOOSE = (
    "The file differs from the directory: say which is right with --take-file or --keep-directory, or choose "
    "for each on the page “Set up an audit from a file”."
)


@click.command("set-up")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="List mistakes, differences and who is asked; store nothing.")
@click.option("--blank", type=click.Path(dir_okay=False, path_type=Path), help="Write an empty workbook.")
@click.option(
    "--take-file/--keep-directory",
    "takes_file",
    default=None,
    help="Which is right where FILE differs from the directory of agencies.",
)
@with_appcontext
@requires_current_schema
def set_up(file: Path | None, *, check: bool, blank: Path | None, takes_file: bool | None) -> None:
    """Set an audit up from FILE (YAML or XLSX): dates, form, agencies, contacts, cases, grid."""
    if blank is not None:
        _write(blank)
    if file is None:
        if blank is None:
            raise click.UsageError("Name a file, or --blank FILE.xlsx for an empty workbook.")
        return
    content = _content(file)
    directory = agencies_by_name()
    plan = plan_directory(content.imported_agencies, directory, {})
    if takes_file is not None:
        choice = AS_IN_FILE if takes_file else AS_IN_DIRECTORY
        plan = plan_directory(content.imported_agencies, directory, choose_for_all(plan, choice))
    has_to_choose = takes_file is None and plan.must_be_chosen
    _print_list("Worth knowing:", worth_knowing(content, plan, directory))
    _print_list("The file differs from the directory:", map(str, plan.to_choose))
    _print_list("In the directory, but not in the file (they stay):", map(str, plan.absences))
    if check:
        heading = "Who would be asked with --take-file:" if has_to_choose else "Who will be asked:"
        _print_list(heading, map(_asked_in_words, planned_requests(content, plan)))
        click.echo(f"No mistakes: {content.size}.{f' {_CHOOSE}' if has_to_choose else ''}")
        return
    if has_to_choose:
        exit_refused("Nothing was stored.", _CHOOSE)
    with transaction():
        audit = set_up_audit(
            content, choices=plan.choices, seen=plan.seen, actor=COMMAND_ACTOR, now=clock.now()
        )
        number, title = audit.id, audit.title
    click.echo(f"Audit {number}, “{title}”, is set up: {content.size}. Nothing is sent until it is issued.")


def _content(file: Path) -> SetUp:
    with file.open("rb") as stream:
        content = stream.read(SET_UP_LIMITS.file_bytes + 1)
    try:
        return read_set_up(content, str(file))
    except SetUpMistakes as error:
        for mistake in error.listed:
            click.echo(mistake)
        exit_refused(f"{error.count}; nothing was stored.")


def _print_list(heading: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        if number == 0:
            click.echo(heading)
        click.echo(f"  {line}")


def _asked_in_words(asked: PlannedRequests) -> str:
    who = f"{asked.contact.name}, {asked.contact.email}" if asked.contact else "nobody yet"
    return f"{asked.agency.name}: {who} ({counted(asked.cases, 'case')})"


def _write(blank: Path) -> None:
    if blank.exists():
        exit_refused(f"{blank} is there already: it may hold somebody’s work.")
    try:
        blank.write_bytes(blank_workbook())
    except OSError as error:
        exit_refused(f"{blank} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {blank}. Fill it in, then: survey set-up {blank} --check")
