"""`export`: an audit’s collation or its report as a file, of the kind that its ending says."""

import os
import shutil
import tempfile
from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.brief.export import brief_file
from surveyapp.collating.figures import Rule
from surveyapp.collating.filters import Filters
from surveyapp.commands.audit_argument import AUDIT, audit_called
from surveyapp.commands.refusals import COMMAND, acting, refuse
from surveyapp.exports.export import BRIEF_ENDING, ending_of, export_audit
from surveyapp.foundation import clock
from surveyapp.foundation.words.shares import counted


@click.command("export", short_help="Write an audit’s figures or its brief to a file.")
@AUDIT
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="The file to write; its ending says what."
)
@with_appcontext
@acting
def export(audit_name: str, *, to: Path) -> None:
    """Write an audit’s figures, report, brief or archive to a file."""
    is_brief = to.suffix.lower() == f".{BRIEF_ENDING}"
    ending = None if is_brief else ending_of(to.name)
    if (is_brief or (ending and ending.is_edited)) and to.exists():
        refuse(f"{to} is there already, and somebody may have written in it: choose another name.")
    audit_id, now = audit_called(audit_name).id, clock.now()
    built = (
        export_audit(audit_id, ending, filters=Filters(), rule=Rule(), actor=COMMAND, now=now)
        if ending
        else brief_file(audit_id, BRIEF_ENDING, actor=COMMAND, now=now)
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
            refuse(f"{to} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {to}: {counted(built.returns, 'return')}. Only you can read it: keep it so.")
