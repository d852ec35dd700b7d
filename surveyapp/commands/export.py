"""`export`: an audit’s collation or its report as a file, of the kind that its ending says."""

import os
import shutil
import tempfile
from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.brief.export import export_brief
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.commands.audit_argument import AUDIT_ARGUMENT, audit_by_number_or_title
from surveyapp.commands.export_formats import BRIEF_EXTENSION, export_format
from surveyapp.commands.refusals import COMMAND_ACTOR, exit_refused, requires_current_schema
from surveyapp.exports.export import export_audit
from surveyapp.foundation import clock
from surveyapp.foundation.words.shares import counted


@click.command("export", short_help="Write an audit’s figures or its brief to a file.")
@AUDIT_ARGUMENT
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="The file to write; its ending says what."
)
@with_appcontext
@requires_current_schema
def export(audit_name: str, *, to: Path) -> None:
    """Write an audit’s figures, report, brief or archive to a file."""
    is_brief = to.suffix.lower() == f".{BRIEF_EXTENSION}"
    ending = None if is_brief else export_format(to.name)
    if (is_brief or (ending and ending.is_edited)) and to.exists():
        exit_refused(f"{to} is there already, and somebody may have written in it: choose another name.")
    audit_id, now = audit_by_number_or_title(audit_name).id, clock.now()
    built = (
        export_audit(
            audit_id, ending, filters=Filters(), rule=DenominatorRule(), actor=COMMAND_ACTOR, now=now
        )
        if ending
        else export_brief(audit_id, BRIEF_EXTENSION, actor=COMMAND_ACTOR, now=now)
    )
    with built.file:
        try:
            # Beside its place first: a file that is there stays whole until the other one is.
            handle, beside = tempfile.mkstemp(dir=to.parent, prefix=".survey-export-")
            try:
                with os.fdopen(handle, "wb") as file:
                    shutil.copyfileobj(built.file, file)
                Path(beside).replace(to)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
        except OSError as error:
            exit_refused(f"{to} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {to}: {counted(built.returns, 'return')}. Only you can read it: keep it so.")
