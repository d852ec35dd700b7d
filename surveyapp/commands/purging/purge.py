"""`survey purge` purges what is due, or says with --dry-run what would go and what would stay."""

import click
from flask.cli import with_appcontext

from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import clock_is_doubtful
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.retention.date_operations import set_dates_of_closed_audits
from surveyapp.retention.purging.file_cleaning import clean_after_purges
from surveyapp.retention.purging.purge_operations import (
    DateInDoubt,
    begin_due_purges,
    continue_purges,
    purge_counts,
)
from surveyapp.retention.purging.purge_words import KIND_WORDS, rows_in_words, traces_in_words
from surveyapp.retention.queries import PlannedPurge, planned_purges, unfinished_purges


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Only say what would go, what would stay, and when.")
@with_appcontext
@requires_current_schema
def purge(*, dry_run: bool) -> None:
    """Purge what is due, as the worker does on its day; go on with a purge that was interrupted."""
    now = clock.now()
    if dry_run:
        _preview()
        return
    if clock_is_doubtful(switches(), now):
        raise DateInDoubt
    with transaction():
        set_dates_of_closed_audits(now)
    begun = 0
    while started := begin_due_purges(now):
        begun += started
        _finish()
    _finish()
    click.echo(f"{counted(begun, 'purge')} begun, and every one ended.")
    cleaned = clean_after_purges(clock.now())
    if cleaned:
        click.echo(traces_in_words(engine().dialect.name))


def _finish() -> None:
    """Go on with purges that have begun until the last row is gone."""
    while unfinished_purges():
        continue_purges(clock.now())


def _preview() -> None:
    planned = planned_purges()
    if not planned:
        click.echo("No purge is planned: each audit’s days are set when its returns close.")
    today = local_day(clock.now())
    for each in planned:
        _say(each, is_due=each.on <= today)


def _say(each: PlannedPurge, *, is_due: bool) -> None:
    when = f"due since {day_in_words(each.on)}" if is_due else f"on {day_in_words(each.on)}"
    held = f"; on hold, set by {each.hold.set_by}, so nothing goes" if each.hold else ""
    click.echo(f"“{each.audit.title}”: {KIND_WORDS[each.kind].lower()}, {when}{held}.")
    counts = purge_counts(each.audit, each.kind)
    for words, rows in (("goes", counts.removed), ("stays", counts.kept)):
        for line in rows_in_words(rows):
            click.echo(f"  {words}  {line}")
