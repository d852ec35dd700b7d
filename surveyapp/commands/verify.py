"""`survey log` and `survey verify-returns` find what was changed in the database beside the program."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from surveyapp.answering.sealed_returns import verify_returns as verified_returns
from surveyapp.commands.audit_argument import audit_by_number_or_title
from surveyapp.commands.refusals import exit_refused, requires_current_schema
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.event_chain.triggers import check_triggers
from surveyapp.foundation.event_chain.verification import LogVerification, verify_log
from surveyapp.foundation.store.db import read_transaction, session
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.foundation.words.shares import counted

# Most faults that are printed.
MOST_PRINTED = 20


@click.command("log")
@click.option("--verify", is_flag=True, help="Compare every event with its seal; exit code 1 if one differs.")
@click.option("--expect", metavar="SEAL", default="", help="A seal noted elsewhere; fail if no event has it.")
@with_appcontext
@requires_current_schema
@read_transaction()
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


@click.command("verify-returns")
@click.argument("audit_name", metavar="AUDIT", required=False)
@with_appcontext
@requires_current_schema
@read_transaction()
def verify_returns(audit_name: str | None) -> None:
    """Verify that nobody has changed what was returned, in an AUDIT or in all."""
    audit = audit_by_number_or_title(audit_name, may_be_purged=True) if audit_name else None
    found = verified_returns(audit)
    read = counted(found.texts, "text")
    click.echo(f"{counted(found.returns, 'return')}; {read} of them and of drafts read.")
    if found.faults:
        for sentence in found.faults[:MOST_PRINTED]:
            click.echo(sentence, err=True)
        exit_refused(f"{counted(len(found.faults), 'fault')} in all.")
    click.echo("Every one is as it was stored.")
