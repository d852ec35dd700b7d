"""Four typical contacts, from the link to the receipt, with every click counted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from tests.browser.installation import Installation
from tests.browser.people import Contact, Manager, links_in_letters
from tests.row_maker import Maker

# The most clicks to a nil return and to a saved draft; the link in the email is the first click.
CLICKS_TO_NIL, CLICKS_TO_DRAFT = 5, 3


@dataclass
class Hand:
    """Counts the clicks of one person, beginning with the link in the email."""

    contact: Contact
    clicks: int = field(default=0)

    def opens(self, link: str) -> None:
        self.clicks += 1
        self.contact.page.goto(link)

    def clicks_on(self, there: Locator) -> None:
        self.clicks += 1
        there.first.click()

    def presses(self, words: str) -> None:
        self.clicks_on(self.contact.page.get_by_role("button", name=words))

    def follows(self, words: str) -> None:
        self.clicks_on(self.contact.page.get_by_role("link", name=words))


@pytest.fixture
def link(make: Maker, request: pytest.FixtureRequest) -> str:
    """The link of a contact who is asked about this many children."""
    link = link_for(make.grants(make.audit(cases=request.param, agencies=1))[0])
    session.rollback()
    return link


@pytest.mark.parametrize("link", [3], indirect=True)
def test_a_sergeant_on_a_shared_computer_makes_a_nil_return(people: Callable[..., Any], link: str) -> None:
    sergeant: Contact = people(Contact)
    hand = Hand(sergeant)
    hand.opens(link)
    hand.presses("Start now")
    hand.follows("Not involved")
    hand.clicks_on(sergeant.page.get_by_label("This child is not known to us"))
    hand.presses("Return as not involved")
    sergeant.reads_heading("Returned")
    assert hand.clicks <= CLICKS_TO_NIL
    sergeant.looks()
    hand.presses("Finish on this computer")
    sergeant.looks()
    sergeant.opens("/returns/")
    sergeant.reads_nowhere("Child 2")


@pytest.mark.parametrize("link", [1], indirect=True)
def test_a_practice_manager_with_ten_minutes_keeps_a_draft_without_pressing_save(
    people: Callable[..., Any], link: str
) -> None:
    manager: Contact = people(Contact)
    manager.page.clock.install()
    hand = Hand(manager)
    hand.opens(link)
    hand.presses("Start now")
    hand.clicks_on(manager.question(2).get_by_label("Yes"))
    manager.page.clock.run_for(21_000)
    expect(manager.page.locator("[data-kept-line]")).to_have_text(re.compile("^Saved at "))
    assert hand.clicks <= CLICKS_TO_DRAFT
    # The next day, from the same link on a computer at home.
    other: Contact = people(Contact)
    other.starts(link)
    other.reads("was kept, and is in the form below")
    expect(other.question(2).get_by_label("Yes").first).to_be_checked()


@pytest.mark.parametrize("link", [1], indirect=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_designated_teacher_on_a_phone_answers_and_returns(
    people: Callable[..., Any], link: str, *, scripts: bool
) -> None:
    teacher: Contact = people(Contact, scripts=scripts, phone=True)
    hand = Hand(teacher)
    hand.opens(link)
    teacher.looks()
    hand.presses("Start now")
    hand.clicks_on(teacher.question(2).get_by_label("Yes"))
    hand.clicks_on(teacher.question(13).get_by_label("No", exact=True))
    hand.presses("Check and return")
    teacher.looks()
    hand.presses("Return this audit")
    teacher.reads_heading("Returned")
    teacher.looks()
    # Two of the clicks choose answers.
    assert hand.clicks == 6


@pytest.mark.parametrize("link", [2], indirect=True)
def test_a_nursery_without_a_work_address_answers_a_passed_case(
    people: Callable[..., Any], installation: Installation, manager: Manager, link: str
) -> None:
    lead: Contact = people(Contact)
    lead.starts(link)
    lead.opens_child(1)
    lead.follows("Pass it on")
    lead.page.get_by_label("Your colleague’s name").fill("Jo Field")
    nursery = f"little.acorns.nursery.{link[-6:].strip('/').lower()}@gmail.example"
    lead.page.get_by_label("Their work email address").fill(nursery)
    lead.page.get_by_label("They return it themselves").check()
    lead.presses("Pass it on")
    lead.reads("“gmail.example” is not among the work addresses we know.")
    lead.presses(f"Yes, pass it to {nursery}")
    manager.reads_the_letters_to(nursery)

    jo: Contact = people(Contact, phone=True)
    hand = Hand(jo)
    hand.opens(links_in_letters(installation, nursery)[-1])
    hand.presses("Start now")
    hand.clicks_on(jo.question(2).get_by_label("No", exact=True))
    hand.clicks_on(jo.question(13).get_by_label("No", exact=True))
    hand.presses("Check and return")
    hand.presses("Return this audit")
    jo.reads_heading("Returned")
    assert hand.clicks == 6
    # The email is lost: the registered address gets another, and the page does not say whether it is known.
    jo.opens("/fresh-link/")
    jo.page.get_by_label("Your work email address").fill(nursery)
    jo.presses("Send")
    manager.reads_the_letters_to(nursery, at_least=2)
    lead.follows("Your returns")
    lead.reads("1 of 2 returned.")
