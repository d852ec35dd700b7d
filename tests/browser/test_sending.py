"""While the server or the network is away, a pressed button costs nobody a word, in any long form."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from surveyapp.foundation.store.db import session
from tests.browser.installation import Installation
from tests.browser.people import Contact, Manager
from tests.browser.test_what_only_a_browser_shows import Asked, ask, audit_number
from tests.row_maker import Maker

WORDS = "The health visitor and the school met in May, and again in June."
# In milliseconds: the page tries again after 5 seconds, then after 10.
RETRY_PATIENCE = 40_000


@pytest.fixture
def asked(make: Maker) -> Asked:
    """The link of one contact with three cases."""
    return ask(make)


@pytest.fixture
def server(installation: Installation) -> Iterator[Installation]:
    """The server, which a test may stop; it runs again afterwards."""
    yield installation
    if installation.server is None or installation.server.poll() is not None:
        installation.open()


def kills(server: Installation) -> None:
    assert server.server is not None
    server.server.kill()
    server.server.wait(timeout=30)


def opens_form(contact: Contact, asked: Asked) -> None:
    contact.starts(asked.link)
    contact.opens_child(1)


def presses(page: Page, name: str) -> None:
    """Press a button although nobody may answer."""
    page.get_by_role("button", name=name).first.click(no_wait_after=True)


def test_a_save_waits_for_the_server_and_back_shows_what_was_typed(
    contact: Contact, asked: Asked, server: Installation
) -> None:
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.answers(2, "Yes")
    contact.comments(2, WORDS)
    kills(server)
    presses(contact.page, "Save and come back later")
    contact.reads(
        "Not saved yet: there is no connection. What you typed stays on this page, and it is tried again."
    )
    contact.has_commented(2, WORDS)
    server.open()
    expect(contact.page.locator("h1")).to_contain_text("Your returns", timeout=RETRY_PATIENCE)
    contact.reads("Saved at")
    contact.page.go_back()
    contact.has_commented(2, WORDS)
    expect(contact.question(2).get_by_label("Yes")).to_be_checked()


def test_without_scripts_back_leads_to_the_form_as_it_was_typed(
    people: Callable[..., Any], asked: Asked, server: Installation
) -> None:
    contact: Contact = people(Contact, scripts=False)
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.answers(2, "Yes")
    contact.comments(2, WORDS)
    kills(server)
    presses(contact.page, "Save and come back later")
    expect(contact.page.locator("form")).to_have_count(0)
    server.open()
    contact.page.go_back()
    contact.has_commented(2, WORDS)
    expect(contact.question(2).get_by_label("Yes")).to_be_checked()
    contact.page.get_by_role("button", name="Save and come back later").click()
    contact.reads("Saved at")


def test_a_return_waits_for_the_network_and_is_made_once(contact: Contact, asked: Asked) -> None:
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.answers(13, "No")
    contact.page.get_by_role("button", name="Check and return").click()
    contact.reads("Check your answers about Child 1")
    contact.page.context.set_offline(True)
    presses(contact.page, "Return this audit of Child 1")
    contact.reads("Not returned yet: there is no connection.")
    assert asked.returns == 0
    contact.page.context.set_offline(False)
    expect(contact.page.locator("h1")).to_have_text("Returned", timeout=RETRY_PATIENCE)
    assert (asked.returns, asked.receipts) == (1, 1)


def test_a_busy_database_keeps_the_page_and_its_mistakes_are_shown_as_ever(
    contact: Contact, asked: Asked
) -> None:
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.comments(2, WORDS)
    busy = True
    contact.page.route(
        "**/returns/*/?sent=1",
        lambda route: route.fulfill(status=503, body="Busy") if busy else route.continue_(),
    )
    presses(contact.page, "Check and return")
    contact.reads(
        "Not saved yet: the server is busy. What you typed stays on this page, and it is tried again."
    )
    busy = False
    # The answer is a page with what is missing, at which the server has stored the text.
    expect(contact.page.locator(".govuk-error-summary")).to_be_visible(timeout=RETRY_PATIENCE)
    contact.has_commented(2, WORDS)
    contact.looks()


def test_an_autosave_that_answers_late_leaves_the_line_about_the_failed_press(
    contact: Contact, asked: Asked
) -> None:
    autosaves: list[Route] = []
    contact.page.route("**/returns/*/autosave", lambda route: autosaves.append(route))  # noqa: PLW0108 — Playwright keeps marks on its handlers
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.comments(2, WORDS)
    contact.page.route("**/returns/*/?sent=1", lambda route: route.fulfill(status=503, body="Busy"))
    presses(contact.page, "Check and return")
    contact.reads("Not saved yet: the server is busy.")
    # Leaving the box for the button began an autosave, which the server answers only now.
    assert len(autosaves) == 1
    with contact.page.expect_response("**/returns/*/autosave") as answer:
        autosaves[0].continue_()
    assert answer.value.ok
    answer.value.finished()
    # The script reads the answer in the turns that follow.
    contact.page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    expect(contact.page.locator("[data-kept-line]")).to_have_text(
        re.compile("^Not saved yet: the server is busy")
    )


def test_typing_on_stops_the_page_from_leaving_by_itself(contact: Contact, asked: Asked) -> None:
    contact.page.clock.install()
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.comments(2, WORDS)
    contact.page.context.set_offline(True)
    presses(contact.page, "Save and come back later")
    contact.reads("it is tried again")
    contact.comments(2, f"{WORDS} Then")
    contact.reads("Not saved yet. Press the button again when you have finished typing.")
    contact.page.context.set_offline(False)
    contact.page.clock.run_for(60_000)
    expect(contact.page.locator("[data-kept-line]")).to_have_text(re.compile("^Saved at"))
    contact.reads_heading("Your agency’s file on Child 1")
    contact.has_commented(2, f"{WORDS} Then")


def test_a_question_to_the_partnership_stays_on_its_page(
    contact: Contact, asked: Asked, server: Installation
) -> None:
    opens_form(contact, asked)
    contact.watch.expects_failures()
    contact.follows("Ask, or get more time")
    contact.page.get_by_label("A question").check()
    contact.page.locator("textarea").fill(WORDS)
    kills(server)
    presses(contact.page, "Send")
    contact.reads("Not sent yet: there is no connection.")
    expect(contact.page.locator("textarea")).to_have_value(WORDS)
    server.open()
    # Without a second press: the page tries again by itself, and may have done so by now.
    expect(contact.page.locator("h1")).to_have_text("Sent", timeout=RETRY_PATIENCE)


# The long forms of staff: the end of the address below the audit's, the box, and the button.
LONG_FORMS = (
    ("report/sections/audit", "text", "Save"),
    ("narratives/case_example", "text", "Save"),
    ("workshops/add", "notes", "Save"),
    ("findings/add", "text", "Save"),
    ("recommendations/add", "text", "Save"),
    ("actions/add", "what", "Save"),
    ("brief", "worries", "Save"),
    ("edit", "aim", "Save"),
)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_long_forms_of_staff_keep_their_text_while_the_server_is_away(
    people: Callable[..., Any], make: Maker, server: Installation, signed_in: Any, *, scripts: bool
) -> None:
    audit = audit_number(make.audit(cases=1, agencies=1, returned=1))
    manager: Manager = people(Manager, storage_state=signed_in, scripts=scripts)
    manager.watch.expects_failures()
    pages: list[Page] = []
    for path, box, _button in LONG_FORMS:
        page = manager.context.new_page()
        answer = page.goto(f"/audits/{audit}/{path}")
        assert answer is not None
        assert answer.ok, path
        field = page.locator(f"textarea[name={box}]")
        # Optional parts of a form are folded.
        if not field.is_visible():
            page.locator("details", has=field).locator("summary").click()
        field.fill(WORDS)
        pages.append(page)
    kills(server)
    for page, (path, box, button) in zip(pages, LONG_FORMS, strict=True):
        submit = page.locator(
            f"form:has(textarea[name={box}]) button", has_text=re.compile(f"^{button}")
        ).first
        submit.click(no_wait_after=True)
        if scripts:
            expect(page.get_by_text("Not saved yet: there is no connection.")).to_be_visible()
            assert page.locator(f"textarea[name={box}]").input_value() == WORDS, path
        else:
            expect(page.locator("form")).to_have_count(0)
    server.open()
    for page, (path, box, _button) in zip(pages, LONG_FORMS, strict=True):
        if not scripts:
            page.go_back()
        assert page.locator(f"textarea[name={box}]").input_value() == WORDS, path
    session.rollback()
