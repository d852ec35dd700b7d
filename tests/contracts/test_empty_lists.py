"""Empty lists teach: they say what will stand there, and no page of staff shows only a heading."""

import re
from html import unescape

import pytest
from flask import Flask

from surveyapp.foundation.web.actor import STAFF_ROLES
from surveyapp.journey.steps import JOURNEY
from surveyapp.permissions import roles_for
from tests.contracts.test_roles import acting_as
from tests.page_client import PageClient
from tests.row_maker import Maker

# The lists of staff that belong to no audit, by their addresses.
OF_NO_AUDIT = (
    "/agencies",
    "/audits/set-aside",
    "/closed-days",
    "/mail",
    "/mail/folder",
    "/overdue-actions",
    "/programme",
    "/resources",
)
# Those of an audit that was planned, and of one that was issued and has no return yet.
OF_PLANNED = ("outstanding", "outstanding/agencies", "enquiries", "concerns", "totals", "grid/copy")
OF_ISSUED = ("comments", "quotes", "voices", "families", "conclusions", "actions")
FEWEST_WORDS = 8
FOUND = 302
_EMPTY = re.compile(r'<p class="govuk-body survey-empty">(.*?)</p>', re.DOTALL)
_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
_HEADING = re.compile(r"<h([1-6])\b[^>]*>.*?</h\1>", re.DOTALL)
_LEFT_OUT = re.compile(r"<(script|style|noscript)\b.*?</\1>|<!--.*?-->", re.DOTALL)


def words(html: str) -> list[str]:
    """The words of a piece of a page."""
    return unescape(re.sub(r"<[^>]*>", " ", _LEFT_OUT.sub(" ", html))).split()


def bare_headings(html: str) -> list[str]:
    """The headings of a page below which nothing stands: the next is of the same or a higher rank."""
    main = _MAIN.findall(html)[0]
    headings = list(_HEADING.finditer(main))
    bare = []
    for place, heading in enumerate(headings):
        following = headings[place + 1] if place + 1 < len(headings) else None
        below = main[heading.end() : following.start() if following else len(main)]
        goes_down = following is not None and following[1] > heading[1]
        if not words(below) and not goes_down and not re.search(r"<(?:input|svg|img)\b", below):
            bare.append(" ".join(words(heading[0])))
    return bare


def assert_teaches(browser: PageClient, address: str) -> None:
    """Assert that the empty list at an address says in a sentence what will stand there."""
    sentences = _EMPTY.findall(browser.get(address).text)
    assert sentences, f"{address}: say with ui.empty() what will stand here."
    assert all(len(words(sentence)) >= FEWEST_WORDS for sentence in sentences), f"{address}: {sentences}"


def test_headings_with_nothing_below_them_are_recognised() -> None:
    page = "<main><h1>A</h1><h2>B</h2><p>Text</p><h2>C</h2><h2>D</h2><table></table></main>"
    assert bare_headings(page) == ["C", "D"]


@pytest.mark.parametrize("address", OF_NO_AUDIT)
def test_a_list_of_no_audit_says_what_will_stand_there(client: PageClient, address: str) -> None:
    assert_teaches(client, address)


@pytest.mark.parametrize("page", OF_PLANNED)
def test_a_list_of_a_planned_audit_says_what_will_stand_there(
    client: PageClient, make: Maker, page: str
) -> None:
    assert_teaches(client, f"/audits/{make.audit(cases=0, agencies=0, issued=False).id}/{page}")


@pytest.mark.parametrize("page", OF_ISSUED)
def test_a_list_of_an_audit_without_returns_says_what_will_stand_there(
    client: PageClient, make: Maker, page: str
) -> None:
    assert_teaches(client, f"/audits/{make.audit(cases=1, agencies=1).id}/{page}")


@pytest.mark.parametrize("role", STAFF_ROLES)
@pytest.mark.parametrize("issued", [False, True], ids=["planned", "issued"])
def test_no_page_of_a_role_shows_only_a_heading(app: Flask, make: Maker, role: str, *, issued: bool) -> None:
    size = 1 if issued else 0
    audit = make.audit(cases=size, agencies=size, issued=issued)
    endpoints = [f"survey.{page.endpoint}" for step in JOURNEY for page in step.pages]
    build = app.url_map.bind("localhost").build
    addresses = [build(name, {"audit_id": audit.id}) for name in endpoints if role in roles_for(name)]
    with acting_as(app, role) as browser:
        answers = {address: browser.http.get(address) for address in ("/audits", *addresses)}
    # Where there is no benchmark yet, its page leads to the form.
    pages = {address: answer.text for address, answer in answers.items() if answer.status_code != FOUND}
    bare = {address: bare_headings(html) for address, html in pages.items() if bare_headings(html)}
    assert bare == {}, "Say what will stand here, or leave the heading out."
