"""`survey chasers` lists who would be chased on a day, and who would not and why; it sends nothing."""

import json
from datetime import date

import click
from flask.cli import with_appcontext

from surveyapp.chasing.queries import chasing_list
from surveyapp.commands.audit_argument import AUDIT_ARGUMENT, audit_by_number_or_title
from surveyapp.commands.day_type import DAY_TYPE
from surveyapp.commands.refusals import requires_current_schema
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import read_transaction
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.foundation.words.shares import counted


@click.command("chasers")
@AUDIT_ARGUMENT
@click.option("--on", type=DAY_TYPE, help="The day, as 2026-12-11; today if not said.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@with_appcontext
@requires_current_schema
@read_transaction()
def chasers(audit_name: str, *, on: date | None, as_json: bool) -> None:
    """Say who would be chased on a day, and who not and why; sends nothing."""
    audit = audit_by_number_or_title(audit_name)
    day = on or clock.local_day(clock.now())
    on_day = chasing_list(audit, day, working_calendar())
    if as_json:
        click.echo(json.dumps(on_day.as_json(), ensure_ascii=False))
        return
    slot = "a slot" if on_day.slot.offset is not None else "no slot"
    click.echo(f"{audit.title}, {day_in_words(day)}: {slot}, {counted(len(on_day.due), 'chaser')}.")
    for chased in on_day.due:
        click.echo(f"  {chased.contact.name} ({chased.agency.name}): {list_in_words(chased.cases)}")
    for not_chased in on_day.not_due:
        click.echo(f"  not {not_chased.contact.name} ({not_chased.agency.name}): {not_chased.why}")
