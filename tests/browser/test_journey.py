"""The whole journey in a real browser: each page by axe at 320 and 1100 px, with and without JavaScript."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.installation import Installation
from tests.browser.people import Contact, Manager, table_day

POLICE, SURGERY = "audit@police.example", "manager@surgery.example"
TYPED = "Discussed on 3 November;\nthe manager’s note says “see the child alone”. 🙂"


@dataclass
class Story:
    """The people of one run of the journey, with their links so far."""

    installation: Installation
    people: Callable[..., Any]
    title: str
    scripts: bool
    manager: Manager
    police_link: str = ""
    surgery_link: str = ""

    def contact(self, *, phone: bool = False, scripts: bool | None = None) -> Contact:
        chosen = self.scripts if scripts is None else scripts
        found: Contact = self.people(Contact, scripts=chosen, phone=phone)
        return found


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_audit_from_a_workbook_to_its_close(
    people: Callable[..., Any], installation: Installation, tmp_path: Path, *, scripts: bool
) -> None:
    title = f"Repeat plans, autumn, {'with' if scripts else 'without'} scripts"
    story = Story(installation, people, title, scripts, people(Manager, scripts=scripts))
    the_manager_sets_it_up(story, tmp_path)
    the_manager_asks(story)
    sergeant = the_sergeant_begins_and_comes_back_on_a_phone(story)
    another_is_answered_the_other_way_and_the_third_is_not_theirs(story, sergeant)
    the_manager_chases(story)
    practice = the_practice_manager_begins(story)
    the_manager_closes_and_overtakes(story, practice)
    the_link_still_shows_what_was_returned(story, sergeant)
    every_other_page_of_the_audit_is_in_order(story)
    anybody_reads_the_two_notices(story)


def the_manager_sets_it_up(story: Story, folder: Path) -> None:
    manager = story.manager
    manager.signs_in()
    manager.sends_the_file(manager.fills_in_the_blank_workbook(story.title, folder))
    manager.reads_heading("Check what the file says")
    manager.reads("3 cases, 2 agencies, 6 requests", "Sergeant Bell", "6 months")
    manager.presses("Set up this audit")
    manager.reads_heading(f"{story.title}: set up")
    manager.follows("Which agency knew which child")
    expect(manager.page.locator("input[type=checkbox]:checked")).to_have_count(6)
    manager.follows("Back")


def the_manager_asks(story: Story) -> None:
    manager = story.manager
    manager.follows("Check and issue")
    manager.reads("You are about to ask 2 people for 6 returns.")
    manager.follows("as Sergeant Bell will get it")
    manager.follows("Back to all that will be asked")
    manager.presses("Issue 6 requests")
    manager.reads("0 of 6 returned")
    story.surgery_link = manager.reads_the_letters_to(SURGERY)
    story.police_link = manager.reads_the_letters_to(POLICE)


def the_sergeant_begins_and_comes_back_on_a_phone(story: Story) -> Contact:
    """Save a draft, come back by the same link on a phone, and return it once nothing is missing."""
    sergeant = story.contact()
    sergeant.starts(story.police_link)
    sergeant.reads("0 of 3 returned.", "3 to do")
    sergeant.opens_child(1)
    sergeant.answers(1, "up-to-date basic information", "case summary")
    sergeant.answers(2, "Yes")
    sergeant.comments(2, TYPED)
    sergeant.presses("Save and come back later")
    sergeant.reads("2 of 14 answered")
    story.manager.opens_the_audit(story.title)
    expect(story.manager.cell("Child 1", "Northside Police")).to_contain_text("started")

    phone = story.contact(phone=True)
    phone.starts(story.police_link)
    phone.opens_child(1)
    phone.has_commented(2, TYPED)
    phone.presses("Check and return")
    phone.is_told("Choose yes or no for question 13")
    phone.mistake_at(13)
    phone.answers(13, "Yes")
    phone.presses("Check and return")
    phone.mistake_at(13)
    phone.has_commented(2, TYPED)
    phone.comments(13, "Good joint visits.")
    phone.presses("Check and return")
    phone.reads_heading("Check your answers about Child 1")
    phone.reads("see the child alone", "Good joint visits.")
    phone.presses("Return this audit of Child 1")
    phone.reads_heading("Returned")
    phone.reads("2 more to do")
    phone.follows("Read, print or save your copy")
    phone.reads("Good joint visits.")
    assert phone.prints() == []
    return sergeant


def another_is_answered_the_other_way_and_the_third_is_not_theirs(story: Story, sergeant: Contact) -> None:
    """In a browser without scripts if the others run them, and the other way round."""
    other = story.contact(scripts=not story.scripts, phone=True)
    other.starts(story.police_link)
    other.opens_child(2)
    other.answers(1, "None of these")
    other.answers(13, "No")
    other.presses("Check and return")
    other.presses("Return this audit of Child 2")
    other.reads_heading("Returned")

    sergeant.opens("/returns/")
    sergeant.reads("2 of 3 returned.")
    sergeant.opens_child(3)
    sergeant.follows("We were not involved with Child 3")
    sergeant.page.get_by_label("This child is not known to us").check()
    sergeant.presses("Return as not involved")
    sergeant.reads_heading("Returned")
    sergeant.reads("That was the last one. Thank you.")


def the_manager_chases(story: Story) -> None:
    """Read the new counts and who is chased tomorrow, then chase by hand today."""
    manager = story.manager
    manager.opens_the_audit(story.title)
    manager.reads("3 of 6 returned (50%)", table_day(story.installation.today + timedelta(days=1)))
    manager.follows("See who is chased")
    manager.reads("Hill Surgery", "1 contact has something outstanding and will get one email each.")
    # On the day of issue the audit’s page does not offer it; the calendar does.
    address = manager.page.url.partition("?")[0]
    manager.opens(f"{address}?on={story.installation.today.isoformat()}")
    manager.presses("Send 1 chaser")
    manager.reads("1 chaser queued")
    assert manager.reads_the_letters_to(SURGERY, at_least=2) == story.surgery_link


def the_practice_manager_begins(story: Story) -> Contact:
    practice = story.contact(phone=True)
    practice.starts(story.surgery_link)
    practice.opens_child(1)
    practice.answers(11, "No")
    return practice


def the_manager_closes_and_overtakes(story: Story, practice: Contact) -> None:
    manager = story.manager
    manager.opens_the_audit(story.title)
    manager.follows("Close")
    manager.presses("Close returns now")
    manager.opens_the_audit(story.title)
    manager.reads("Returns closed")
    practice.presses("Check and return")
    practice.reads_heading("Returns have closed")
    practice.reads("has not been sent")
    manager.follows("Drafts and late texts")
    manager.reads("Late texts waiting", "Child 1, Hill Surgery")


def the_link_still_shows_what_was_returned(story: Story, sergeant: Contact) -> None:
    sergeant.opens(story.police_link)
    sergeant.reads("You can still read and print your own copies, until")
    sergeant.presses("See your copies")
    sergeant.opens_child(1)
    sergeant.follows("Read, print or save your copy")
    sergeant.reads("Good joint visits.", "Nothing can be changed any more.")


def every_other_page_of_the_audit_is_in_order(story: Story) -> None:
    story.manager.opens_the_audit(story.title)
    audit = story.manager.page.url
    for page in ("totals", "outstanding", "chasers", "set-up", "edit", "cases", "issue", "reopen"):
        story.manager.opens(f"{audit}/{page}")
    for page in ("/mail", "/log", "/agencies", "/forms", "/closed-days", "/audits/new"):
        story.manager.opens(page)


def anybody_reads_the_two_notices(story: Story) -> None:
    """Open both notices from the footer without a link or an account; no cookie is set."""
    passer_by = story.contact(phone=True)
    passer_by.opens("/privacy")
    passer_by.reads_heading("Privacy notice")
    assert passer_by.page.context.cookies() == []
    passer_by.follows("Accessibility statement")
    passer_by.reads_heading("Accessibility statement")
    story.manager.follows("Privacy notice")
    story.manager.reads_heading("Privacy notice")
