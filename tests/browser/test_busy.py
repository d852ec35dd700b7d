"""What may take over a second says that it is under way."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from surveyapp.foundation.store.db import session
from tests.browser.people import Manager
from tests.row_maker import Maker
from tests.sampling.exports import export_of_2014

pytestmark = pytest.mark.slow


def says(manager: Manager, button: str, words: str, *, at: str) -> None:
    """Press a button whose answer brings no page, and find the words on the page that stays."""
    page = manager.page
    page.route(at, lambda route: route.fulfill(status=204))
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_text(words)).to_be_visible()
    page.unroute(at)


def test_issuing_says_that_it_is_under_way(manager: Manager, make: Maker) -> None:
    today = manager.installation.today
    audit = make.audit(
        cases=3,
        agencies=2,
        issued=False,
        due_on=today + timedelta(days=21),
        close_on=today + timedelta(days=35),
    )
    number = audit.id
    session.rollback()
    manager.opens(f"/audits/{number}/issue")
    says(manager, "Issue 6 requests", "Issuing 6 requests…", at=f"**/audits/{number}/issue")


def test_a_set_up_file_says_that_it_is_read_and_that_the_audit_is_set_up(manager: Manager) -> None:

    page = manager.page
    manager.opens("/audits/from-file")
    page.get_by_label("Set-up file").set_input_files(
        {"name": "audit.yaml", "mimeType": "application/yaml", "buffer": b"audit: Neglect"}
    )
    says(manager, "Check this file", "Reading the file…", at="**/audits/from-file")


def test_a_sample_says_that_its_list_is_read_and_its_cases_are_made(
    manager: Manager, make: Maker, tmp_path: Path
) -> None:
    number = make.audit(cases=0, agencies=[], issued=False).id
    session.rollback()
    export = tmp_path / "export.csv"
    export.write_text(export_of_2014(), encoding="utf-8")
    page = manager.page
    manager.opens(f"/audits/{number}/sample")
    page.get_by_label("File of the export").set_input_files(export)
    for box, part in zip(page.locator("input[name=listed_on]").all(), ("16", "1", "2014"), strict=True):
        box.fill(part)
    manager.presses("Read the list")
    says(manager, "Make these the audit’s cases", "Making the cases…", at=f"**/audits/{number}/sample/cases*")
