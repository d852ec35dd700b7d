import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from surveyapp.foundation.settings import read_settings
from surveyapp.foundation.settings_list import SETTINGS
from surveyapp.foundation.web.base import HEADERS
from surveyapp.foundation.web.notices_pages import ENGLISH_BASIS, split_at_addresses
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest
from tests.page_client import PageClient
from tests.row_maker import Maker

NOTICES = ("/privacy", "/accessibility")
HOSTILE = '<b onclick="x()">Dana & O\'Neil</b> "dpo"@council.example'
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def says(app: Flask) -> Callable[..., None]:
    """Set settings as the start of the app would: `says(retention="Six years.")`."""

    def change(**changed: Any) -> None:
        state = app.extensions["survey"]
        app.extensions["survey"] = replace(state, settings=replace(state.settings, **changed))

    return change


@pytest.fixture
def form(stranger: PageClient, make: Maker) -> tuple[PageClient, AuditRequest]:
    """A contact who has started from a link, and a request of theirs."""
    request = make.requests(make.audit(cases=1, agencies=1))[0]
    token = token_in(link_for(request.grant))
    stranger.get(f"/r/{token}/")
    stranger.post("/start/", {"token": token})
    return stranger, request


def read(answer: TestResponse) -> str:
    """The words of a page, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", "", answer.text).split())


@pytest.mark.parametrize("path", NOTICES)
def test_anybody_may_read_a_notice_with_our_headers_and_get_no_cookie(
    stranger: PageClient, path: str, queries: Queries
) -> None:
    with queries(0):
        answer = stranger.get(path)
    assert "Set-Cookie" not in answer.headers
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    stranger.post(path, status=405)


@pytest.mark.parametrize("path", NOTICES)
def test_a_notice_sets_no_cookie_for_one_who_has_one_already(
    form: tuple[PageClient, AuditRequest], client: PageClient, path: str
) -> None:
    for browser in (form[0], client):
        browser.get("/audits" if browser is client else "/returns/")
        assert "Set-Cookie" not in browser.get(path).headers


def test_both_notices_are_linked_from_pages_of_contacts_of_staff_and_of_neither(
    form: tuple[PageClient, AuditRequest], client: PageClient
) -> None:
    browser, request = form
    pages = [
        browser.get(f"/returns/{request.public_id}/"),
        client.get("/audits"),
        PageClient(client.app).get("/sign-in"),
        client.get("/nowhere", status=404),
        client.get("/privacy"),
    ]
    for page in pages:
        footer = page.text.partition("<footer")[2]
        for path in NOTICES:
            assert f'href="{path}"' in footer
    assert "/sign-out" in pages[1].text


def test_without_settings_the_notices_say_whom_to_ask(stranger: PageClient) -> None:
    privacy, accessibility = (read(stranger.get(path)) for path in NOTICES)
    for sentence in (
        "Ask the partnership who its data protection officer is.",
        "Ask the partnership which organisation, or which together, are the data controller.",
        "12 months after the report was received. While there is no report, 18 months after returns closed.",
        "Ask the partnership for its own privacy notice",
        ENGLISH_BASIS,
    ):
        assert sentence in privacy
    assert "Ask the partnership when it last reviewed them." in accessibility
    assert "such as the questions in large print: the partnership’s business manager, 01234" in accessibility


def test_settings_appear_in_the_notices_in_place_of_whom_to_ask(
    stranger: PageClient, says: Callable[..., None]
) -> None:
    says(
        privacy_controller="Wrenford Council and Wrenford Police, jointly",
        privacy_contact="Sam Ash, dpo@wrenford.example.",
        privacy_basis="It is our task in the public interest.",
        privacy_url="https://wrenford.example/privacy?full=1&all=1",
        retention="Answers for 12 months after the report.",
        accessibility_contact="access@wrenford.example",
        accessibility_statement_date=date(2026, 11, 30),
    )
    page = stranger.get("/privacy")
    privacy, accessibility = read(page), stranger.get("/accessibility")
    assert "for what is kept here: Wrenford Council and Wrenford Police, jointly" in privacy
    assert '<a class="govuk-link" href="mailto:dpo@wrenford.example">dpo@wrenford.example</a>.' in page.text
    assert "Lawful basis: It is our task in the public interest." in privacy
    assert 'href="https://wrenford.example/privacy?full=1&amp;all=1"' in page.text
    assert "Answers for 12 months after the report." in privacy
    assert "Ask the data protection officer:" in privacy
    gone = ("who its data protection officer", "for its own privacy", "article 6(1)(e)")
    assert not [words for words in gone if words in privacy]
    assert 'href="mailto:access@wrenford.example"' in accessibility.text
    assert "last reviewed this statement on Monday 30 November 2026." in read(accessibility)
    assert "01234" not in accessibility.text.partition("<footer")[0]


def test_the_privacy_notice_says_the_periods_of_the_settings(
    stranger: PageClient, says: Callable[..., None]
) -> None:
    says(keep_returns_months=9, keep_drafts_months=1, keep_figures_years=4, keep_backups_days=14)
    privacy = read(stranger.get("/privacy"))
    for sentence in (
        "9 months after the report was received.",
        "Drafts that were never returned: 1 month after returns closed.",
        "the action plan: 4 years.",
        "they may hold what was removed for 14 days more.",
    ):
        assert sentence in privacy


def test_markup_in_a_setting_is_escaped(stranger: PageClient, says: Callable[..., None]) -> None:
    words = ("privacy_controller", "privacy_contact", "privacy_basis", "retention", "accessibility_contact")
    says(**dict.fromkeys((*words, "partnership", "contact_name"), HOSTILE), privacy_url='https://x/"><b>')
    for path in NOTICES:
        page = stranger.get(path).text
        assert "<b" not in page.replace("<body", "")
        assert "&lt;b onclick=" in page


@pytest.mark.parametrize(
    ("nation", "enforces", "names_the_english_act"),
    [
        ("ENG", "https://www.equalityadvisoryservice.com/", True),
        ("WLS", "https://www.equalityadvisoryservice.com/", False),
        ("SCT", "https://www.equalityadvisoryservice.com/", False),
        ("NIR", "https://www.equalityni.org/", False),
    ],
)
def test_each_nation_has_its_own_law_and_regulator(
    stranger: PageClient,
    says: Callable[..., None],
    nation: str,
    enforces: str,
    *,
    names_the_english_act: bool,
) -> None:
    says(nation=nation)
    privacy = read(stranger.get("/privacy"))
    assert ("Children Act 2004" in privacy) is names_the_english_act
    assert ("Ask the partnership on what lawful basis it does this." in privacy) is not names_the_english_act
    assert enforces in stranger.get("/accessibility").text


def test_the_settings_of_the_notices_may_all_be_missing() -> None:
    names = ("SURVEY_PRIVACY_", "SURVEY_RETENTION", "SURVEY_ACCESSIBILITY_")
    ours = [setting for setting in SETTINGS if setting.name.startswith(names)]
    assert len(ours) == 7
    defaults = read_settings({})
    assert not any(getattr(defaults, setting.name.removeprefix("SURVEY_").lower()) for setting in ours)


def test_email_addresses_in_a_setting_are_found() -> None:
    assert split_at_addresses("Sam Ash, dpo@wrenford.example, or ring 01234.") == [
        ("Sam Ash, ", False),
        ("dpo@wrenford.example", True),
        (", or ring 01234.", False),
    ]
    assert split_at_addresses("a@b.example") == [("a@b.example", True)]
    assert split_at_addresses(" ") == []
