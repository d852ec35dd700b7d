"""`survey rotate-keys` puts new keys into use, encrypts every text again, and drops old keys."""

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from surveyapp.commands.keys.key_file_changes import (
    add_keys,
    check_changeable,
    drop_old_keys,
    old_keys,
    prepare_keys,
)
from surveyapp.commands.keys.needed_keys import check_data_keys, losses_with_old_keys
from surveyapp.commands.keys.text_rotation import encrypt_all_again, texts_under_old_keys, wait_for_writers
from surveyapp.commands.refusals import COMMAND_ACTOR, exit_refused, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.key_file import RINGS
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted

# No statement that was given a text encrypted with an older key runs for as long: PostgreSQL ends it after 30
# seconds, and SQLite waits 10 for its lock.
_LONGEST_STATEMENT = timedelta(minutes=1)
# How many rows whose texts do not open are named.
_MOST_NAMED = 20
_ABOUT = "keys"


@click.command("rotate-keys")
@click.argument("rings", nargs=-1, type=click.Choice(RINGS), metavar="[link|data|secret]...")
@click.option("--prepare", is_flag=True, help="Put the next keys into the file, but do not use them.")
@click.option("--drop-old", is_flag=True, help="Take the old keys of these rings out of the file instead.")
@click.option("--yes", is_flag=True, help="Drop them without asking.")
@with_appcontext
@requires_current_schema
def rotate_keys(*, rings: tuple[str, ...], prepare: bool, drop_old: bool, yes: bool) -> None:
    """Put new keys into use and encrypt every text again, of all rings or of those named."""
    if prepare and drop_old:
        raise click.UsageError("Choose --prepare or --drop-old.")
    if drop_old and not rings:
        raise click.UsageError(f"Name the rings whose old keys are dropped: {list_in_words(RINGS)}.")
    session.rollback()
    chosen = [ring for ring in RINGS if ring in (rings or RINGS)]
    file = settings().key_file
    if prepare:
        prepare_keys(file, chosen)
        click.echo(
            f"The next keys are in {file}, and not in use. Copy it to every machine, then run "
            "“flask --app wsgi survey rotate-keys” on one of them, and copy the file again."
        )
    elif drop_old:
        check_changeable(file)
        # Before anything is dropped, of whichever ring.
        if "data" in chosen and old_keys(file, "data"):
            _check_that_no_text_needs_old_keys(file)
        for ring in chosen:
            _drop(ring, file, asks=not yes)
    else:
        _rotate(chosen, file)


def _rotate(rings: list[str], file: Path) -> None:
    """Put new keys in front of these rings, unless an earlier rotation is to be finished."""
    left = sum(texts_under_old_keys().values()) if "data" in rings else 0
    if left:
        click.echo(
            f"{counted(left, 'text')} of an earlier rotation are left. "
            "They are encrypted again now, and no new key is made."
        )
    else:
        check_changeable(file)
        # The event is committed once the file is replaced: it cannot be taken back if that fails.
        with transaction():
            record_event(COMMAND_ACTOR, "rotated_keys", _ABOUT, list_in_words(rings), now=clock.now())
            session.flush()
            add_keys(file, rings)
        click.echo(f"New keys are in use: {list_in_words(rings)}. Keep a copy of {file} elsewhere.")
    if "data" in rings:
        _encrypt_again()


def _encrypt_again() -> None:
    rotation = encrypt_all_again(lambda place, count: click.echo(f"  {place}: {count:,}"))
    with transaction():
        words = f"{counted(rotation.count, 'text')}, {len(rotation.unreadable):,} unreadable"
        record_event(COMMAND_ACTOR, "encrypted_again", _ABOUT, words, now=clock.now())
    click.echo(f"{counted(rotation.count, 'text')} encrypted again.")
    if rotation.unreadable:
        rows = [f"{place} of row {row}" for place, row in rotation.unreadable[:_MOST_NAMED]]
        exit_refused(
            f"{counted(len(rotation.unreadable), 'text')} did not open and stay as they are: "
            f"{', '.join(rows)}{'' if len(rotation.unreadable) <= _MOST_NAMED else ' and more'}.",
            "They were changed or moved in the database, or their key is not in the key file.",
        )


def _check_that_no_text_needs_old_keys(file: Path) -> None:
    """Raise Refused if a text needs an old data key, or may yet be stored with one."""
    age = clock.now().timestamp() - file.stat().st_mtime
    if age < _LONGEST_STATEMENT.total_seconds():
        raise Refused(
            "The key file was changed less than a minute ago, and an old key may still be in use.",
            way_on="Run this again in a minute.",
        )
    wait_for_writers()
    check_data_keys()


def _drop(ring: str, file: Path, *, asks: bool) -> None:
    """Say what ends with the old keys of a ring, and drop them."""
    older = old_keys(file, ring)
    if not older:
        click.echo(f"The ring “{ring}” has no old key.")
        return
    for sentence in losses_with_old_keys(ring, now=clock.now()):
        click.echo(sentence)
    session.rollback()
    if asks and not click.confirm(f"Drop {counted(older, 'old key')} of the ring “{ring}”?"):
        click.echo("Nothing was dropped.")
        return
    with transaction():
        record_event(COMMAND_ACTOR, "dropped_old_keys", _ABOUT, f"{ring}: {older}", now=clock.now())
        session.flush()
        drop_old_keys(file, ring)
    click.echo(f"{counted(older, 'old key')} of the ring “{ring}” dropped.")
