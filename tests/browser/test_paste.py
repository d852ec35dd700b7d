"""Agencies, cases and ticks are pasted in three presses each; axe looks at every page."""

import pytest
from playwright.sync_api import expect

from surveyapp.foundation.store.db import session
from tests.browser.people import Manager
from tests.row_maker import Maker

pytestmark = pytest.mark.slow

PEOPLE = """Agency\tName\tEmail\tTelephone
Quayside Police\tDS Amir Khan\ta.khan@quayside.example\t1632960001
Quayside Surgery\tPractice manager\tpm@quayside.example\t
"""
CASES = "Child\tDate of birth\tAge\tSex\nChild A\t1/2/2015\t11\tF\nChild B\t\t6 months\tM\n"
TICKS = "Case\tQuayside Police\tQuayside Surgery\nChild A\tY\tx\nChild B\t1\t\n"


def preview(manager: Manager) -> None:
    """Press Preview, and wait as long as a busy machine takes to read the table and show it."""
    manager.page.get_by_role("button", name="Preview").click()
    expect(manager.page.get_by_role("heading", name="Check what will change")).to_be_visible(timeout=60_000)


def paste(manager: Manager, cells: str) -> None:
    """Three presses: open, preview, store."""
    page = manager.page
    page.locator("main").get_by_text("Paste or upload").first.click()
    page.get_by_label("Paste the cells here").fill(cells)
    preview(manager)
    manager.presses("Store this")


def test_people_cases_and_ticks_are_pasted_in_three_presses_each(manager: Manager, make: Maker) -> None:
    number = make.audit(cases=0, agencies=[], issued=False).id
    session.rollback()  # reading the number began a transaction, which the server would wait for
    manager.opens("/agencies")
    paste(manager, PEOPLE)
    manager.reads("Stored: 2 agencies and 2 contacts added.")
    # Agencies of other tests may fill the first page.
    manager.opens("/agencies?words=Quayside")
    manager.reads("01632960001")
    manager.opens(f"/audits/{number}/cases")
    paste(manager, CASES)
    manager.reads("Stored: 2 cases added.")
    manager.reads_heading("Which agency knew which child")
    manager.page.get_by_label("Paste the cells here").fill(TICKS)
    preview(manager)
    manager.reads("2 cases, 2 agencies, 3 requests")
    manager.presses("Store this")
    manager.reads("Grid saved: 2 cases, 2 agencies, 3 requests.")
    expect(manager.page.locator("tbody input[type=checkbox]:checked")).to_have_count(3)


def test_a_press_says_that_the_table_is_being_read(manager: Manager) -> None:
    page = manager.page
    manager.opens("/agencies/from-file")
    page.route("**/agencies/from-file?sent=1", lambda _route: None)
    page.get_by_label("Paste the cells here").fill(PEOPLE)
    page.get_by_role("button", name="Preview").click(no_wait_after=True)
    expect(page.get_by_text("Reading the table…")).to_be_visible()
