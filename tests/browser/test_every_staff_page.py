"""Every page of staff in the demonstration: none scrolls sideways, none is too long on a phone."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.installation import ACCOUNT, Installation
from tests.browser.page_inspection import HEIGHT, OVERFLOW_SCRIPT, PHONE_WIDTH

LINK = re.compile(r'href="(/[^"#]*)')
FILE = re.compile(r"\.\w+$")
# Where the id or the name of one of many stands in an address; one of each is enough.
ONE_OF_MANY = re.compile(r"/\d+(?=/|$)|(?<=/questions/)[^/]+|(?<=/sections/)[^/]+|(?<=/forms/)\w+_\d{4}")
# In CSS pixels, at a width of 400.
WIDE_PHONE, LONGEST = 400, 4_000
# Pages that are longer, and why.
LONGER = {
    "/log": "what was done, fifty lines to a page, to be searched and narrowed",
    "/privacy": "a notice that is read as a whole",
    "/governance/impact-assessment": "a paper that is read as a whole, and completed in Word",
    "/governance/privacy-notice": "the same notice, among the papers",
    "/governance/sharing-agreement": "a paper that is read as a whole, and completed in Word",
    "/audits/new": "one form, filled in once",
    "/forms/N": "the form as an agency sees it, with all its questions",
    "/audits/N/brief": "the brief beside the fields that fill it",
    "/audits/N/report": "the report beside its outline",
    "/audits/N/requests/N/key-in": "the contact’s form, with all its questions",
    "/audits/N/requests/N/answers": "all answers of one return, to be read out",
}


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:  # noqa: ARG001 — without one, no server
    """An installation with the demonstration."""
    installation = Installation(tmp_path_factory.mktemp("demonstration"))
    installation.create_demonstration()
    installation.open()
    yield installation
    installation.close()
    assert "Traceback" not in installation.log, installation.log


@pytest.fixture(scope="module")
def page(browser: Browser, house: Installation) -> Iterator[Page]:
    """The page of the manager of the demonstration, signed in."""
    context = browser.new_context(base_url=house.address, locale="en-GB")
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Email").fill(ACCOUNT)
    page.get_by_label("Password").fill(house.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    yield page
    context.close()


@pytest.fixture(scope="module")
def addresses(page: Page) -> dict[str, str]:
    """One address of each kind that links lead to, from the audits on."""
    found: dict[str, str] = {}
    waiting = deque(["/audits"])
    while waiting:
        path = waiting.popleft()
        kind = ONE_OF_MANY.sub(lambda one: "/N" if one[0].startswith("/") else "N", path.partition("?")[0])
        if kind in found or kind == "/sign-out" or FILE.search(kind):
            continue
        answer = page.request.get(path)
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        found[kind] = path
        waiting.extend(unescape(link) for link in LINK.findall(answer.text()))
    return found


def test_no_page_scrolls_sideways_at_any_width(page: Page, addresses: dict[str, str]) -> None:
    assert len(addresses) > 90
    wider = {}
    for path in addresses.values():
        page.goto(path)
        for width in (PHONE_WIDTH, WIDE_PHONE, 1100):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if over := page.evaluate(OVERFLOW_SCRIPT):
                wider[f"{path} at {width} px"] = over
    assert not wider


def test_no_table_scrolls_sideways_on_a_phone_but_the_grids(page: Page, addresses: dict[str, str]) -> None:
    """The cells of every other table are stacked, so that no word of them is out of sight."""
    page.set_viewport_size({"width": PHONE_WIDTH, "height": HEIGHT})
    scrolling = {}
    for path in addresses.values():
        page.goto(path)
        cut = page.evaluate(
            "() => [...document.querySelectorAll('main table')].filter((table) => table.clientWidth &&"
            " !table.matches('.survey-grid:not(:has(td[data-head]))') && (table.scrollWidth > innerWidth"
            " || table.parentElement.scrollWidth > table.parentElement.clientWidth)).map((table) =>"
            " table.caption?.textContent)"
        )
        if cut:
            scrolling[path] = cut
    assert not scrolling


def test_no_page_is_longer_on_a_phone_than_ten_turns_of_the_thumb(
    page: Page, addresses: dict[str, str]
) -> None:
    page.set_viewport_size({"width": WIDE_PHONE, "height": HEIGHT})
    long = {}
    for kind, path in addresses.items():
        page.goto(path)
        height = page.evaluate("document.documentElement.scrollHeight")
        if height > LONGEST and kind not in LONGER:
            long[path] = height
    assert not long
