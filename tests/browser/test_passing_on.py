"""A contact passes a case to a colleague, who sends it back; axe looks at every page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from tests.browser.installation import Installation
from tests.browser.people import Contact, Manager, links_in_letters
from tests.row_maker import Maker


@dataclass(frozen=True)
class Asked:
    """Ids and link of an audit sent to one contact; an open row would block the server."""

    audit_id: int
    link: str
    sam: str


@pytest.fixture
def asked(make: Maker) -> Asked:
    """One contact with two cases."""
    audit = make.audit(cases=2, agencies=1)
    grant = make.grants(audit)[0]
    asked = Asked(audit.id, link_for(grant), grant.contact.name)
    session.rollback()
    return asked


def passes(sam: Contact, *, to: str, how: str) -> None:
    """Pass the first case to Pat Lowe from the list, past the warning about the domain."""
    page = sam.page
    sam.opens_child(1)
    sam.follows("Pass it on")
    sam.reads_heading("Pass Child 1 to a colleague")
    sam.presses("Pass it on")
    sam.is_told(
        "Enter your colleague’s name",
        "Enter an email address, like name@agency.example",
        "Choose who returns it",
    )
    page.get_by_label("Your colleague’s name").fill("Pat Lowe")
    page.get_by_label("Their work email address").fill(to)
    page.get_by_label(how).check()
    sam.presses("Pass it on")
    sam.reads(f"“{to.partition('@')[2]}” is not among the work addresses we know.")
    expect(page.get_by_label(how)).to_be_checked()
    sam.presses(f"Yes, pass it to {to}")
    sam.reads_heading("Child 1 is with Pat Lowe")


def link_of(installation: Installation, manager: Manager, address: str) -> str:
    """The link in the newest email to somebody; waits for it."""
    manager.reads_the_letters_to(address)
    return links_in_letters(installation, address)[-1]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_case_is_passed_on_answered_and_sent_back_to_be_checked(
    people: Callable[..., Any], installation: Installation, manager: Manager, asked: Asked, *, scripts: bool
) -> None:
    address = f"pat{asked.audit_id}@nursery.example"
    sam = people(Contact, scripts=scripts)
    sam.starts(asked.link)
    passes(sam, to=address, how="They send it back to me to check, and I return it")
    sam.follows("Your returns")
    sam.reads("With Pat Lowe since")

    link = link_of(installation, manager, address)
    pat = people(Contact, scripts=scripts, phone=True)
    pat.opens(link)
    pat.reads(f"Passed to you by {asked.sam}.")
    pat.presses("Start now")
    pat.reads_heading("Your agency’s file on Child 1")
    pat.reads(f"send it back: {asked.sam} checks and returns it.")
    pat.answers(2, "Yes")
    pat.presses("Save and come back later")
    sam.page.reload()
    sam.reads("With Pat Lowe since")
    sam.reads("Started")

    pat.opens_child(1)
    pat.presses("Check and send back")
    # Required questions are named, and prevent only a return.
    pat.follows("Not for you, or stuck? Send it back as it is")
    pat.reads("questions are answered and saved")
    pat.presses(f"Send back to {asked.sam}")
    pat.reads("Sent back", "There is nothing more for you to do.")
    pat.opens(link)
    pat.reads("What was passed to you is not with you any more")

    sam.page.reload()
    sam.looks()
    sam.reads("Ready to check", "Sent back by Pat Lowe")


def test_a_contact_takes_a_case_back_and_the_colleague_is_told(
    people: Callable[..., Any], installation: Installation, manager: Manager, contact: Contact, asked: Asked
) -> None:
    address = f"pat{asked.audit_id}@nursery.example"
    contact.starts(asked.link)
    passes(contact, to=address, how="They return it themselves")
    pat = people(Contact)
    pat.opens(link_of(installation, manager, address))
    pat.presses("Start now")
    pat.page.locator("textarea").first.fill("The plan was followed.")

    manager.opens(f"/audits/{asked.audit_id}/outstanding")
    manager.reads(f"Passed on by {asked.sam}")
    manager.page.get_by_role("link", name="Child 1").first.click()
    manager.looks()
    manager.reads("Pat Lowe returns it")

    contact.presses("Take it back")
    contact.reads("It is with you again, with what was saved.")
    pat.presses("Save and come back later")
    pat.reads("Child 1 is not with you any more.")
    expect(pat.page.locator("textarea").first).to_have_value("The plan was followed.")
