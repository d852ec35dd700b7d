"""`chasers`: who would be chased on a day, and who not and why; it sends nothing."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from surveyapp.chasing.queries import chasing_list
from surveyapp.commands.audit_argument import AUDIT, audit_called
from surveyapp.commands.close_reopen_extend import DAY
from surveyapp.commands.refusals import acting
from surveyapp.foundation import clock
from surveyapp.foundation.calendar import working_days as calendar
from surveyapp.foundation.words.dates_and_lists import day_in_words, listed
from surveyapp.foundation.words.shares import counted


@click.command("chasers", short_help="Say who would be chased on a day, and who not and why.")
@AUDIT
@click.option("--on", type=DAY, help="The day, as 2026-12-11; today if not said.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@with_appcontext
@acting
def chasers(audit_name: str, *, on: datetime | None, as_json: bool) -> None:
    """Say who would be chased on a day, and who not and why; sends nothing."""
    audit = audit_called(audit_name)
    day = on.date() if on else clock.local_day(clock.now())
    found = chasing_list(audit, day, calendar.calendar())
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return
    slot = "a slot" if found.slot.offset is not None else "no slot"
    click.echo(f"{audit.title}, {day_in_words(day)}: {slot}, {counted(len(found.due), 'chaser')}.")
    for each in found.due:
        click.echo(f"  {each.contact.name} ({each.agency.name}): {listed(each.cases)}")
    for other in found.not_due:
        click.echo(f"  not {other.contact.name} ({other.agency.name}): {other.why}")
