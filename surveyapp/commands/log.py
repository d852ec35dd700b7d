"""`survey log` says what the event log holds, and verifies that nobody has changed it."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import exit_refused, requires_current_schema
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.event_chain.triggers import check_triggers
from surveyapp.foundation.event_chain.verification import LogVerification, verify_log
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.foundation.words.shares import counted


@click.command("log")
@click.option("--verify", is_flag=True, help="Compare every event with its seal; exit code 1 if one differs.")
@click.option("--expect", metavar="SEAL", default="", help="A seal noted elsewhere; fail if no event has it.")
@with_appcontext
@requires_current_schema
def log(*, verify: bool, expect: str) -> None:
    """Verify the log of who did what: that no event was changed, removed or put in."""
    if not verify:
        raise click.UsageError("Say --verify.")
    found = verify_log(expected=expect.strip().lower())
    for sentence in _in_words(found):
        click.echo(sentence)
    if found.fault:
        exit_refused(found.fault, "Everything before it agrees.")
    check_triggers(session.connection())
    click.echo("Every event agrees.")


def _in_words(found: LogVerification) -> list[str]:
    """How many events there are, from when to when, and the newest seal, in lines."""
    lines = [found.removed] if found.removed else []
    if found.first_at is None or found.last_at is None:
        return [*lines, "No event was read."]
    lines.append(
        f"{counted(found.count, 'event')} read, of {_day(found.first_at)} to {_day(found.last_at)}. "
        f"{counted(found.unsealed, 'event')} at the end without a seal yet."
    )
    if found.newest_seal:
        lines.append(f"Newest seal: {found.newest_seal}")
    return lines


def _day(moment: datetime) -> str:
    return document_day(local_day(moment))
