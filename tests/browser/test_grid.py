"""The grid of cases and agencies by keyboard, by mouse and without scripts."""

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from tests.browser.people import Manager
from tests.row_maker import Maker

pytestmark = pytest.mark.slow


# Rows stay for the whole run, so each test has agencies of its own.
_numbers = count(1)


@pytest.fixture
def planned(make: Maker) -> int:
    """The number of an audit of three cases and three agencies in the order of the grid, every box ticked."""
    number = next(_numbers)
    kinds = {"Court": "social_care", "Health": "health", "Police": "police"}
    agencies = [make.agency(f"{name} {number}", kind=kind) for name, kind in kinds.items()]
    return audit_number(make.audit(cases=3, agencies=agencies, issued=False))


def audit_number(audit: Audit) -> int:
    """The id of an audit, after the transaction that read it, which would keep the server from writing."""
    number = audit.id
    session.rollback()
    return number


def box(page: Page, name: str) -> Locator:
    """The box of a cell, such as “Child 1, Court”, whatever the number of the agency."""
    return page.get_by_role("checkbox", name=re.compile(f"^{name} [0-9]+$"))


def test_the_grid_is_ticked_and_saved_by_keyboard_alone(manager: Manager, planned: int) -> None:
    page = manager.page
    manager.opens(f"/audits/{planned}/grid")
    said = page.locator("[data-ticks-count]")
    page.get_by_label("Agencies with").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(box(page, "Child 1, Court")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(box(page, "Child 2, Health")).to_be_focused()
    page.keyboard.press("Space")
    expect(box(page, "Child 2, Health")).not_to_be_checked()
    expect(said).to_have_text("3 cases, 3 agencies, 8 requests")
    page.keyboard.press("End")
    expect(box(page, "Child 2, Police")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowDown")
    expect(box(page, "Child 3, Police")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Which agency knew which child")
    page.keyboard.press("Space")
    expect(said).to_have_text("3 cases, 3 agencies, 7 requests")
    page.keyboard.press("Control+z")
    expect(said).to_have_text("3 cases, 3 agencies, 8 requests")
    # The buttons of the heads are reached by arrows too: up to that of the column, and all of it is cleared.
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name=re.compile("Clear all for Police"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_have_text("3 cases, 2 agencies, 5 requests")
    manager.looks()
    for name in ("Undo", "Save and go on", "Save and stay here"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    manager.reads("Grid saved: 3 cases, 2 agencies, 5 requests.")


def test_boxes_are_ticked_by_dragging_over_them_and_undone_in_one_step(
    manager: Manager, planned: int
) -> None:
    page = manager.page
    manager.opens(f"/audits/{planned}/grid")
    said = page.locator("[data-ticks-count]")
    box(page, "Child 1, Court").hover(force=True)
    page.mouse.down()
    box(page, "Child 3, Police").hover(force=True)
    box(page, "Child 2, Health").hover(force=True)
    page.mouse.up()
    expect(said).to_have_text("3 cases, 3 agencies, 5 requests")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(said).to_have_text("3 cases, 3 agencies, 9 requests")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    # A drag that ends in the box where it began ticks it once.
    box(page, "Child 1, Court").hover(force=True)
    page.mouse.down()
    box(page, "Child 1, Health").hover(force=True)
    box(page, "Child 1, Court").hover(force=True)
    page.mouse.up()
    expect(said).to_have_text("3 cases, 3 agencies, 8 requests")
    expect(box(page, "Child 1, Court")).not_to_be_checked()


def test_the_filter_hides_rows_and_columns_and_loses_no_tick(manager: Manager, planned: int) -> None:
    page = manager.page
    manager.opens(f"/audits/{planned}/grid")
    page.get_by_label("Cases with").fill("child 2")
    page.get_by_label("Agencies with").fill("POLICE")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_role("button", name="Clear all for every case and agency").click()
    page.get_by_role("button", name="Save and stay here").click()
    manager.reads("Grid saved: 3 cases, 3 agencies, 8 requests.")


def test_heads_and_names_stay_in_sight_and_the_focus_is_never_behind_them(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    audit = audit_number(make.audit(cases=25, agencies=40, issued=False))
    for phone in (False, True):
        manager: Manager = people(Manager, storage_state=signed_in, phone=phone)
        page = manager.page
        manager.opens(f"/audits/{audit}/grid")
        page.locator("tbody input[type=checkbox]").first.focus()
        page.keyboard.press("Control+End")
        for key in ("ArrowUp", "ArrowLeft") * 9:
            page.keyboard.press(key)
        in_sight = page.evaluate(
            """() => {
              const place = document.activeElement.getBoundingClientRect();
              const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
              const on = document.elementFromPoint(x, y).closest("td");
              const heads = [...document.querySelectorAll("thead th:first-child, tbody tr:nth-child(16) th")];
              const region = document.querySelector(".survey-ticks__scroll").getBoundingClientRect();
              return [on === document.activeElement.closest("td"), heads.every((head) => {
                const its = head.getBoundingClientRect();
                return its.left >= region.left - 1 && its.top >= region.top - 1 &&
                  its.bottom <= region.bottom + 1;
              }), document.documentElement.scrollWidth <= window.innerWidth];
            }"""
        )
        assert in_sight == [True, True, True]
        bar = page.locator(".survey-ticks__count")
        expect(bar).to_be_in_viewport()


NAMES = (
    *("Wrenford Children’s Social Care", "Wrenford Community Health", "Wrenford Police", "Hilltop School"),
    *(
        "Riverside School",
        "Wrenford Academy",
        "Wrenford Early Help",
        "Little Acorns Nursery",
        "Meadow Nursery",
    ),
    *("Harbour Family Support", "Wrenford Youth Justice", "New Paths"),
)
# Where the middle of each element is that something else covers, or that its scrolling region cuts off.
COVERED = """
(elements) => elements.filter((element) => {
  const region = element.closest(".survey-standing").getBoundingClientRect();
  const place = element.getBoundingClientRect();
  const on = document.elementFromPoint(place.x + place.width / 2, place.y + place.height / 2);
  return place.left < region.left - 1 || place.right > region.right + 1 ||
    !element.contains(on) && !on?.contains(element);
}).map((element) => element.textContent.trim())
"""


def test_the_tracking_table_shows_twelve_agencies_on_a_laptop_and_covers_none(
    manager: Manager, make: Maker
) -> None:
    word = os.urandom(2).hex()
    agencies = [make.agency(f"{name} {word}") for name in NAMES]
    audit = make.audit(cases=30, agencies=agencies)
    number = audit_number(audit)
    page = manager.page
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto(f"/audits/{number}")
    page.locator(".survey-standing").scroll_into_view_if_needed()
    heads = page.locator(".survey-standing thead th")
    expect(heads).to_have_count(14)
    page.locator(".survey-standing thead").scroll_into_view_if_needed()
    assert heads.evaluate_all(COVERED) == []
    assert page.locator(".survey-standing tbody tr:first-child > *").evaluate_all(COVERED) == []
    expect(page.get_by_text("scroll the table sideways")).to_be_hidden()
    # Scrolled to its last case, the heads are still seen.
    page.locator(".survey-standing").evaluate("region => region.scrollTo(0, region.scrollHeight)")
    assert heads.evaluate_all(COVERED) == []


def test_no_state_is_behind_the_names_of_cases_on_a_phone(
    people: Callable[..., Any], make: Maker, signed_in: Path
) -> None:
    number = audit_number(make.audit(cases=20, agencies=12))
    manager: Manager = people(Manager, storage_state=signed_in, phone=True)
    page = manager.page
    page.goto(f"/audits/{number}")
    expect(page.get_by_text("12 agencies: scroll the table sideways for more.")).to_be_visible()
    cells = page.locator(".survey-standing tbody tr:nth-child(12) a")
    # Backwards, what takes the focus comes from behind the names.
    for place in (11, 6, 5, 4, 1, 0):
        cells.nth(place).focus()
        page.locator(".survey-standing").evaluate("region => region.scrollIntoView()")
        assert page.locator(":focus").evaluate_all(COVERED) == []
        assert page.locator(".survey-standing tbody tr:nth-child(12) th").evaluate_all(COVERED) == []
        assert page.locator(".survey-standing thead th:first-child").evaluate_all(COVERED) == []


def test_the_grid_works_without_scripts(people: Callable[..., Any], planned: int, signed_in: Path) -> None:
    manager: Manager = people(Manager, storage_state=signed_in, scripts=False)
    page = manager.page
    manager.opens(f"/audits/{planned}/grid")
    box(page, "Child 2, Health").uncheck(force=True)
    page.get_by_label("Cases with").fill("Child 3")
    page.keyboard.press("Enter")
    manager.reads("1 case and 3 agencies are shown; the others stay as they are.")
    manager.reads("Grid saved: 3 cases, 3 agencies, 8 requests.")
    whole = page.get_by_label("Tick a whole row or column")
    whole.select_option(whole.get_by_role("option", name="Health").get_attribute("value"))
    manager.presses("Tick it and save")
    manager.reads("Grid saved: 3 cases, 3 agencies, 9 requests.")
    manager.presses("Undo this change")
    manager.reads("The last change is undone: 3 cases, 3 agencies, 8 requests.")


def test_agencies_are_found_and_ticked_by_kind(manager: Manager, make: Maker) -> None:
    # Other tests have added schools to the directory too.
    word = os.urandom(3).hex()
    for name in (f"Ash Primary {word}", f"Birch Primary {word}"):
        make.agency(name, kind="school")
    audit = audit_number(make.audit(cases=1, agencies=1, issued=False))
    page = manager.page
    manager.opens(f"/audits/{audit}/grid/agencies")
    page.get_by_label("Find an agency").fill(word)
    expect(page.get_by_role("checkbox")).to_have_count(2)
    page.get_by_role("button", name="Tick all for School or education").click()
    manager.looks()
    page.get_by_role("button", name="Go on to the grid").click()
    manager.reads("3 agencies in the grid.")


def test_agencies_are_found_by_what_was_typed_before_the_script_came(manager: Manager, make: Maker) -> None:
    word = os.urandom(3).hex()
    make.agency(f"Cedar Primary {word}", kind="school")
    audit = audit_number(make.audit(cases=1, agencies=1, issued=False))
    page = manager.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/grid.js*", hold)
    manager.opens(f"/audits/{audit}/grid/agencies")
    page.get_by_label("Find an agency").fill(word)
    for script in held:
        script.continue_()
    expect(page.get_by_role("checkbox")).to_have_count(1)
