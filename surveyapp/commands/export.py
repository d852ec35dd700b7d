"""`survey export` writes an audit to a file; the extension chooses figures, report, brief or archive."""

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


@click.command("export")
@AUDIT_ARGUMENT
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="The file to write; its ending says what."
)
@with_appcontext
@requires_current_schema
def export(audit_name: str, *, to: Path) -> None:
    """Write an audit’s figures, report, brief or archive to a file."""
    is_brief = to.suffix.lower() == f".{BRIEF_EXTENSION}"
    chosen = None if is_brief else export_format(to.name)
    if (is_brief or (chosen and chosen.is_edited)) and to.exists():
        exit_refused(f"{to} is there already, and somebody may have written in it: choose another name.")
    audit_id, now = audit_by_number_or_title(audit_name).id, clock.now()
    export_file = (
        export_audit(
            audit_id, chosen, filters=Filters(), rule=DenominatorRule(), actor=COMMAND_ACTOR, now=now
        )
        if chosen
        else export_brief(audit_id, BRIEF_EXTENSION, actor=COMMAND_ACTOR, now=now)
    )
    with export_file.file:
        try:
            # A temporary file in the same folder, renamed when complete: an existing file stays whole.
            handle, temporary = tempfile.mkstemp(dir=to.parent, prefix=".survey-export-")
            try:
                with os.fdopen(handle, "wb") as file:
                    shutil.copyfileobj(export_file.file, file)
                Path(temporary).replace(to)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            exit_refused(f"{to} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {to}: {counted(export_file.returns, 'return')}. Only you can read it: keep it so.")
