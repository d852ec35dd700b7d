"""`survey backup` copies the database while it is served, with a manifest beside the copy."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.backups.backup import backup_place, make_backup
from surveyapp.foundation.private_files import keep_new_files_private
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.words.shares import counted


@click.command("backup")
@click.argument("place", metavar="DEST", type=click.Path(path_type=Path))
@with_appcontext
@requires_current_schema
def backup(place: Path) -> None:
    """Back the database up into DEST, a new file or a folder, while it is served."""
    keep_new_files_private()
    session.rollback()
    now = clock.now()
    file = backup_place(place, engine(), now=now)
    manifest = make_backup(engine(), file, now=now)
    click.echo(
        f"Backed up into {file}: {counted(manifest.row_count, 'row')} of "
        f"{counted(len(manifest.rows), 'table')} at revision {manifest.revision}, "
        f"{manifest.size:,} bytes. The manifest is beside it; keep the two together."
    )
    click.echo(
        f"The key file {settings().key_file} is not in it: keep a copy elsewhere, with the newest copy of "
        f"{settings().lasting_record_file}. Without the keys no link opens and nobody can read a comment."
    )
    if settings().forms_folder:
        click.echo(f"The forms in {settings().forms_folder} are not in it: keep them with your settings.")
