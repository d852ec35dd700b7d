"""`close`, `extend` and `reopen`: until when an audit takes returns."""

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from surveyapp.closing import operations
from surveyapp.commands.audit_argument import AUDIT, audit_called
from surveyapp.commands.refusals import COMMAND, acting
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.tracking.queries import tally

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("close")
@AUDIT
@with_appcontext
@acting
def close(audit_name: str) -> None:
    """Close an audit’s returns now; twice is once."""
    now = clock.now()
    with transaction():
        audit = audit_called(audit_name)
        closed = operations.close_returns(audit, actor=COMMAND, now=now)
    words = tally(audit, now=now).in_words
    click.echo(f"“{audit.title}”: returns {'are' if closed else 'were'} closed, {words}.")


@click.command("extend")
@AUDIT
@click.option("--to", type=DAY, required=True, help="The day returns close, as 2027-01-22.")
@click.option("--due-on", type=DAY, help="The day returns are due, where that moves too.")
@with_appcontext
@acting
def extend(audit_name: str, *, to: datetime, due_on: datetime | None) -> None:
    """Give agencies longer; chasers follow the due day."""
    due = due_on.date() if due_on else None
    with transaction():
        audit = audit_called(audit_name)
        operations.extend(audit, to=to.date(), due_on=due, actor=COMMAND, now=clock.now())
    click.echo(f"“{audit.title}”: due {_said(audit.due_on)}, returns close {_said(audit.close_on)}.")


@click.command("reopen")
@AUDIT
@click.option("--reason", required=True, help="Why; it is kept.")
@click.option("--to", type=DAY, help="The day returns close again; five working days from now if not said.")
@with_appcontext
@acting
def reopen(audit_name: str, *, reason: str, to: datetime | None) -> None:
    """Take returns again, for a reason."""
    now = clock.now()
    with transaction():
        audit = audit_called(audit_name)
        day = to.date() if to else operations.day_to_reopen_to(audit, now=now)
        operations.reopen(audit, to=day, reason=reason, actor=COMMAND, now=now)
    click.echo(f"“{audit.title}”: returns are open until {_said(audit.close_on)}.")


def _said(day: date | None) -> str:
    return day_in_words(day) if day else "on no day yet"
