"""`survey status` prints how many requests have been returned: over all, by case and by agency."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from surveyapp.commands.audit_argument import AUDIT_ARGUMENT, audit_by_number_or_title
from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import read_transaction
from surveyapp.foundation.words.dates_and_lists import day_in_words, moment_in_words
from surveyapp.planning.errors import AnswersRemoved
from surveyapp.planning.models import Audit
from surveyapp.tracking.status_json import status_json
from surveyapp.tracking.status_queries import audit_status
from surveyapp.tracking.tally import Tally


@click.command("status")
@AUDIT_ARGUMENT
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@with_appcontext
@requires_current_schema
@read_transaction()
def status(audit_name: str, *, as_json: bool) -> None:
    """Say who has returned: over all, by case and by agency."""
    audit = audit_by_number_or_title(audit_name, may_be_purged=True)
    now = clock.now()
    if as_json:
        click.echo(json.dumps(status_json(audit, now=now), ensure_ascii=False))
        return
    current = audit_status(audit, now=now)
    click.echo(f"{audit.title}: {_in_words(current.tally)}")
    click.echo(_dates(audit, now))
    if audit.answers_removed_at is not None:
        click.echo(AnswersRemoved(audit).message)
    for heading, lines in (("By case", current.cases), ("By agency", current.agencies)):
        click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"  {line.name:<40} {_in_words(line.tally)}")


def _dates(audit: Audit, now: datetime) -> str:
    """Sentences with the dates of issue, return and closing."""
    if audit.issued_at is None:
        return "Not issued yet."
    sentences = f"Issued on {day_in_words(local_day(audit.issued_at))}."
    if audit.due_on is not None:
        sentences += f" Return by {day_in_words(audit.due_on)}."
    if audit.answers_end_at is not None:
        verb = "closed" if audit.is_closed(now) else "close"
        sentences += f" Returns {verb} on {moment_in_words(audit.answers_end_at)}."
    return sentences


def _in_words(tally: Tally) -> str:
    parts = [tally.in_words, f"{tally.outstanding} outstanding"]
    parts += [
        f"{count} {word}"
        for count, word in (
            (tally.nil, "nil"),
            (tally.overdue, "overdue"),
            (tally.undelivered, "not delivered"),
            (tally.withdrawn, "withdrawn"),
        )
        if count
    ]
    return ", ".join(parts)
