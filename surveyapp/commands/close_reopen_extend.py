"""`survey close`, `extend` and `reopen` change until when an audit takes returns."""

from datetime import date

import click
from flask.cli import with_appcontext

from surveyapp.closing import operations
from surveyapp.commands.audit_argument import AUDIT_ARGUMENT, audit_by_number_or_title
from surveyapp.commands.day_type import DAY_TYPE
from surveyapp.commands.refusals import COMMAND_ACTOR, requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.tracking.queries import tally


@click.command("close")
@AUDIT_ARGUMENT
@with_appcontext
@requires_current_schema
def close(audit_name: str) -> None:
    """Close an audit’s returns now; twice is once."""
    now = clock.now()
    with transaction():
        audit = audit_by_number_or_title(audit_name)
        closed = operations.close_returns(audit, actor=COMMAND_ACTOR, now=now)
    words = tally(audit, now=now).in_words
    click.echo(f"“{audit.title}”: returns {'are' if closed else 'were'} closed, {words}.")


@click.command("extend")
@AUDIT_ARGUMENT
@click.option("--to", type=DAY_TYPE, required=True, help="The day returns close, as 2027-01-22.")
@click.option("--due-on", type=DAY_TYPE, help="The day returns are due, where that moves too.")
@with_appcontext
@requires_current_schema
def extend(audit_name: str, *, to: date, due_on: date | None) -> None:
    """Give agencies longer; chasers follow the due day."""
    with transaction():
        audit = audit_by_number_or_title(audit_name)
        operations.extend_returns(audit, to=to, due_on=due_on, actor=COMMAND_ACTOR, now=clock.now())
    click.echo(
        f"“{audit.title}”: due {_day_or_none(audit.due_on)}, returns close {_day_or_none(audit.close_on)}."
    )


@click.command("reopen")
@AUDIT_ARGUMENT
@click.option("--reason", required=True, help="Why; it is kept.")
@click.option(
    "--to", type=DAY_TYPE, help="The day returns close again; five working days from now if not said."
)
@with_appcontext
@requires_current_schema
def reopen(audit_name: str, *, reason: str, to: date | None) -> None:
    """Take returns again, for a reason."""
    now = clock.now()
    with transaction():
        audit = audit_by_number_or_title(audit_name)
        day = to or operations.default_reopening_day(audit, now=now)
        operations.reopen(audit, to=day, reason=reason, actor=COMMAND_ACTOR, now=now)
    click.echo(f"“{audit.title}”: returns are open until {_day_or_none(audit.close_on)}.")


def _day_or_none(day: date | None) -> str:
    return day_in_words(day) if day else "on no day yet"
