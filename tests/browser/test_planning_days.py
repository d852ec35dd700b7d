"""The days of an audit lead to the next ones and to the days of its chasers, with scripts and without."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Manager

pytestmark = pytest.mark.slow


def types_day(page: Page, name: str, *parts: str) -> None:
    for box, words in zip(page.locator(f"input[name={name}]").all(), parts, strict=True):
        box.fill(words)
    page.locator(f"input[name={name}]").last.press("Tab")


def shows_day(page: Page, name: str, *parts: str) -> None:
    for box, words in zip(page.locator(f"input[name={name}]").all(), parts, strict=True):
        expect(box).to_have_value(words)


def test_days_and_chasers_follow_the_day_of_issue_while_it_is_typed(manager: Manager) -> None:
    page = manager.page
    manager.opens("/audits/new")
    # Good Friday and Easter Monday of 2027 are the 26th and the 29th of March.
    types_day(page, "issue_on", "15", "3", "2027")
    shows_day(page, "due_on", "7", "4", "2027")
    shows_day(page, "close_on", "21", "4", "2027")
    manager.reads("Wednesday 31 March 2027: 5 working days before the day to return by")
    page.get_by_text("Choose other days").click()
    manager.looks()
    manager.reads("bank holiday")
    page.get_by_label("Wed 24 Mar 8 working days before").check()
    manager.reads("Wednesday 24 March 2027: 8 working days before the day to return by")
    expect(page.get_by_label("Copy to the escalation contact")).to_contain_text("Wednesday 24 March 2027")
    types_day(page, "close_on", "10", "4", "2027")
    manager.reads("Returns close on Saturday 10 April 2027, which is not a working day.")
    manager.reads("Nothing is sent on Monday 12 April 2027, 3 working days after the day to return by")
    manager.looks()
    types_day(page, "close_on", "1", "4", "2027")
    manager.reads("Returns cannot close before Wednesday 7 April 2027, when they are due.")


def test_without_scripts_a_button_shows_what_the_days_lead_to(
    people: Callable[..., Any], signed_in: Path
) -> None:
    manager = people(Manager, storage_state=signed_in, scripts=False)
    page = manager.page
    manager.opens("/audits/new")
    types_day(page, "issue_on", "15", "3", "2027")
    page.get_by_label("Title").fill("Easter")
    manager.presses("Show what these days lead to")
    shows_day(page, "due_on", "7", "4", "2027")
    expect(page.get_by_label("Title")).to_have_value("Easter")
    page.get_by_text("Choose other days").click()
    page.get_by_label("Wed 24 Mar 8 working days before").check()
    page.get_by_label("Wed 7 Apr the day to return by").uncheck()
    page.locator("input[name=form_id]").first.check()
    manager.presses("Save and add the cases")
    manager.follows("Overview")
    manager.reads("Wednesday 24 March 2027")
    manager.reads_nowhere("Wednesday 7 April 2027 on")
