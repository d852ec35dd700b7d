"""A contact’s visit ends some hours after it began, although it is in use; no text is lost by that."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from time_machine import Traveller

from surveyapp.foundation.clock import now as utc_now
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

MINUTE = timedelta(minutes=1)
HALF_HOUR = LINK_IDLE_LIMIT / 2
END = MONDAY_MORNING + timedelta(hours=12)


def _stays(person: Person, clock: Traveller, *, until: datetime) -> None:
    """Read a page every half hour."""
    while utc_now() < until:
        person.reads("/returns/")
        clock.shift(HALF_HOUR)
    clock.move_to(until)


def test_a_visit_ends_after_twelve_hours_although_it_is_in_use(
    person: Person, grant: Grant, clock: Traveller
) -> None:
    person.starts(grant)
    _stays(person, clock, until=END)
    person.reads("/returns/")
    clock.move_to(END + timedelta(seconds=1))
    person.reads("/returns/", status=403)
    person.starts(grant)
    person.reads("/returns/")


@pytest.mark.parametrize("hours", [1, 30])
def test_the_setting_says_after_how_many_hours(
    app: Flask, person: Person, grant: Grant, clock: Traveller, hours: int
) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, visit_hours=hours))
    person.starts(grant)
    end = MONDAY_MORNING + timedelta(hours=hours)
    _stays(person, clock, until=end)
    person.reads("/returns/")
    clock.move_to(end + timedelta(seconds=1))
    person.reads("/returns/", status=403)


def test_text_typed_after_the_end_is_stored_once_the_link_is_pasted(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], clock: Traveller
) -> None:
    person.starts(grant)
    _stays(person, clock, until=END)
    person.opens(first)
    clock.move_to(END + MINUTE)
    page = person.presses(first, status=404, **required)
    assert "Paste the link from your email" in page.text
    assert "The plan was followed." in page.text
    person.presses(first, pasted__link=link_for(grant), **required)
    revision = kept_of(first).current_revision
    assert revision is not None
    assert "The plan was followed." in [answer.text for answer in revision.answers]


def test_start_begins_a_visit_anew_unless_it_holds_another_link(
    person: Person, grant: Grant, make: Maker, clock: Traveller
) -> None:
    person.starts(grant)
    _stays(person, clock, until=END - HALF_HOUR)
    person.starts(grant)
    clock.move_to(END + MINUTE)
    person.reads("/returns/")
    _stays(person, clock, until=END + timedelta(hours=11))
    other = make.grants(make.audit(cases=1, agencies=1, title="Another audit"))[0]
    person.starts(other)
    clock.move_to(END + timedelta(hours=11, minutes=31))
    person.reads("/returns/", status=403)


def test_a_cookie_of_before_there_was_an_end_begins_its_visit_now(
    person: Person, grant: Grant, clock: Traveller, audit: Audit
) -> None:
    person.starts(grant)
    with person.browser.http.session_transaction() as cookie:
        del cookie["survey_began"]
    clock.shift(HALF_HOUR)
    _stays(person, clock, until=END + HALF_HOUR)
    assert audit.title in person.reads("/returns/").text
    clock.move_to(END + HALF_HOUR + MINUTE)
    person.reads("/returns/", status=403)


def test_the_form_says_how_many_minutes_are_left(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller
) -> None:
    person.starts(grant)
    assert 'data-visit-minutes="720"' in person.opens(first).text
    clock.shift(timedelta(minutes=20, seconds=1))
    assert 'data-visit-minutes="699"' in person.opens(first).text
