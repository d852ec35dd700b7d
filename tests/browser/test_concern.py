"""A contact raises a current practice concern, and the manager is told of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from tests.browser.people import Contact, Manager
from tests.defining.forms_at_hand import feature
from tests.row_maker import Maker

TICK = "I have a current practice concern about this child"
WHOM, WHEN = "Whom have you told?", "When?"
MAILBOX = "audits@partnership.example"


def ask(make: Maker, definition: AuditForm | None = None) -> tuple[int, str]:
    """Ask one contact about one child; returns the audit's id and the link."""
    audit = make.audit(cases=1, agencies=1)
    if definition is not None:
        audit.form_definition = definition.to_json()
        session.commit()
    number, link = audit.id, link_for(make.grants(audit)[0])
    session.rollback()
    return number, link


def starts(contact: Contact, link: str) -> None:
    contact.starts(link)
    contact.opens_child(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_concern_is_raised_emailed_and_given_an_outcome(
    people: Callable[..., Any], manager: Manager, make: Maker, *, scripts: bool
) -> None:
    audit, link = ask(make)
    contact: Contact = people(Contact, scripts=scripts)
    starts(contact, link)
    page = contact.page
    page.get_by_role("link", name="Then tell the partnership that you have a concern").click()
    expect(page.get_by_label(TICK)).to_be_in_viewport()
    whom, when = page.get_by_label(WHOM), page.get_by_label(WHEN)
    expect(whom).to_be_visible(visible=not scripts)
    page.get_by_label(TICK).check()
    expect(whom).to_be_visible()
    expect(when).to_be_visible()
    contact.looks()

    contact.answers(13, "No")
    contact.presses("Check and return")
    contact.is_told(
        "Say whom you have told about your current practice concern",
        "Say when you told them about your current practice concern, such as “today, 10am”",
    )
    whom.fill("Our safeguarding lead")
    when.fill("today, 10am")
    contact.presses("Check and return")
    contact.reads(TICK, "Whom have you told? Our safeguarding lead")
    contact.presses("Return this audit of Child 1")
    contact.reads_heading("Returned")

    manager.reads_the_letters_to(MAILBOX)
    manager.reads("Someone has ticked")
    manager.reads_nowhere("Child 1")
    manager.opens(f"/audits/{audit}")
    manager.follows("1 current practice concern waits for an outcome")
    manager.reads("Our safeguarding lead", "today, 10am", "Waits for you")
    manager.follows("Write the outcome")
    manager.presses("Save")
    manager.is_told("Write what came of it", "Say whether the case was referred for immediate action")
    manager.page.get_by_label("What came of it?").fill("The lead has seen the family.")
    manager.page.get_by_label("No", exact=True).check()
    manager.presses("Save")
    manager.reads("The case did not need referring for immediate action.", "The lead has seen the family.")
    manager.opens(f"/audits/{audit}")
    manager.reads_nowhere("for an outcome")


def test_a_concern_is_raised_with_the_keyboard_alone(contact: Contact, make: Maker) -> None:
    _audit, link = ask(make)
    starts(contact, link)
    page = contact.page
    page.get_by_role("link", name="Then tell the partnership that you have a concern").focus()
    page.keyboard.press("Enter")
    # Following the link moves the focus to the box.
    expect(page.get_by_label(TICK)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label(WHOM)).to_be_focused()
    page.keyboard.type("Our safeguarding lead")
    page.keyboard.press("Tab")
    page.keyboard.type("today, 10am")
    page.get_by_role("button", name="Check and return").press("Enter")
    contact.is_told("Choose yes or no for question 13")
    expect(page.get_by_label(TICK)).to_be_checked()
    expect(page.get_by_label(WHEN)).to_have_value("today, 10am")


def test_typed_details_stay_visible_when_unticked_and_an_answer_shows_the_box_too(
    contact: Contact, make: Maker
) -> None:
    _audit, link = ask(make, feature("raises_concern"))
    starts(contact, link)
    page = contact.page
    expect(page.get_by_label(WHOM)).to_be_hidden()
    contact.answers(1, "Yes")
    expect(page.get_by_label(WHOM)).to_be_visible()
    contact.answers(1, "No")
    expect(page.get_by_label(WHOM)).to_be_hidden()
    page.get_by_label(TICK).check()
    page.get_by_label(WHOM).fill("Our safeguarding lead")
    page.get_by_label(TICK).uncheck()
    expect(page.get_by_label(WHOM)).to_be_visible()
    contact.looks()


def test_a_ticked_concern_is_told_without_pressing_save_and_the_page_says_so(
    contact: Contact, manager: Manager, make: Maker
) -> None:
    _audit, link = ask(make)
    starts(contact, link)
    page = contact.page
    page.get_by_label(TICK).check()
    page.get_by_label(WHOM).fill("Our safeguarding lead")
    # Leaving a box stores the page.
    page.get_by_label(WHOM).press("Tab")
    line = page.locator("[data-told-words]")
    expect(line).to_have_text("The partnership has not been told yet.")
    contact.looks()
    page.get_by_label(WHEN).fill("today, 10am")
    page.get_by_label(WHEN).press("Tab")
    manager.reads_the_letters_to(MAILBOX)
    manager.reads("Someone has ticked")
    contact.comments(1, "The plan was followed.")
    page.get_by_label(WHOM).focus()
    expect(line).to_have_text("The partnership has been told by email.")
