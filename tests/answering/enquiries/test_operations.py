"""Enquiries and their answers: what is stored, what is refused, which emails are queued."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.access.locks import LinkWithdrawn
from surveyapp.answering.enquiries.emails import ENQUIRY, ENQUIRY_ANSWERED
from surveyapp.answering.enquiries.operations import (
    EmptyAnswer,
    EmptyQuestion,
    EnquiryAnswer,
    EnquiryAnsweredAlready,
    EnquiryContent,
    UnusableDueDay,
    make_enquiry,
    record_enquiry_answer,
)
from surveyapp.answering.enquiry_queries import enquiries_in, last_enquiry_answered
from surveyapp.answering.models import Enquiry
from surveyapp.answering.returns.operations import allow_late_return
from surveyapp.closing.operations import close_returns, extend_returns
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.issuing.withdrawal_operations import RequestWithdrawn, withdraw_request
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
QUESTION = EnquiryContent("question", "Does Ben’s file of 2019 count?")
MORE_TIME = EnquiryContent("more_time", "The file is in the archive.", date(2026, 12, 22))
NO_DAY = "Enter the day by which you could return it, such as 15 1 2027"
AFTER_CLOSE = (
    "Returns close on Friday 15 January 2027: give that day or an earlier one, or extend the audit first"
)
STAFF = "audits@partnership.example"


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=[make.agency("Northside Police", contact="audit@police.example")])


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    return make.requests(audit)[0]


def asks(audit_request: AuditRequest, asked: EnquiryContent = MORE_TIME, press: str = "press-one") -> Enquiry:
    with transaction():
        return make_enquiry(audit_request, asked, press, now=MONDAY_MORNING)


def answers(enquiry: Enquiry, text: str = "", due_on: date | None = None) -> bool:
    with transaction():
        told = EnquiryAnswer(text, due_on)
        return record_enquiry_answer(
            enquiry, told, days=working_calendar(), actor="staff 1", now=MONDAY_MORNING
        )


def test_a_question_is_stored_and_the_email_to_the_partnership_omits_its_text(
    first: AuditRequest, outbox: Queued, session: Session
) -> None:
    enquiry = asks(first, QUESTION)
    assert (enquiry.kind, enquiry.text, enquiry.wanted_on) == ("question", QUESTION.text, None)
    assert (enquiry.grant_id, enquiry.asked_at) == (first.grant_id, MONDAY_MORNING)
    (mail,) = outbox()
    assert (mail.kind, mail.to_addr, mail.dedupe_key) == ("enquiry", STAFF, f"enquiry:{enquiry.id}")
    email = ENQUIRY.word(enquiry.id, STAFF)
    assert email is not None
    worded = render_email(email)
    for text in (worded.subject, worded.text, worded.html):
        assert "Ben" not in text
        assert first.reference in worded.subject
        assert "Child" not in text
    assert f"/audits/{first.audit_id}/enquiries" in worded.text
    assert "/r/" not in worded.text
    (event,) = session.query(Event).filter_by(action="asked_question")
    assert (event.actor, event.object, event.detail) == (
        f"grant {first.grant_id}",
        f"request {first.id}",
        "",
    )


def test_the_email_about_more_time_says_the_day_and_no_reason(first: AuditRequest) -> None:
    email = ENQUIRY.word(asks(first).id, STAFF)
    assert email is not None
    worded = render_email(email)
    assert worded.subject == f"More time is asked for: reference {first.reference}"
    assert "Due by: Friday 18 December 2026\nThey could return it by: Tuesday 22 December 2026" in worded.text
    assert "archive" not in worded.text + worded.html


def test_pressing_twice_makes_one_enquiry_and_another_text_on_the_same_page_makes_a_second(
    first: AuditRequest, outbox: Queued, session: Session
) -> None:
    assert asks(first, QUESTION).id == asks(first, QUESTION).id
    assert len(outbox()) == 1
    other = asks(first, EnquiryContent("question", "Another one"))
    assert other.submission_id != "press-one"
    assert [enquiry.text for enquiry in session.query(Enquiry).order_by(Enquiry.id)] == [
        QUESTION.text,
        "Another one",
    ]
    assert len(outbox()) == 2


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (EnquiryContent("question", "  "), EmptyQuestion, "Write your question"),
        (
            EnquiryContent("more_time", "Why"),
            UnusableDueDay,
            "Enter the day by which you could return it, such as 15 1 2027",
        ),
        (EnquiryContent("more_time", "", date(2026, 11, 30)), UnusableDueDay, "Enter a day after today"),
        (
            EnquiryContent("more_time", "", date(2026, 12, 18)),
            UnusableDueDay,
            "You have until Friday 18 December 2026 already for Child 1: enter a later day",
        ),
    ],
)
def test_an_enquiry_that_cannot_be_sent_is_refused_in_a_sentence(
    first: AuditRequest, asked: EnquiryContent, error: type[Exception], words: str, session: Session
) -> None:
    with pytest.raises(error) as refused:
        asks(first, asked)
    assert str(refused.value) == words
    assert session.query(Enquiry).count() == 0


def test_no_enquiry_is_taken_for_a_withdrawn_link_or_request_or_after_close(
    audit: Audit, make: Maker, first: AuditRequest
) -> None:
    second = make.requests(audit)[1]
    with transaction():
        withdraw_request(first, reason="Moved", actor="staff 1", now=MONDAY_MORNING)
    with pytest.raises(LinkWithdrawn):
        asks(first)
    with transaction():
        close_returns(audit, actor="staff 1", now=MONDAY_MORNING)
    with pytest.raises(ReturnsClosed, match="Returns closed on Monday 30 November 2026 at 9:00am"):
        asks(second)
    with transaction():
        allow_late_return(second, actor="staff 1", now=MONDAY_MORNING)
    assert asks(second, QUESTION).kind == "question"


def test_a_day_given_is_set_for_this_request_only_and_emailed_to_its_holder(
    audit: Audit, make: Maker, first: AuditRequest, outbox: Queued, session: Session
) -> None:
    enquiry = asks(first)
    assert answers(enquiry, "Ring Ben if you need the archive.", date(2026, 12, 22))
    assert (first.due_on, first.due_day) == (date(2026, 12, 22), date(2026, 12, 22))
    assert make.requests(audit)[1].due_day == audit.due_on == date(2026, 12, 18)
    mail = outbox()[-1]
    assert (mail.kind, mail.to_addr) == ("enquiry_answered", "audit@police.example")
    email = ENQUIRY_ANSWERED.word(enquiry.id, "audit@police.example")
    assert email is not None
    worded = render_email(email)
    assert worded.subject == f"You have more time: reference {first.reference}"
    assert "You now have until: Tuesday 22 December 2026" in worded.text
    assert link_for(first.grant) in worded.text
    assert "Ben" not in worded.text + worded.html
    (event,) = session.query(Event).filter_by(action="gave_time")
    assert (event.actor, event.detail) == ("staff 1", "due 2026-12-22")


def test_a_refusal_keeps_the_day_and_says_so(first: AuditRequest) -> None:
    enquiry = asks(first)
    assert answers(enquiry, "The report is due.")
    assert first.due_on is None
    email = ENQUIRY_ANSWERED.word(enquiry.id, "audit@police.example")
    assert email is not None
    worded = render_email(email)
    assert worded.subject == f"There is an answer for you: reference {first.reference}"
    assert "Return by, as before: Friday 18 December 2026" in worded.text


def test_the_answer_goes_to_whoever_holds_the_request_now(
    first: AuditRequest, outbox: Queued, session: Session
) -> None:
    enquiry = asks(first)
    deputy = Contact(name="Sam Deputy", email="deputy@police.example", role="deputy")
    first.agency.contacts.append(deputy)
    session.commit()
    with transaction():
        replace_contact(first.grant, deputy, actor="staff 1", now=MONDAY_MORNING)
    session.refresh(first)
    answers(enquiry, "Yes")
    assert outbox()[-1].to_addr == "deputy@police.example"
    assert ENQUIRY_ANSWERED.word(enquiry.id, "audit@police.example") is None
    assert ENQUIRY_ANSWERED.word(enquiry.id, "deputy@police.example") is not None


def test_no_email_is_worded_before_an_answer_or_about_an_answered_enquiry(
    first: AuditRequest, session: Session
) -> None:
    enquiry = asks(first)
    assert ENQUIRY_ANSWERED.word(enquiry.id, "audit@police.example") is None
    assert ENQUIRY.word(enquiry.id, "old@partnership.example") is None
    answers(enquiry, "No")
    assert ENQUIRY.word(enquiry.id, STAFF) is None
    first.grant.revoked_at = MONDAY_MORNING
    session.commit()
    assert ENQUIRY_ANSWERED.word(enquiry.id, "audit@police.example") is None


def test_the_same_answer_twice_counts_once_and_another_answer_is_refused(
    first: AuditRequest, outbox: Queued
) -> None:
    enquiry = asks(first)
    assert answers(enquiry, "Yes", date(2026, 12, 22))
    assert not answers(enquiry, "Yes", date(2026, 12, 22))
    with pytest.raises(EnquiryAnsweredAlready):
        answers(enquiry, "No")
    assert enquiry.answer == "Yes"
    assert len(outbox()) == 2


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 11, 30), "Give a day after today"),
        (
            date(2026, 12, 18),
            "All returns of this audit are due by Friday 18 December 2026 anyway: give a later day",
        ),
        (
            date(2026, 12, 25),
            "Friday 25 December 2026 is not a working day. The next one is Tuesday 29 December 2026",
        ),
        (
            date(2027, 1, 18),
            AFTER_CLOSE,
        ),
    ],
)
def test_an_unusable_day_is_refused_with_the_usable_ones(
    first: AuditRequest, due_on: date, words: str
) -> None:
    enquiry = asks(first)
    with pytest.raises(UnusableDueDay) as refused:
        answers(enquiry, "Yes", due_on)
    assert refused.value.message == words
    assert (enquiry.answered_at, first.due_on) == (None, None)


def test_the_closing_day_can_be_given(first: AuditRequest) -> None:
    assert answers(asks(first), "", date(2027, 1, 15))


def test_after_close_an_answer_can_have_words_but_no_day(audit: Audit, first: AuditRequest) -> None:
    enquiry = asks(first)
    with transaction():
        close_returns(audit, actor="staff 1", now=MONDAY_MORNING)
    with pytest.raises(ReturnsClosed, match="so no later day can be given") as refused:
        answers(enquiry, "Yes", date(2026, 12, 22))
    assert refused.value.way_on == "Reopen the audit first."
    assert answers(enquiry, "Too late, sorry.")


def test_an_answer_needs_words_or_a_day_and_a_request_that_is_not_withdrawn(first: AuditRequest) -> None:
    question, time = asks(first, QUESTION), asks(first, press="press-two")
    with pytest.raises(EmptyAnswer, match="Write your answer"):
        answers(question)
    with pytest.raises(EmptyAnswer, match="Say why there is no more time"):
        answers(time)
    with transaction():
        withdraw_request(first, reason="Moved", actor="staff 1", now=MONDAY_MORNING)
    with pytest.raises(RequestWithdrawn):
        answers(question, "Yes")


def test_the_later_of_two_days_holds_when_the_audit_is_extended(audit: Audit, first: AuditRequest) -> None:
    answers(asks(first), "", date(2026, 12, 22))
    for due_on, holds in ((date(2026, 12, 21), date(2026, 12, 22)), (date(2026, 12, 23), date(2026, 12, 23))):
        with transaction():
            extend_returns(audit, to=date(2027, 1, 15), due_on=due_on, actor="staff 1", now=MONDAY_MORNING)
        assert first.due_day == holds
    assert not first.has_more_time


def test_waiting_enquiries_come_first_the_oldest_before_the_others(
    audit: Audit, make: Maker, first: AuditRequest
) -> None:
    second = make.requests(audit)[1]
    done, old = asks(first, QUESTION, "press-one"), asks(second, QUESTION, "press-two")
    new = asks(first, MORE_TIME, "press-three")
    answers(done, "Yes")
    assert [enquiry.id for enquiry in enquiries_in(audit)] == [old.id, new.id, done.id]
    assert last_enquiry_answered([first.id, second.id]) == {first.id: False, second.id: False}
    answers(old, "Yes")
    assert last_enquiry_answered([first.id, second.id]) == {first.id: False, second.id: True}


def test_asking_and_answering_take_few_statements(
    first: AuditRequest, queries: Callable[[int], object], session: Session
) -> None:
    session.rollback()
    with queries(14):  # type: ignore[attr-defined]
        enquiry = asks(first)
    with queries(16):  # type: ignore[attr-defined]
        answers(enquiry, "Yes", date(2026, 12, 22))


def test_no_email_about_an_answer_goes_out_for_a_withdrawn_request_or_link(
    first: AuditRequest, session: Session
) -> None:
    enquiry = asks(first, QUESTION)
    answers(enquiry, "It counts.")
    address = first.grant.contact.email
    assert ENQUIRY_ANSWERED.word(enquiry.id, address) is not None
    assert ENQUIRY_ANSWERED.word(enquiry.id, "old@police.example") is None
    for row, column in ((first, "withdrawn_at"), (first.grant, "revoked_at")):
        setattr(row, column, MONDAY_MORNING)
        session.flush()
        assert ENQUIRY_ANSWERED.word(enquiry.id, address) is None, column
        setattr(row, column, None)
        session.flush()
    assert ENQUIRY_ANSWERED.word(enquiry.id, address) is not None
