"""A contact asks for more time on a phone, staff give it, and the page shows the new day."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.links import link_for
from tests.browser.installation import Installation
from tests.browser.people import Contact, Manager, Person
from tests.row_maker import Maker


def photograph(person: Person, name: str) -> None:
    """Save pictures of the page in the folder named by the environment, if any."""
    folder = os.environ.get("SURVEY_PICTURES")
    if folder:
        before = person.page.viewport_size
        for width in (320, 400, 1100):
            person.page.set_viewport_size({"width": width, "height": 900})
            person.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        if before:
            person.page.set_viewport_size(before)


def asked_for(make: Maker, installation: Installation) -> tuple[int, int, str]:
    """The ids of an audit due in a week and of its first request, and the contact's link."""
    agency = make.agency(f"Police {os.urandom(3).hex()}")
    due_on = installation.today + timedelta(days=7)
    audit = make.audit(cases=2, agencies=[agency], due_on=due_on, close_on=due_on + timedelta(days=30))
    grant, audit_request = make.grants(audit)[0], make.requests(audit)[0]
    found = audit.id, audit_request.id, link_for(grant)
    session.rollback()
    return found


def asks_for_time(contact: Contact, wanted: date) -> None:
    """Press Send with a field missing, read the mistakes, then ask for a day."""
    contact.presses("Send")
    contact.is_told("Choose whether you ask a question or for more time")
    photograph(contact, "mistake")
    day = contact.page.get_by_label("Day", exact=True)
    if contact.scripts:
        expect(day).to_be_hidden()
    contact.page.get_by_label("More time", exact=True).check()
    expect(day).to_be_visible()
    day.fill(str(wanted.day))
    contact.page.get_by_label("Month").fill(str(wanted.month))
    contact.page.get_by_label("Year").fill(str(wanted.year))
    contact.page.get_by_label("Your question").fill("The file is in the archive.")
    contact.presses("Send")
    contact.reads_heading("Sent")
    contact.reads("What happens next", "No answer yet.")
    photograph(contact, "asked")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_more_time_is_asked_for_and_given(
    people: Callable[..., Any], manager: Manager, make: Maker, installation: Installation, *, scripts: bool
) -> None:
    audit_id, request_id, link = asked_for(make, installation)
    wanted = working_calendar().add_working_days(installation.today + timedelta(days=7), 3)
    session.rollback()
    contact: Contact = people(Contact, phone=True, scripts=scripts)
    contact.starts(link)
    photograph(contact, "list")
    contact.opens_child(1)
    photograph(contact, "form")
    contact.follows("Ask, or get more time")
    asks_for_time(contact, wanted)

    manager.opens(f"/audits/{audit_id}")
    photograph(manager, "audit")
    manager.follows("1 question or request for more time")
    photograph(manager, "staff-list")
    manager.follows("Answer Child 1")
    manager.reads("The file is in the archive.")
    photograph(manager, "staff-answer")
    manager.page.get_by_label(f"Give the day they asked for, {day_in_words(wanted)}").check()
    manager.page.get_by_label("Your answer").fill("That is fine.")
    manager.presses("Send this answer")
    manager.reads("Answered.")
    photograph(manager, "staff-answered")
    manager.opens(f"/audits/{audit_id}/outstanding")
    photograph(manager, "outstanding")
    manager.opens(f"/audits/{audit_id}/requests/{request_id}")
    photograph(manager, "staff-request")
    manager.opens(f"/audits/{audit_id}/chasers")
    photograph(manager, "chasers")

    contact.opens("/returns/")
    contact.reads(f"You have until {day_in_words(wanted)}", "What you asked has an answer")
    photograph(contact, "list-answered")
    contact.opens_child(1)
    contact.reads(f"Return by {day_in_words(wanted)}.", "That is fine.")
    photograph(contact, "form-answered")
    contact.follows("Ask, or get more time")
    photograph(contact, "ask-again")


def test_a_question_is_asked_with_the_keyboard_alone(
    contact: Contact, make: Maker, installation: Installation
) -> None:
    _audit_id, _request_id, link = asked_for(make, installation)
    contact.starts(link)
    contact.opens_child(2)
    contact.follows("Ask, or get more time")
    contact.page.get_by_label("An answer to a question").focus()
    contact.page.keyboard.press("Space")
    contact.page.keyboard.press("Tab")
    contact.page.keyboard.type("Does the old file count?")
    contact.page.keyboard.press("Tab")
    contact.page.keyboard.press("Enter")
    contact.reads_heading("Sent")
    contact.reads("Does the old file count?")
    contact.opens("/returns/")
    contact.reads("What you asked has no answer yet")
