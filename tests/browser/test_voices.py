"""An audit lead reads comments by keyboard alone, with scripts and without; every page is looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session, transaction
from surveyapp.gathering.themes.operations import add_starter_themes
from tests.browser.people import Manager
from tests.row_maker import Maker


def commented_audit(make: Maker) -> int:
    """The id of an audit with 24 comments and the starter list of themes."""
    audit = make.audit(cases=12, agencies=2)
    for audit_request in make.requests(audit):
        text = f"Said about {audit_request.case.pseudonym}."
        given = (
            GivenAnswer("supervision", option="yes"),
            GivenAnswer("supervision", item="comment", text=text),
        )
        make.returned(audit_request, given)
    with transaction():
        add_starter_themes(audit, actor="staff 1", now=make.now)
    audit_id = audit.id
    session.rollback()
    return audit_id


def access_key(page: Page, letter: str) -> None:
    """Press Alt and a letter as a keyboard does; Playwright's own press omits the letter."""
    keyboard = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        keyboard.send(
            "Input.dispatchKeyEvent",
            {
                "type": kind,
                "modifiers": 1,
                "key": letter,
                "text": letter if kind == "keyDown" else "",
                "unmodifiedText": letter,
                "windowsVirtualKeyCode": ord(letter.upper()),
            },
        )


def test_twenty_comments_are_judged_with_three_keys_each_and_the_next_page_has_the_focus(
    manager: Manager, make: Maker
) -> None:
    audit, page = commented_audit(make), manager.page
    manager.opens(f"/audits/{audit}/comments?shown=unread&each=20#read")
    expect(page.locator("#comment-1")).to_be_focused()
    for key in ("s", "c"):
        page.keyboard.press(key)
    expect(page.locator("#comment-1").get_by_label("Concern")).to_be_checked()
    page.keyboard.press("c")
    expect(page.locator("#comment-1").get_by_label("Concern")).not_to_be_checked()
    for number in range(20):
        for key in ("s" if number % 2 else "c", "1", "Enter"):
            page.keyboard.press(key)
    expect(page.locator("#comment-21")).to_be_focused()
    manager.reads("20 of 24 comments read")
    page.keyboard.press("n")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#comment-21")).to_be_focused()
    # The key first saves the judgements on the page, then leads to the quote.
    page.keyboard.press("q")
    manager.reads_heading("Choose a quote")
    page.locator("#printed").evaluate("text => text.setSelectionRange(0, 4)")
    page.get_by_role("button", name="Take out what is selected above").click()
    assert page.locator("#printed").input_value().startswith("[…] about Child")
    page.get_by_label("Concern").check()
    manager.presses("Save this quote")
    manager.reads("21 of 24 comments read")


def test_one_comment_at_a_time_is_read_without_scripts(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    manager: Manager = people(Manager, storage_state=signed_in, scripts=False)
    audit, page = commented_audit(make), manager.page
    page.goto(f"/audits/{audit}/comments?shown=unread")
    access_key(page, "c")
    access_key(page, "2")
    page.keyboard.press("Enter")
    manager.reads("1 of 24 comments read")
    expect(page.locator("[data-comment] legend")).to_contain_text("2. Child 1")
    manager.looks()


def test_a_phone_shows_one_comment_and_keeps_its_place(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    manager: Manager = people(Manager, storage_state=signed_in, phone=True)
    audit, page = commented_audit(make), manager.page
    manager.opens(f"/audits/{audit}/comments")
    manager.reads("Comment 1 of 24")
    expect(page.locator("[data-comment]")).to_have_count(1)
    expect(page.get_by_role("button", name="Save and next")).to_be_in_viewport()
    manager.follows("Next")
    manager.reads("Comment 2 of 24")
    page.locator("[data-comment]").press("s")
    manager.presses("Save and next")
    manager.reads("Comment 3 of 24", "1 of 24 comments read")
    page.locator("[data-comment]").press("k")
    manager.reads("Comment 2 of 24")
    manager.follows("Show 20 at a time")
    expect(page.locator("[data-comment]")).to_have_count(20)
    expect(page.locator("#comment-2")).to_be_visible()


def test_every_page_of_voices_is_accessible(manager: Manager, make: Maker) -> None:
    audit = commented_audit(make)
    manager.opens(f"/audits/{audit}")
    manager.follows("Voices")
    for path in (
        "comments",
        "comments?each=20",
        "themes",
        "quotes",
        "families",
        "families/add",
        "workshops/add",
    ):
        manager.opens(f"/audits/{audit}/{path}")
    for kind in ("case_example", "practitioner"):
        manager.opens(f"/audits/{audit}/narratives/{kind}")
    manager.presses("Save this text")
    manager.reads("The text is taken away.")
