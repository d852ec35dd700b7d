"""The page itself stores typed text, and explains each fault in a sentence."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Route, expect
from sqlalchemy import select

from surveyapp.answering.models import Answer, Revision
from surveyapp.foundation.store.db import session
from tests.browser.people import Contact
from tests.browser.test_what_only_a_browser_shows import Asked, ask
from tests.row_maker import Maker

SECONDS = 1000
OTHER_SOURCE = "Yes, this was provided by another source"


@pytest.fixture
def asked(make: Maker) -> Asked:
    """The link of one contact with three cases."""
    return ask(make)


@pytest.fixture
def form(contact: Contact, asked: Asked) -> Contact:
    """A contact who has opened the form on Child 1, in a browser whose clock the test sets."""
    contact.page.clock.install()
    opens(contact, asked)
    return contact


def opens(contact: Contact, asked: Asked) -> None:
    contact.page.goto(asked.link)
    contact.page.get_by_role("button", name="Start now").click()
    contact.page.get_by_role("link", name="Child 1", exact=True).click()
    contact.page.wait_for_load_state("networkidle")


def line(contact: Contact) -> Any:
    return contact.page.locator("[data-kept-line]")


def kept_texts(asked: Asked, kind: str = "autosave") -> list[str]:
    session.rollback()
    rows = session.execute(
        select(Answer.text)
        .join(Revision, Revision.id == Answer.revision_id)
        .where(Revision.grant_id == asked.grant_id, Revision.kind == kind, Answer.item == "comment")
        .order_by(Answer.id)
    )
    found = [row.text for row in rows]
    session.rollback()
    return found


def test_typed_text_is_kept_after_20_seconds_and_found_on_another_computer(
    form: Contact, people: Callable[..., Any], asked: Asked
) -> None:
    form.comments(2, "Discussed in May.")
    form.page.clock.run_for(19 * SECONDS)
    assert kept_texts(asked) == []
    form.page.clock.run_for(2 * SECONDS)
    expect(line(form)).to_have_text(re.compile(r"^Saved at \d+:\d\d[ap]m\.$"))
    form.looks()
    assert kept_texts(asked) == ["Discussed in May."]
    other: Contact = people(Contact)
    opens(other, asked)
    other.reads("was kept, and is in the form below")
    other.has_commented(2, "Discussed in May.")
    other.looks()


def test_hiding_the_page_stores_its_text_at_once_and_leaving_then_asks_nothing(
    form: Contact, asked: Asked
) -> None:
    asked_to_stay: list[str] = []

    def stays(dialog: Dialog) -> None:
        asked_to_stay.append(dialog.type)
        dialog.accept()

    form.page.on("dialog", stays)
    form.comments(2, "On a tablet.")
    form.page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(line(form)).to_have_text(re.compile("^Saved at"))
    assert kept_texts(asked) == ["On a tablet."]
    form.page.goto(asked.link)
    assert asked_to_stay == []


def test_a_lost_network_is_reported_and_the_text_is_stored_once_it_is_back(
    form: Contact, asked: Asked
) -> None:
    form.watch.expects_failures()
    form.page.context.set_offline(True)
    form.comments(2, "In a tunnel.")
    form.page.clock.run_for(21 * SECONDS)
    expect(line(form)).to_contain_text("there is no connection. Your text stays on this page")
    form.page.context.set_offline(False)
    form.page.clock.run_for(21 * SECONDS)
    expect(line(form)).to_have_text(re.compile("^Saved at"))
    assert kept_texts(asked) == ["In a tunnel."]


def test_an_autosave_that_gets_an_error_is_tried_again(form: Contact, asked: Asked) -> None:
    form.watch.expects_failures()
    failing = True

    def answer(route: Route) -> None:
        if failing:
            route.fulfill(status=503, content_type="text/html", body="<h1>Busy</h1>")
        else:
            route.continue_()

    form.page.route("**/autosave", answer)
    form.comments(2, "Try again.")
    form.page.clock.run_for(21 * SECONDS)
    expect(line(form)).to_contain_text("Your text stays on this page")
    failing = False
    form.page.clock.run_for(21 * SECONDS)
    expect(line(form)).to_have_text(re.compile("^Saved at"))
    assert kept_texts(asked) == ["Try again."]


def test_the_page_asks_before_the_idle_hour_is_over_whether_somebody_is_there(form: Contact) -> None:
    idle = form.page.locator("[data-idle]")
    form.page.clock.run_for(54 * 60 * SECONDS)
    expect(idle).to_be_hidden()
    form.page.clock.run_for(2 * 60 * SECONDS)
    expect(idle).to_contain_text("In 5 minutes this computer lets go of your link")
    form.looks()
    form.page.get_by_role("button", name="Keep my link").click()
    expect(idle).to_be_hidden()
    form.page.clock.run_for(61 * 60 * SECONDS)
    expect(idle).to_contain_text("press Save, then paste the link from your email")
    expect(form.page.get_by_role("button", name="Keep my link")).to_be_hidden()


def test_the_page_says_before_the_end_of_the_visit_that_the_link_has_to_be_opened_again(
    form: Contact,
) -> None:
    end = form.page.locator("[data-idle]")
    for hour in range(14):
        form.page.clock.run_for(50 * 60 * SECONDS)
        form.comments(2, f"Still writing, part {hour}.")
        form.page.clock.run_for(21 * SECONDS)
        expect(line(form)).to_have_text(re.compile("^Saved at"))
    expect(end).to_be_hidden()
    form.page.clock.run_for(12 * 60 * SECONDS)
    expect(end).to_contain_text("Press Save now, then open the link in your email again.")
    expect(form.page.get_by_role("button", name="Keep my link")).to_be_hidden()
    form.looks()


def test_a_browser_that_has_forgotten_the_link_keeps_the_text_and_accepts_the_link_again(
    form: Contact, asked: Asked
) -> None:
    form.watch.expects_failures()
    form.comments(2, "Typed before lunch.")
    form.page.context.clear_cookies()
    form.page.clock.run_for(21 * SECONDS)
    expect(line(form)).to_contain_text("This computer has let go of your link. Your text stays on this page.")
    form.page.get_by_role("button", name="Save and come back later").click()
    form.has_commented(2, "Typed before lunch.")
    form.page.get_by_label("Paste the link from your email").fill(asked.link)
    form.page.get_by_role("button", name="Save", exact=True).click()
    form.reads("Saved at")
    assert kept_texts(asked, "save") == ["Typed before lunch."]


def test_a_comment_is_asked_for_as_soon_as_the_answer_is_chosen(form: Contact) -> None:
    wanted = form.question(9).get_by_text("This answer needs a comment below.")
    expect(wanted).to_be_hidden()
    form.answers(9, OTHER_SOURCE)
    expect(wanted).to_be_visible()
    form.looks()
    form.comments(9, "From the health visitor.")
    form.question(9).locator("textarea").blur()
    expect(wanted).to_be_hidden()


def test_a_likely_name_is_pointed_out_on_leaving_the_box_and_kept_or_edited(form: Contact) -> None:
    form.comments(2, "Liam Jones and Aisha Khan were seen.")
    form.question(2).locator("textarea").blur()
    looks = form.question(2).locator("[data-looks]")
    expect(looks).to_have_count(2)
    expect(looks.first).to_contain_text("“Liam Jones” looks like a person’s name.")
    form.looks()
    looks.first.get_by_role("button", name="Keep").click()
    expect(looks).to_have_count(1)
    looks.first.get_by_role("button", name="Edit").click()
    assert form.page.evaluate("getSelection().toString()") == "Aisha Khan"
    form.comments(2, "Liam Jones was seen.")
    form.question(2).locator("textarea").blur()
    expect(looks).to_have_count(0)


def test_two_tabs_with_two_children_never_mix_their_answers(form: Contact, asked: Asked) -> None:
    second = form.context.new_page()
    second.goto(asked.link)
    second.get_by_role("button", name="Start now").click()
    second.get_by_role("link", name="Child 2", exact=True).click()
    second.locator("#question-2 textarea").fill("About the second child.")
    form.comments(2, "About the first child.")
    second.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(second.locator("[data-kept-line]")).to_have_text(re.compile("^Saved at"))
    form.page.clock.run_for(21 * SECONDS)
    expect(line(form)).to_have_text(re.compile("^Saved at"))
    form.page.reload()
    form.has_commented(2, "About the first child.")
    second.reload()
    expect(second.locator("#question-2 textarea")).to_have_value("About the second child.")


def test_without_scripts_the_save_button_stores_everything(people: Callable[..., Any], asked: Asked) -> None:
    contact: Contact = people(Contact, scripts=False)
    opens(contact, asked)
    contact.answers(9, OTHER_SOURCE)
    contact.page.get_by_role("button", name="Check and return").click()
    contact.reads("Add a comment to question 9")
    assert kept_texts(asked) == []
