"""No page of staff shows what only the program knows: ids, settings, paths, names and errors of the code."""

import contextvars
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.foundation import clock
from surveyapp.foundation.mail.outbox import queue_email, send_test
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.actor import STAFF_ROLES
from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import FILE, CrawledPage, crawl
from tests.contracts.test_roles import acting_as
from tests.contracts.test_routes import STAFF, path, rules
from tests.mail_server import ELSEWHERE, OWN_TEXT, use_mail_server
from tests.row_maker import Maker
from tests.shared_app import in_app_context

_ROWS = "audit|case|request|grant|agency|contact|mail|staff|return|revision|theme|quote|event"
# Each is a kind of thing on which nobody outside the code can act.
OF_THE_PROGRAM = {
    "a setting": re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b"),
    "a path": re.compile(
        r"(?<![\w.])/(?:srv|var|home|etc|tmp|usr|root|work|opt)/|\b\w+\.(?:py|toml|sqlite|html)\b"
    ),
    "a number of a row": re.compile(rf"\b(?:{_ROWS}) \d+\b(?! of\b| \(|,|:| kinds)"),
    "a value of the code": re.compile(
        r"\bNone\b(?! yet| is planned| of these|[:,])"
        r"|\b(?:null|undefined|NaN|True|False|nan|DetachedInstance)\b"
    ),
    "an error of the code": re.compile(r"\b\w*(?:Error|Exception)\b|Traceback|sqlalchemy|object at 0x"),
    "a name of the code": re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\bsurvey\.[a-z_]+\.[a-z_]+"),
}
_READ_OUT = {"aria-label", "title", "alt", "placeholder"}
# A template of the report is written in code, and its page says so in a code element.
_LEFT_OUT = {"script", "style", "textarea", "code"}


class _Words(HTMLParser):
    """The words that a page shows or has read out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attrs if name in _READ_OUT]
        if tag in _LEFT_OUT:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def words_of_program(html: str) -> list[tuple[str, str]]:
    """What a page shows that only the program knows: its kind, and the words around it."""
    reader = _Words()
    reader.feed(html)
    return [
        (kind, " ".join(words.split()))
        for words in reader.words
        for kind, pattern in OF_THE_PROGRAM.items()
        if pattern.search(words)
    ]


def assert_none(pages: dict[str, str]) -> None:
    """Assert that no page, by the name of each, shows what only the program knows."""
    shown = [(name, *words) for name, html in pages.items() for words in words_of_program(html)]
    assert shown == [], "Say it in the words of the partnership, or leave it out."


def test_what_only_the_program_knows_is_recognised() -> None:
    for words in (
        "Set SURVEY_PARTNERSHIP first",
        "It is in /srv/data/mail",
        "Removed by staff 1",
        "Returned by None",
        "KeyError",
        "Question own_agency",
        "survey.tracking.show_audit",
    ):
        assert len(words_of_program(f"<p>{words}</p>")) == 1, words
    for words in (
        "77 of 90 returned",
        "None yet",
        "Yes, another agency 17 of 72",
        "None of these",
        "Child 3",
    ):
        assert not words_of_program(f"<p>{words}</p>"), words


def test_no_page_of_the_manager_shows_it(crawled: dict[str, CrawledPage]) -> None:
    assert_none({endpoint: page.html for endpoint, page in crawled.items()})


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_no_page_of_a_role_shows_it(demonstration: Flask, role: str) -> None:
    with in_app_context(demonstration, now=MONDAY_MORNING), acting_as(demonstration, role) as browser:
        assert_none({endpoint: page.html for endpoint, page in crawl(demonstration, browser).items()})


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_no_refusal_and_no_missing_page_shows_it(app: Flask, make: Maker, role: str) -> None:
    asked = make.requests(make.audit(cases=1, agencies=1, returned=1))[0]
    ids = {"audit_id": asked.audit_id, "agency_id": asked.agency_id, "request_id": asked.id}
    pages = {}
    with acting_as(app, role) as browser:
        for rule, method in rules(app):
            if not rule.endpoint.startswith(STAFF) or method != "GET" or FILE.search(rule.rule):
                continue
            # Rows that are there and rows that are not: each page refuses, is not found or is shown.
            for values in (ids, {}):
                answer = contextvars.Context().run(browser.http.get, path(app, rule, **values))
                if answer.mimetype == "text/html":
                    pages[f"{rule.rule} {answer.status_code}"] = answer.get_data(as_text=True)
    assert any(name.endswith(" 404") for name in pages)
    assert_none(pages)


@pytest.mark.parametrize("trouble", ["example text", "no such server", "no folder"])
def test_trouble_with_mail_is_told_without_it_and_administrators_read_what_to_set(
    app: Flask, make: Maker, session: Session, trouble: str
) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    send_test("me@northshire.gov.uk", now=MONDAY_MORNING)
    session.commit()
    if trouble == "no folder":
        state = app.extensions["survey"]
        in_the_way = replace(state.settings, mail_folder=str(state.settings.key_file / "mail"))
        app.extensions["survey"] = replace(state, settings=in_the_way)
    else:
        use_mail_server(app, ELSEWHERE, **({} if trouble == "example text" else OWN_TEXT))
    with transaction():
        queue_email("test_copy", audit.id, to="me@northshire.gov.uk", key="x", now=MONDAY_MORNING)
    drain(clock.now)
    here = ("/audits", "/mail", f"/audits/{audit.id}/issue", f"/audits/{audit.id}/set-up")
    with acting_as(app, "business_manager") as manager:
        pages = {address: manager.get(address).text for address in here}
        pages["issue"] = manager.http.post(here[2]).get_data(as_text=True)
    if trouble != "no folder":
        assert "settings" in pages["/audits"]
    assert_none(pages)
    with acting_as(app, "administrator") as administrator:
        names = "Set SURVEY_PUBLIC_BASE_URL," in administrator.get("/mail").text
    assert names is (trouble == "example text")
