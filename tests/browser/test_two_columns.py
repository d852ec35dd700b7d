"""On wide screens a brief’s page stays beside its fields, and a report’s outline beside its sections."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from surveyapp.foundation.store.db import session
from tests.browser.page_inspection import HEIGHT, OVERFLOW_SCRIPT
from tests.browser.people import Manager
from tests.row_maker import Maker

WIDE = (1100, 1440)


def audit_of(make: Maker) -> int:
    """The id of an audit with returns."""
    audit_id = make.audit(cases=8, agencies=2, returned=16).id
    session.rollback()
    return audit_id


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_page_of_a_brief_and_save_stay_in_sight_beside_the_fields(
    people: Callable[..., Any], make: Maker, signed_in: Any, *, scripts: bool
) -> None:
    manager: Manager = people(Manager, storage_state=signed_in, scripts=scripts)
    page, address = manager.page, f"/audits/{audit_of(make)}/brief"
    for width in WIDE:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(address)
        save, picture = page.get_by_role("button", name="Save", exact=True), page.locator(".survey-paper img")
        expect(save).to_be_in_viewport()
        page.get_by_label("Whose records").scroll_into_view_if_needed()
        expect(save).to_be_in_viewport()
        expect(picture).to_be_in_viewport()
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] == 1403, "At the size of its pixels, its smallest type is read."
        page.get_by_label("Whole page").check()
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] < 800
    manager.looks()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_outline_of_a_report_stays_beside_its_sections(
    people: Callable[..., Any], make: Maker, signed_in: Any, *, scripts: bool
) -> None:
    manager: Manager = people(Manager, storage_state=signed_in, scripts=scripts)
    page, report = manager.page, f"/audits/{audit_of(make)}/report"
    for path in ("", "/sections/question-supervision"):
        for width in WIDE:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.goto(report + path)
            beside = page.get_by_role("navigation", name="Sections", exact=True)
            page.get_by_role("link", name="Word template").or_(
                page.get_by_role("button", name="Save your text")
            ).last.scroll_into_view_if_needed()
            expect(beside).to_be_in_viewport(ratio=0.8)
            manager.looks()
        for width in (320, 400):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.goto(report + path)
            assert page.evaluate(OVERFLOW_SCRIPT) == 0
            expect(page.locator(".survey-writing__outline")).to_be_hidden()
            if path:
                page.get_by_text("All sections").click()
            expect(page.get_by_role("link", name="Terms of reference")).to_have_count(1)
