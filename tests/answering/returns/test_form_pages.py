"""The form page saves typed text exactly and shows it again on any computer."""

import contextvars
import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer, Revision
from surveyapp.foundation.web.form_sending import SCRIPT_HEADER
from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.conftest import Person, kept_of

BY_SCRIPT = {SCRIPT_HEADER: "script"}
AtMost = Callable[[int], AbstractContextManager[list[str]]]


People = Callable[[], Person]


def test_the_form_page_is_small_and_takes_few_statements(
    person: Person, grant: Grant, first: AuditRequest, queries: AtMost
) -> None:
    person.starts(grant)
    with queries(6):
        page = person.opens(first)
    assert len(gzip.compress(page.data)) <= 8_000
    assert "ring 01234 567891 and tell your manager. Do not wait for the audit." in page.text


def test_the_form_says_its_parts_how_many_questions_are_answered_and_which_is_next(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    page = person.opens(first).text
    assert "0 of 14 answered" in page
    assert "Part 1 of 5" in page
    assert 'href="#question-1" data-next-unanswered>' in page
    person.presses(first, file_contents="alert", supervision="no", next__step="save")
    page = person.opens(first).text
    assert "2 of 14 answered" in page
    assert 'href="#question-3" data-next-unanswered>' in page
    assert page.count("</a> <span>answered</span>") == 2
    assert page.count("</a> <span hidden>answered</span>") == 12


def test_saving_and_staying_leads_back_to_the_form_and_a_script_gets_a_fresh_press(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    here = f"/returns/{first.public_id}/"
    assert person.presses(first, supervision="no", next__step="stay").location == here
    assert "Saved today at 9:00am" in person.opens(first).text
    pressed = dict(person.hidden)
    data = {**person.hidden, "supervision": "yes", "next-step": "stay"}
    told = person.browser.post(here, data, status=200, headers=BY_SCRIPT).get_json()
    assert (told["kept"], told["says"], told["page"], told["version"]) == ("9:00am", "", here, 2)
    assert told["id"] != pressed["submission-id"]
    person.hidden |= {"submission-id": told["id"], "seen-version": str(told["version"])}
    person.presses(first, supervision="no", next__step="save")


def test_a_script_that_saves_a_concern_is_told_of_the_email(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    data = {**person.hidden, "current-concern": "yes", "next-step": "stay"}
    told = person.browser.post(f"/returns/{first.public_id}/", data, status=200, headers=BY_SCRIPT)
    assert "current practice concern" in told.get_json()["says"]
    assert (
        "current practice concern." not in person.opens(first).text.partition("<form")[0].partition("main")[2]
    )


def test_an_answer_can_be_taken_back_without_scripts_and_the_rest_is_saved(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    assert 'name="clear-answer" value="supervision"' in person.opens(first).text
    cleared = person.presses(
        first,
        supervision="no",
        supervision__comment="Not since May.",
        tasks_and_dates="yes",
        clear__answer="supervision",
    )
    assert cleared.location == f"/returns/{first.public_id}/#question-2"
    page = person.opens(first).text
    assert "1 of 14 answered" in page
    assert "Not since May." in page
    assert 'value="no" checked' not in page


def test_a_comment_is_open_on_a_telephone_if_it_has_text_or_is_asked_for(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    def open_boxes() -> list[str]:
        page = person.opens(first).text
        return re.findall(
            r'<details class="survey-comment-box[^"]*" open.*?name="([a-z_]+)-comment"', page, re.DOTALL
        )

    person.starts(grant)
    assert open_boxes() == []
    person.presses(
        first,
        supervision__comment="Not since May.",
        previous_plan_on_file="another_source",
        see_child_alone="no",
        next__step="save",
    )
    assert open_boxes() == ["supervision", "previous_plan_on_file"]


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
