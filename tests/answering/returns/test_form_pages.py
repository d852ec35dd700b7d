"""The form page saves typed text exactly and shows it again on any computer."""

import contextvars
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer, Revision
from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.conftest import Person, kept_of

AtMost = Callable[[int], AbstractContextManager[list[str]]]


People = Callable[[], Person]


def test_the_form_page_is_small_and_takes_few_statements(
    person: Person, grant: Grant, first: AuditRequest, queries: AtMost
) -> None:
    person.starts(grant)
    with queries(8):
        page = person.opens(first)
    assert len(page.data) <= 40_000
    assert "ring 01234 567891 and tell your manager. Do not wait for the audit." in page.text


def test_save_and_come_back_from_the_same_link_on_another_computer(
    person: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision="no", supervision__comment="Not since May.", next__step="save")
    another = people()
    assert "1 of 14 answered" in another.starts(grant).text
    page = another.opens(first).text
    assert "Not since May." in page
    assert "Saved today at 9:00am" in page


def test_a21_missing_answers_are_listed_with_links_and_the_other_answers_are_kept(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    person.starts(grant)
    person.opens(first)
    page = person.presses(
        first, status=422, supervision="no", supervision__comment="Kept.", next__step="check"
    )
    name = next(iter(required))
    assert "<title>Error: " in page.text
    assert f'href="#{name}"' in page.text
    assert "Kept." in page.text
    checked = person.opens(first, "check")
    assert f'href="/returns/{first.public_id}/?missing=1#{name}"' in checked.text
    assert "Return this audit" not in checked.text
    assert "Error:" in person.reads(f"/returns/{first.public_id}/?missing=1").text
    person.presses(first, "check", status=422)
    assert not kept_of(first).has_returned


def test_a11_long_and_odd_text_is_stored_exactly_or_comes_back_with_its_count(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    text = "é😀 مرحبا a\u0301\r\n" * 1_500
    person.presses(first, supervision__comment=text, next__step="save")
    stored = session.scalars(select(Answer.text).where(Answer.item == "comment")).one()
    assert stored == ("é😀 مرحبا á\n" * 1_500).strip()
    person.opens(first)
    page = person.presses(first, status=422, supervision__comment="x" * 20_001, next__step="save")
    assert "20,001 characters" in page.text
    assert "x" * 20_001 in page.text


def test_a12_characters_that_no_file_format_allows_are_dropped(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision__comment="a\0b\x0bc\x1bd\ufffee\u202ef", next__step="save")
    assert session.scalars(select(Answer.text).where(Answer.item == "comment")).one() == "abcdef"


def test_a13_to_a16_odd_bodies_are_refused_and_unknown_names_ignored(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    path = f"/returns/{first.public_id}/"
    odd: list[tuple[dict[str, Any], set[int]]] = [
        ({"data": "{}", "content_type": "application/json"}, {415}),
        ({"data": "supervision=yes", "content_type": "text/plain"}, {415}),
        ({"data": "a=1&" * 10_000, "content_type": "application/x-www-form-urlencoded"}, {413}),
        ({"data": b"--x", "content_type": "multipart/form-data"}, {400}),
        ({"data": b""}, {400}),
    ]
    session.rollback()
    for body, statuses in odd:
        answer = contextvars.Context().run(person.browser.http.post, path, **body)
        assert answer.status_code in statuses, body
    assert session.query(Revision).count() == 0
    person.opens(first)
    person.presses(
        first, supervision="yes", version="99", returned_at="2020-01-01", request_id="7", next__step="save"
    )
    kept = kept_of(first)
    assert (kept.version, kept.returned_at, kept.request_id) == (1, None, first.id)
    page = person.presses(first, status=422, supervision="perhaps", next__step="save")
    assert "Choose" in page.text
