"""Behaviour that only a browser has: double clicks, Back, the keyboard, focus, scripts, printing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import Select, func, select

from surveyapp.answering.models import Revision
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from tests.browser.page_inspection import OVERFLOW_SCRIPT, PHONE_WIDTH
from tests.browser.people import Contact, Manager
from tests.row_maker import FORM, Maker

EMOTIONAL_ABUSE = "emotional_abuse_2022"


@dataclass(frozen=True)
class Asked:
    """Ids and link of an audit sent to one contact; an open row would block the server."""

    audit_id: int
    grant_id: int
    address: str
    link: str

    @property
    def returns(self) -> int:
        """How many revisions were returned."""
        submits = select(func.count(Revision.id)).where(Revision.kind == "submit")
        return _count(submits.where(Revision.grant_id == self.grant_id))

    @property
    def receipts(self) -> int:
        """How many receipts were queued."""
        mine = select(func.count(Outbox.id)).where(Outbox.kind == "receipt")
        return _count(mine.where(Outbox.to_addr == self.address))

    @property
    def has_started(self) -> bool:
        """Whether a person has pressed Start."""
        started = select(func.count(Grant.id)).where(Grant.started_at.is_not(None))
        return bool(_count(started.where(Grant.id == self.grant_id)))


def _count(chosen: Select[Any]) -> int:
    session.rollback()
    found = int(session.scalar(chosen) or 0)
    session.rollback()
    return found


def ask(make: Maker, *, cases: int = 3, form: str = FORM) -> Asked:
    """Ask one contact about some cases."""
    audit = make.audit(cases=cases, agencies=1, form=form)
    grant = make.grants(audit)[0]
    asked = Asked(audit.id, grant.id, grant.contact.email, link_for(grant))
    session.rollback()
    return asked


def audit_number(audit: Audit) -> int:
    """The id of an audit, after the transaction that read it."""
    number = audit.id
    session.rollback()
    return number


@pytest.fixture
def asked(make: Maker) -> Asked:
    """One contact with three cases."""
    return ask(make)


@pytest.fixture
def form(contact: Contact, asked: Asked) -> Contact:
    """A contact who has opened the form on Child 1."""
    contact.page.goto(asked.link)
    contact.page.get_by_role("button", name="Start now").click()
    contact.page.get_by_role("link", name="Child 1", exact=True).click()
    contact.reads_heading("Your agency’s file on Child 1")
    contact.page.wait_for_load_state()
    return contact


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_scale_lies_in_one_row_where_it_has_the_room(
    people: Callable[..., Any], make: Maker, *, scripts: bool
) -> None:
    contact: Contact = people(Contact, scripts=scripts)
    contact.starts(ask(make, cases=1, form="neglect_2024").link)
    page, steps = contact.page, contact.page.locator("input[name=day_in_the_life]")
    for width, row_count in ((1100, 1), (700, 1), (PHONE_WIDTH, 11)):
        page.set_viewport_size({"width": width, "height": 900})
        tops = steps.evaluate_all("steps => steps.map(step => Math.round(step.getBoundingClientRect().top))")
        assert (len(tops), len(set(tops))) == (11, row_count), width
        assert page.evaluate(OVERFLOW_SCRIPT) == 0
    page.get_by_label("7", exact=True).check()
    expect(page.get_by_label("7", exact=True)).to_be_checked()
    contact.looks()


def goes_to_check(contact: Contact) -> None:
    contact.answers(13, "No")
    contact.page.get_by_role("button", name="Check and return").click()
    expect(contact.page.locator("h1")).to_contain_text("Check your answers")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_double_click_on_return_makes_one_return(
    people: Callable[..., Any], asked: Asked, *, scripts: bool
) -> None:
    contact: Contact = people(Contact, scripts=scripts)
    contact.starts(asked.link)
    contact.opens_child(1)
    goes_to_check(contact)
    contact.page.get_by_role("button", name="Return this audit of Child 1").dblclick()
    contact.reads_heading("Returned")
    assert (asked.returns, asked.receipts) == (1, 1)


def test_enter_and_a_click_make_one_return(form: Contact, asked: Asked) -> None:
    goes_to_check(form)
    button = form.page.get_by_role("button", name="Return this audit of Child 1")
    button.focus()
    # Both clicks at once: the page has no time to change in between.
    button.evaluate("button => { button.form.requestSubmit(button); button.click(); }")
    form.reads_heading("Returned")
    assert (asked.returns, asked.receipts) == (1, 1)


def test_back_after_the_return_shows_the_current_state_and_no_cached_page(form: Contact) -> None:
    goes_to_check(form)
    form.page.get_by_role("button", name="Return this audit of Child 1").click()
    form.reads_heading("Returned")
    form.page.go_back()
    form.reads("Already returned")
    form.page.go_back()
    form.reads("You returned this on")


def test_the_form_can_be_filled_in_and_returned_with_the_keyboard_alone(form: Contact, asked: Asked) -> None:
    page = form.page
    pressed: list[str] = []

    def tab_to(what: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "[document.activeElement.name, document.activeElement.textContent.trim()].join(' ')"
            )
            pressed.append(str(found))
            if what in str(found):
                return
        raise AssertionError(f"Tab does not lead to {what}: {pressed}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to("file_contents")
    page.keyboard.press("Space")
    expect(form.question(1).get_by_role("checkbox").first).to_be_checked()
    tab_to("supervision-comment")
    page.keyboard.type("Typed, with no mouse.")
    tab_to("strengths_or_concerns")
    page.keyboard.press("ArrowDown")
    expect(form.question(13).get_by_label("No", exact=True)).to_be_checked()
    tab_to("Check and return")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Check your answers")
    form.reads("Typed, with no mouse.")
    tab_to("Return this audit")
    page.keyboard.press("Enter")
    form.reads_heading("Returned")
    assert asked.returns == 1


def test_the_error_summary_takes_the_focus_and_its_links_put_the_cursor_in_the_field(form: Contact) -> None:
    form.answers(11, "Yes")
    form.page.get_by_role("button", name="Check and return").click()
    summary = form.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link").first.click()
    expect(form.question(11).locator("textarea")).to_be_focused()
    summary.get_by_role("link").last.click()
    expect(form.question(13).get_by_role("radio").first).to_be_focused()


def test_none_of_these_unticks_the_other_boxes_and_they_untick_it(form: Contact) -> None:
    boxes = form.question(1).get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(2).check()
    form.question(1).get_by_label("None of these").check()
    expect(form.question(1).locator("input:checked")).to_have_count(1)
    boxes.nth(0).check()
    expect(form.question(1).get_by_label("None of these")).not_to_be_checked()


def test_a_long_comment_is_counted_down_and_never_cut_off(form: Contact) -> None:
    box = form.question(1).locator("textarea")
    box.fill("x" * 19_990)
    message = form.question(1).locator(".govuk-character-count__status")
    expect(message).to_have_text("You have 10 characters remaining")
    box.fill("x" * 20_003)
    expect(message).to_have_text("You have 3 characters too many")
    form.page.get_by_role("button", name="Save and come back later").click()
    expect(form.page.locator(".govuk-error-summary")).to_be_visible()
    assert len(form.question(1).locator("textarea").input_value()) == 20_003


def test_a_dependent_question_appears_once_it_is_asked(people: Callable[..., Any], make: Maker) -> None:
    asked = ask(make, cases=1, form=EMOTIONAL_ABUSE)
    for scripts in (True, False):
        contact: Contact = people(Contact, scripts=scripts)
        contact.starts(asked.link)
        contact.opens_child(1)
        dependent = contact.page.locator("[data-show-if]").first
        if not scripts:
            expect(dependent).to_be_visible()
            continue
        expect(dependent).to_be_hidden()
        name, _, values = str(dependent.get_attribute("data-show-if")).partition("=")
        contact.page.locator(f"input[name={name}][value={values.split('|')[0]}]").check()
        expect(dependent).to_be_visible()
        contact.looks()


def test_leaving_with_typed_text_asks_first_and_saving_does_not(form: Contact) -> None:
    warned: list[str] = []

    def stay(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    form.page.on("dialog", stay)
    form.question(2).locator("textarea").click()
    form.page.keyboard.type("Not saved yet")
    form.page.get_by_role("link", name="Your returns").click()
    form.page.wait_for_url("**/returns/")
    assert warned == ["beforeunload"]
    form.page.get_by_role("link", name="Child 1", exact=True).click()
    form.question(2).locator("textarea").click()
    form.page.keyboard.type("Saved now")
    form.page.get_by_role("button", name="Save and come back later").click()
    form.reads("Saved at")
    assert warned == ["beforeunload"]


def test_the_grid_ticks_a_whole_row_or_column_and_keeps_the_count(manager: Manager, make: Maker) -> None:
    agencies = [make.agency("Court Team"), make.agency("Health Visiting")]
    audit = audit_number(make.audit(cases=3, agencies=agencies, issued=False))
    page = manager.page
    manager.opens(f"/audits/{audit}/grid")
    count = page.locator("[data-ticks-count]")
    expect(count).to_have_text("3 cases, 2 agencies, 6 requests")
    page.get_by_role("button", name="Clear all for Court Team").click()
    expect(count).to_have_text("3 cases, 1 agency, 3 requests")
    page.get_by_role("button", name="Tick all for Child 2").click()
    manager.looks()
    ticked = int(re.sub(r".*, (\d+) requests", r"\1", count.inner_text()))
    assert ticked > 3
    page.get_by_role("button", name="Save and stay here").click()
    expect(count).to_have_text(re.compile(f"{ticked} requests"))


def test_forced_colours_keep_every_state_and_choice_visible(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    audit = audit_number(make.audit(cases=3, agencies=2, returned=2))
    manager: Manager = people(Manager, storage_state=signed_in, forced_colors="active")
    manager.opens(f"/audits/{audit}")
    expect(manager.page.locator(".survey-bar__part")).to_be_visible()
    expect(manager.page.locator(".survey-state--returned")).to_have_count(2)
    part, whole = (
        manager.page.locator(name).evaluate("part => getComputedStyle(part).fill")
        for name in (".survey-bar__part", ".survey-bar__whole")
    )
    assert part != whole


def test_at_400_per_cent_only_the_grid_scrolls_and_its_first_column_stays(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    audit = audit_number(make.audit(cases=2, agencies=6))
    manager: Manager = people(Manager, storage_state=signed_in, phone=True)
    manager.opens(f"/audits/{audit}")
    region = manager.page.get_by_role("region").filter(has=manager.page.locator(".survey-grid"))
    region.focus()
    for _ in range(60):
        manager.page.keyboard.press("ArrowRight")
        if region.evaluate("region => region.scrollLeft") > 100:
            break
    assert region.evaluate("region => region.scrollLeft") > 100
    expect(manager.page.get_by_role("rowheader", name="Child 1")).to_be_in_viewport()
    assert manager.page.evaluate("window.scrollX") == 0
    assert manager.page.viewport_size == {"width": PHONE_WIDTH, "height": 900}


def test_printing_leaves_out_buttons_and_links_to_other_pages(form: Contact) -> None:
    form.answers(13, "No")
    assert form.prints() == []
    expect(form.page.get_by_text("Return by").first).to_be_visible()


def test_a_scanner_that_runs_scripts_and_presses_start_takes_nothing_from_the_person(
    people: Callable[..., Any], asked: Asked
) -> None:
    scanner: Contact = people(Contact)
    for _ in range(3):
        scanner.page.goto(asked.link)
        scanner.page.wait_for_load_state("networkidle")
    assert not asked.has_started
    scanner.page.get_by_role("button", name="Start now").click()
    expect(scanner.page.locator("h1")).to_contain_text("Your returns")
    person: Contact = people(Contact)
    person.starts(asked.link)
    person.opens_child(1)
    goes_to_check(person)
    person.page.get_by_role("button", name="Return this audit of Child 1").click()
    person.reads_heading("Returned")
    assert asked.returns == 1


def test_two_requests_in_two_tabs_stay_separate(form: Contact) -> None:
    other: Page = form.context.new_page()
    other.goto("/returns/")
    other.get_by_role("link", name="Child 2", exact=True).click()
    form.comments(2, "About the first child")
    form.page.get_by_role("button", name="Save and come back later").click()
    expect(form.page.locator("h1")).to_contain_text("Your returns")
    other.locator("#question-2 textarea").fill("About the second child")
    other.get_by_role("button", name="Save and come back later").click()
    expect(other.locator("h1")).to_contain_text("Your returns")
    for number, words in ((1, "About the first child"), (2, "About the second child")):
        other.goto("/returns/")
        other.get_by_role("link", name=f"Child {number}", exact=True).click()
        expect(other.locator("#question-2 textarea")).to_have_value(words)
