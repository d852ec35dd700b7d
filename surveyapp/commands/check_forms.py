"""`survey check-forms` prints every mistake in form files as file:line:column."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import exit_on_refusal, exit_refused
from surveyapp.defining.form_checks import check_file
from surveyapp.defining.library import form_paths, forms_folder
from surveyapp.defining.mistakes import MOST_LISTED
from surveyapp.foundation.words.shares import counted


@click.command("check-forms")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@exit_on_refusal
def check_forms(files: tuple[Path, ...]) -> None:
    """Print every mistake in form FILES, or in every form there is."""
    paths = list(files) or form_paths(forms_folder())
    mistake_count = 0
    for path in paths:
        mistakes, warnings = check_file(path)
        mistake_count += len(mistakes)
        for finding in (*mistakes[:MOST_LISTED], *warnings):
            click.echo(str(finding))
        if len(mistakes) > MOST_LISTED:
            click.echo(f"{path}: these are the first {MOST_LISTED} of {counted(len(mistakes), 'mistake')}")
    if mistake_count:
        exit_refused(f"{counted(mistake_count, 'mistake')} in {counted(len(paths), 'form')}.")
    click.echo(f"{counted(len(paths), 'form')} read, no mistakes.")
