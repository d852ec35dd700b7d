"""Typed text of staff comes back if it cannot be stored: busy database, signed out, expired page."""

import html
import re
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from surveyapp.foundation.store.db import engine, session
from surveyapp.planning.models import Audit
from tests.engine_events import short_lock_timeouts
from tests.page_client import PageClient
from tests.row_maker import Maker

PLANNED = {
    "title": "Neglect in the family’s words",
    "form_id": "neglect_2024",
    "aim": "To see what was seen.",
    "chasers": "0",
}
TABLES = ("survey_staff", "survey_audit", "survey_case", "survey_involvement")


@pytest.fixture
def busy(database: str, make: Maker) -> Iterator[None]:
    """Lock the database as another program may: the write lock on SQLite, the tables on PostgreSQL."""
    assert make
    on_sqlite = engine().dialect.name == "sqlite"
    other = create_engine(database, isolation_level="AUTOCOMMIT" if on_sqlite else "READ COMMITTED")
    with short_lock_timeouts(), other.connect() as connection:
        if on_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text(f"LOCK TABLE {', '.join(TABLES)}"))
        yield
        connection.exec_driver_sql("ROLLBACK")
    other.dispose()


def fields_of(page: str) -> dict[str, list[str]]:
    """The fields that the form of a page would post, except its token."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    fields.pop("csrf_token")
    return fields


@pytest.fixture
def audit(make: Maker) -> Audit:
    """An audit being planned."""
    return make.audit(cases=2, agencies=2, issued=False)


def test_a_busy_database_gives_staff_their_text_back(
    client: PageClient, audit: Audit, request: pytest.FixtureRequest
) -> None:
    cells = ["1:1", "1:2", "2:1"]
    number = audit.id
    session.rollback()
    request.getfixturevalue("busy")
    began = time.monotonic()
    page = client.post(f"/audits/{number}/edit", PLANNED, status=503)
    grid = client.post(f"/audits/{number}/grid", {"cell": cells, "next": "grid"}, status=503)
    assert time.monotonic() - began < 5, "Nothing is asked of the database once it was busy."
    assert "Could not save just now" in page.text
    assert page.headers["Retry-After"] == "10"
    assert fields_of(page.text) == {name: [value] for name, value in PLANNED.items()}
    assert fields_of(grid.text) == {"cell": cells, "next": ["grid"]}
    assert f'action="/audits/{number}/grid?sent=1"' in grid.text


def test_a_page_that_cannot_be_shown_now_says_so(client: PageClient, request: pytest.FixtureRequest) -> None:
    if engine().dialect.name == "sqlite":
        pytest.skip("On SQLite one reads while another writes.")
    request.getfixturevalue("busy")
    page = client.get("/audits", status=503)
    assert "cannot be shown just now" in page.text


def test_signing_in_while_the_database_is_busy_is_refused_in_words(
    stranger: PageClient, request: pytest.FixtureRequest
) -> None:
    token = stranger.token
    request.getfixturevalue("busy")
    typed = {"email": "ann@partnership.example", "password": "not to be shown", "csrf_token": token}
    page = stranger.post("/sign-in", typed, status=503)
    assert "not to be shown" not in page.text


def test_text_typed_while_signed_out_comes_back_and_is_stored_after_signing_in(
    client: PageClient, stranger: PageClient, audit: Audit
) -> None:
    number = audit.id
    typed = {**PLANNED, "first": "Child 7", "last": "Child 9"}
    page = stranger.post(f"/audits/{number}/cases/several", typed, status=401)
    assert fields_of(page.text) == {name: [value] for name, value in typed.items()}
    assert "Child 7" in re.sub(r"<input[^>]*>", "", page.text), "The text can be read and copied."
    assert 'href="/sign-in" target="_blank"' in page.text
    # Signing in begins a new session, and the page has the old token, so the text comes back once more.
    client.get("/audits")
    again = client.post(
        f"/audits/{number}/cases/several", {**fields_of(page.text), "csrf_token": "x"}, status=400
    )
    assert "Press the button once more" in again.text
    client.post(f"/audits/{number}/cases/several", fields_of(again.text))
    session.rollback()
    assert [case.pseudonym for case in session.get_one(Audit, number).cases][-3:] == [
        "Child 7",
        "Child 8",
        "Child 9",
    ]


def test_text_sent_by_another_site_gets_no_button(client: PageClient) -> None:
    page = client.post(
        "/audits/new",
        {**PLANNED, "csrf_token": "x"},
        status=400,
        headers={"Origin": "https://evil.example"},
    )
    assert "Neglect" not in page.text
    assert "<form" not in page.text


def test_a_button_without_text_needs_no_text_back(stranger: PageClient, audit: Audit) -> None:
    page = stranger.post(f"/audits/{audit.id}/close", status=401)
    assert "<form" not in page.text


def test_text_typed_on_a_page_whose_subject_was_removed_can_be_copied(
    client: PageClient, make: Maker
) -> None:
    """One person removes a row while another types; all pages of staff behave the same."""
    audit = make.audit(cases=2, agencies=1)
    begin = f"/audits/{audit.id}"
    day = {"held_on": ["9", "11", "2026"]}
    for path, form in (
        (f"{begin}/findings", {"text": "Seen late."}),
        (f"{begin}/recommendations", {"text": "Seen late."}),
        (f"{begin}/workshops", {"title": "Learning event", **day}),
        (f"{begin}/themes", {"name": "Fathers"}),
        ("/resources", {"name": "Toolkit", "what": "to name it", "address": "https://t.example/"}),
    ):
        add = path if path.endswith(("themes", "resources")) else f"{path}/add"
        client.post(add, form)
        client.post(f"{path}/1/remove")
        typed = {**form, next(iter(form)): "Nobody asked.\nTwice."}
        page = client.post(f"{path}/1", typed, status=409)
        assert "Someone else removed this after you opened the page" in page.text
        assert "Nobody asked.<br>Twice." in page.text
        # A press without text loses nothing and is refused as before.
        client.post(f"{path}/1/remove", {"to": "2"}, status=404)
        client.get(f"{path}/1", status=404)


def test_hidden_fields_go_back_and_are_not_shown_as_text(stranger: PageClient, audit: Audit) -> None:
    """Each step names its hidden fields, by name or by prefix, and its ticks."""
    begin = f"/audits/{audit.id}"
    hidden = {
        "seen": "5ee2",
        "content": "c0de",
        "next": "b1de",
        "press": "9ab3",
        "digest-1": "f00d",
        "seen-1": "0dd5",
        "whole": "case-77",
    }
    text = {"title": "Learning event", **hidden}
    typed = {**text, "cell": ["7:8", "7:9"]}
    for path in (f"{begin}/grid", f"{begin}/workshops/add", f"{begin}/issue", f"{begin}/report/release"):
        page = stranger.post(path, typed, status=401).text
        assert fields_of(page) == {**typed, **{name: [value] for name, value in text.items()}}
        shown = re.sub(r"<input[^>]*>", "", page)
        assert "Learning event" in shown
        assert "2 ticks are kept" in shown
        assert [value for value in (*hidden.values(), "7:8") if value in shown] == []
