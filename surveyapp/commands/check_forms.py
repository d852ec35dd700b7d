"""`check-forms`: every mistake of every form file, as file:line:column."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import exit_on_refusal, exit_refused
from surveyapp.defining.form_checks import check_file
from surveyapp.defining.library import form_paths, forms_folder
from surveyapp.foundation.words.shares import counted


@click.command("check-forms")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@exit_on_refusal
def check_forms(files: tuple[Path, ...]) -> None:
    """Print every mistake in form FILES, or in every form there is."""
    paths = list(files) or form_paths(forms_folder())
    mistakes = 0
    for path in paths:
        wrong, odd = check_file(path)
        mistakes += len(wrong)
        for each in (*wrong, *odd):
            click.echo(str(each))
    if mistakes:
        exit_refused(f"{counted(mistakes, 'mistake')} in {counted(len(paths), 'form')}.")
    click.echo(f"{counted(len(paths), 'form')} read, no mistakes.")
