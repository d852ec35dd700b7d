"""`survey restore` puts a backup in the place of the database, and holds all mail until a person confirms."""

from contextlib import suppress
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from surveyapp.commands.refusals import COMMAND_ACTOR, exit_on_refusal
from surveyapp.foundation import clock
from surveyapp.foundation.backups.restore import (
    RestoredBackup,
    links_will_open,
    restore_backup,
    usable_manifest,
)
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.mail.worker import keep_records
from surveyapp.foundation.private_files import keep_new_files_private
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.lasting_record import lasting_record, record_file
from surveyapp.foundation.store.schema import check_schema
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.links import absolute_url


@click.command("restore")
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path))
@click.option(
    "--without-manifest",
    "may_lack",
    is_flag=True,
    help="Take a file that has no manifest, such as the copy made before an upgrade.",
)
@with_appcontext
@exit_on_refusal
def restore(source: Path, *, may_lack: bool) -> None:
    """Put the backup SOURCE in the place of the database, while nothing runs on it."""
    keep_new_files_private()
    now = clock.now()
    manifest = usable_manifest(source, engine(), may_lack=may_lack)
    if not links_will_open(manifest):
        click.echo(
            "Warning: the key file lacks the link key of this backup: links that went out before it do not "
            "open, and contacts need new ones.",
            err=True,
        )
    _record_what_the_present_database_knows()
    record = lasting_record()
    restored = restore_backup(source, engine(), manifest, actor=COMMAND_ACTOR, now=now)
    _say(restored)
    if record_file().exists():
        click.echo(
            f"Applied from {record_file()}: {counted(len(record.links), 'ended link')} and "
            f"{counted(len(record.purged), 'purged audit')}."
        )
    else:
        click.echo(
            f"Warning: there is no {record_file()}, so links that were withdrawn and audits that were purged "
            "after the backup are back. If a copy of it is kept, put it there and run this again.",
            err=True,
        )


def _record_what_the_present_database_knows() -> None:
    """Record its ended links once more, if it can be read at all, and close every connection to it."""
    if engine().dialect.name == "sqlite" and not Path(engine().url.database or "").exists():
        # Connecting would make an empty one.
        return
    with suppress(SurveyError, DBAPIError):
        check_schema(engine())
        keep_records(clock.now())
    session.close()
    engine().dispose()


def _say(restored: RestoredBackup) -> None:
    click.echo(f"Restored the backup of {moment_in_words(restored.taken_at)}.")
    if restored.revision != restored.upgraded_to:
        click.echo(f"It was at revision {restored.revision} and is upgraded to {restored.upgraded_to}.")
    if restored.kept is not None:
        click.echo(f"The database that was there is kept as {restored.kept}.")
    click.echo("All codes and all sessions of staff have ended: everybody signs in again.")
    click.echo(
        "Nothing is sent, chased or closed until somebody confirms it on the page Mail: "
        f"{absolute_url('/mail')}"
    )
