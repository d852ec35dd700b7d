"""How often one link asks within an hour: counted under lock, refused with whom to ring."""

import contextvars
import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.answering.enquiries.operations import (
    EnquiryContent,
    TooManyEnquiries,
    make_enquiry,
    make_enquiry_about_several,
)
from surveyapp.answering.models import Enquiry
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

QUESTION = EnquiryContent("question", "Does the file of 2019 count?")


def ask(audit_request: AuditRequest, number: int, *, after: timedelta = timedelta(0)) -> None:
    with transaction():
        make_enquiry(audit_request, QUESTION, f"press-number-{number}", now=MONDAY_MORNING + after)


@pytest.fixture
def requests(make: Maker) -> list[AuditRequest]:
    return make.requests(make.audit(cases=3, agencies=1))


def test_a_sixth_question_within_an_hour_is_refused_whichever_child_it_is_about(
    requests: list[AuditRequest], make: Maker
) -> None:
    for number in range(5):
        ask(requests[number % 3], number, after=timedelta(minutes=number))
    ask(requests[0], 0, after=timedelta(minutes=10))
    with pytest.raises(TooManyEnquiries, match="You have asked 5 times within an hour"):
        ask(requests[1], 6, after=timedelta(minutes=59))
    ask(make.requests(make.audit(cases=1, agencies=1))[0], 7)
    ask(requests[1], 8, after=timedelta(minutes=60))


def test_two_questions_at_once_do_not_exceed_the_limit(
    app: Flask, requests: list[AuditRequest], session: Session
) -> None:
    for number in range(4):
        ask(requests[0], number)
    ids = [audit_request.id for audit_request in requests]
    session.rollback()
    start, refused = threading.Barrier(3), []

    def press(number: int) -> None:
        with app.app_context():
            audit_request = session.get_one(AuditRequest, ids[number])
            assert audit_request.grant.id
            session.rollback()
            start.wait()
            try:
                ask(audit_request, 10 + number)
            except TooManyEnquiries:
                refused.append(number)
            app.extensions["sqlalchemy"].session.remove()

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(press, number)) for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    assert session.scalar(select(func.count()).select_from(Enquiry)) == 5


def test_the_page_says_whom_to_ring_and_keeps_the_question(
    person: Person, requests: list[AuditRequest], session: Session
) -> None:
    person.starts(session.get_one(Grant, requests[0].grant_id))
    for number in range(5):
        ask(requests[0], number)
    person.opens(requests[1], "ask")
    page = person.presses(
        requests[1], "ask", status=429, kind="question", text="Which year is meant by the last plan?"
    ).text
    assert "You have asked 5 times within an hour, as often as one link may." in page
    assert "Ask this in an hour. If it cannot wait, ring 01234 567890." in page
    assert "Which year is meant by the last plan?" in page


@pytest.mark.parametrize("how_many", [1, 2])
def test_another_text_with_the_id_of_an_earlier_press_counts_too(
    requests: list[AuditRequest], session: Session, how_many: int
) -> None:
    def ask_again(content: EnquiryContent) -> None:
        with transaction():
            make_enquiry_about_several(requests[:how_many], content, "the-same-press", now=MONDAY_MORNING)

    days = [EnquiryContent("more_time", "", date(2027, 1, day)) for day in (11, 12)]
    texts = [EnquiryContent("question", f"Question {number}?") for number in range(3)]
    for content in (*texts, *days):
        ask_again(content)
    for content in (
        EnquiryContent("question", "One more?"),
        EnquiryContent("more_time", "", date(2027, 1, 13)),
    ):
        with pytest.raises(TooManyEnquiries):
            ask_again(content)
    ask_again(texts[0])
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Enquiry)) == 5 * how_many
