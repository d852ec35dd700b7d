"""The box for a current practice concern on the contact's pages."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Concern
from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.busy_database import busy_database
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

TICKED: dict[str, Any] = {
    "current__concern": "yes",
    "current__concern__told__whom": "Our safeguarding lead",
    "current__concern__told__when": "today, 10am",
}
OLD: dict[str, Any] = {"csrf_token": "old"}
LABEL = "I have a current practice concern about this child"
TOLD = "An email to the partnership is on its way. It says, without details"


def keeps(text: str) -> None:
    """Check that the fields of a page have everything that was ticked and typed."""
    assert 'name="current-concern" type="checkbox" value="yes" checked' in text
    assert 'value="Our safeguarding lead"' in text
    assert 'value="today, 10am"' in text


def test_the_route_for_concerns_is_at_the_top_and_in_the_box_below_question_13(
    form: Person, first: AuditRequest
) -> None:
    page = form.opens(first).text
    assert page.count("If something worries you now: ring 01234 567891 and tell your manager.") == 2
    assert page.count(LABEL) == 1
    assert page.index('id="question-13"') < page.index(LABEL) < page.index('id="question-14"')


def test_a_saved_tick_comes_back_and_the_contact_is_told_that_the_partnership_knows(
    form: Person, first: AuditRequest
) -> None:
    page = form.browser.follow(form.presses(first, **TICKED, next__step="save"))
    assert TOLD in page.text
    keeps(form.opens(first).text)
    page = form.browser.follow(form.presses(first, **TICKED, next__step="save"))
    assert TOLD not in page.text


def test_a_tick_without_details_is_saved_and_asked_about_before_the_return(
    form: Person, first: AuditRequest, session: Session
) -> None:
    page = form.presses(
        first, status=422, strengths_or_concerns="no", current__concern="yes", next__step="check"
    )
    assert "Say whom you have told about your current practice concern" in page.text
    assert "such as “today, 10am”" in page.text
    assert session.scalars(select(Concern)).one().raised_at == MONDAY_MORNING
    check = form.opens(first, "check").text
    assert "Still to do before you can return this" in check
    assert f"/returns/{first.public_id}/?missing=1#current-concern-told-whom" in check
    form.presses(first, "check", status=422)


def test_the_check_page_the_copy_and_the_pdf_show_the_concern(form: Person, first: AuditRequest) -> None:
    form.presses(first, strengths_or_concerns="no", **TICKED, next__step="check")
    check = form.opens(first, "check").text
    for words in (LABEL, "Whom have you told? Our safeguarding lead", "When? today, 10am"):
        assert words in check
    assert "13 of 14 questions are not answered" in check
    assert "#current-concern" in check
    form.presses(first, "check")
    assert kept_of(first).returned_at == MONDAY_MORNING
    copy = form.opens(first, "copy").text
    assert "Current practice concern" in copy
    assert "Whom have you told? Our safeguarding lead" in copy
    assert form.browser.get(f"/returns/{first.public_id}/copy.pdf").data.startswith(b"%PDF")


def test_two_people_with_different_concerns_see_both_texts(
    form: Person, people: Any, grant: Grant, first: AuditRequest
) -> None:
    other: Person = people()
    other.starts(grant)
    other.opens(first)
    other.presses(first, **{**TICKED, "current__concern__told__whom": "The duty officer"}, next__step="save")
    page = form.presses(first, status=409, **TICKED, next__step="save").text
    assert "Where the two differ" in page
    assert "Whom have you told? The duty officer" in page
    assert "Whom have you told? Our safeguarding lead" in page
    keeps(page)


def test_a5_an_expired_page_keeps_the_tick_and_the_texts(form: Person, first: AuditRequest) -> None:
    page = form.presses(first, status=400, **TICKED, **OLD, next__step="save")
    keeps(page.text)
    form.presses(first, **TICKED, next__step="save")
    keeps(form.opens(first).text)


def test_a6_a_lost_cookie_keeps_the_tick_and_the_texts(app: Flask, form: Person, first: AuditRequest) -> None:
    form.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    keeps(form.presses(first, status=400, **TICKED, next__step="save").text)


def test_d1_a_busy_database_keeps_the_tick_and_the_texts_and_sends_no_email(
    form: Person, first: AuditRequest, session: Session
) -> None:
    data = {**form.hidden, **{name.replace("__", "-"): words for name, words in TICKED.items()}}
    path = f"/returns/{first.public_id}/"
    with busy_database(session):
        page = form.browser.post(path, data, status=503)
    keeps(page.text)
    assert TOLD not in page.text
    assert session.scalars(select(Concern)).all() == []


def test_another_agencys_form_takes_no_concern(form: Person, make: Maker, session: Session) -> None:
    other = make.requests(make.audit(cases=1, agencies=1))[0]
    form.presses(other, status=404, **TICKED, next__step="save")
    assert session.scalars(select(Concern)).all() == []
