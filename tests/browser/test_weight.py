"""How heavy the first page of a contact is, for one with a slow connection."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import link_for
from tests.browser.installation import Installation
from tests.browser.page_load import first_visit
from tests.browser.people import Contact
from tests.row_maker import Maker

MOST_BYTES = 60_000
FIRST_PAINT = """
new Promise(tell => {
  const watch = new PerformanceObserver(list => tell(list.getEntries()[0].startTime));
  watch.observe({type: "paint", buffered: true});
})"""


@pytest.fixture
def link(make: Maker) -> str:
    """The link in a contact's email."""
    link = link_for(make.grants(make.audit(cases=3, agencies=1))[0])
    session.rollback()
    return link


def test_a_first_visit_is_under_60_kb_on_the_wire(
    browser: Browser, installation: Installation, link: str
) -> None:
    for address in (link, f"{installation.address}/sign-in"):
        load = first_visit(browser, address)
        assert len(load.bytes_by_address) >= 4, load
        assert load.bytes < MOST_BYTES, load


def test_the_next_page_asks_for_no_stylesheet_and_no_script_again_though_the_cookie_is_new(
    people: Callable[..., Any], link: str
) -> None:
    contact = people(Contact)
    contact.page.goto(link, wait_until="networkidle")
    contact.page.locator("main form button").first.click()
    contact.page.wait_for_load_state("networkidle")
    assert contact.page.context.cookies()
    assert "/returns/" in contact.page.url
    sizes = contact.page.evaluate(
        "performance.getEntriesByType('resource').map(entry => [entry.name, entry.transferSize])"
    )
    assert len(sizes) >= 3
    assert [name for name, size in sizes if size] == []


def test_the_first_paint_waits_for_no_script(people: Callable[..., Any], link: str) -> None:
    contact = people(Contact)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    contact.page.route("**/*.js", hold)
    contact.page.goto(link, wait_until="commit")
    assert contact.page.evaluate(FIRST_PAINT) > 0
    expect(contact.page.get_by_role("heading", level=1)).to_be_visible()
    assert held
    for route in held:
        route.continue_()
