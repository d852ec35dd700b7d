"""`export`: an audit’s collation as a file, of the kind that its ending says."""

import os
import shutil
import tempfile
from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.collating.figures import Rule
from surveyapp.collating.filters import Filters
from surveyapp.commands.naming import AUDIT, audit_called
from surveyapp.commands.running import COMMAND, acting, refuse
from surveyapp.foundation import clock
from surveyapp.foundation.counting import counted
from surveyapp.reporting.exporting import ending_of, export_audit


@click.command("export")
@AUDIT
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="The file to write; its ending says what."
)
@with_appcontext
@acting
def export(audit_name: str, *, to: Path) -> None:
    """Write an audit’s figures or returns to a file.

    Its ending says what: .xlsx, .csv, .json, .returns.pdf for each return, or .zip for everything.
    """
    ending = ending_of(to.name)
    audit = audit_called(audit_name)
    built = export_audit(audit.id, ending, filters=Filters(), rule=Rule(), actor=COMMAND, now=clock.now())
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
