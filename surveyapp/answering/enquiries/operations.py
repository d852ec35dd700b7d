"""Asking a question or for more time about one request, and answering it; a day that is given is its own."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from surveyapp.answering.emails import ENQUIRY, ENQUIRY_ANSWERED
from surveyapp.answering.models import Enquiry
from surveyapp.answering.returns.operations import lock_request_for_contact, lock_request_rows, takes_answers
from surveyapp.answering.returns.queries import return_of
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import RequestWithdrawn
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import ReturnsClosed

LONGEST_ENQUIRY = 2_000
_PRESS = re.compile(r"[a-zA-Z0-9_-]{8,40}")

EnquiryKind = Literal["question", "more_time"]


class EmptyQuestion(SurveyError):
    """A question without words."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__("Write your question")


class UnusableDueDay(SurveyError):
    """A day that cannot be asked for, or given; the sentence says which could."""


class EmptyAnswer(SurveyError):
    """A question is answered in words, and so is a no."""


class EnquiryAnsweredAlready(Refused):
    """Somebody else has answered it."""

    way_on = "Read what was said. If it needs correcting, write to the contact or ring them."

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This has been answered meanwhile, and nothing was changed.")


@dataclass(frozen=True)
class EnquiryContent:
    """What a contact asks: in words, and for more time the day by which they could return it."""

    kind: EnquiryKind
    text: str
    wanted_on: date | None = None


def make_enquiry(
    audit_request: AuditRequest, asked: EnquiryContent, submission_id: str, *, now: datetime
) -> Enquiry:
    """Ask the partnership about a request; it gets an email without the words. Pressing twice asks once.

    `now` is UTC. Raises NothingAsked, WrongDay, ReturnsClosed, and LinkWithdrawn where the link or the
    request was withdrawn since the page was opened.
    """
    grant = lock_request_for_contact(audit_request)
    if not takes_answers(audit_request, return_of(audit_request), now=now):
        raise ReturnsClosed(audit_request.audit, way_on="Ring instead.")
    asked = _checked_content(audit_request, asked, now=now)
    row = _insert(audit_request, asked, submission_id, now=now)
    if row is None:
        earlier = session.scalars(select(Enquiry).where(Enquiry.submission_id == submission_id)).one()
        before = earlier.request_id, earlier.kind, earlier.text, earlier.wanted_on
        if before == (audit_request.id, asked.kind, asked.text, asked.wanted_on):
            return earlier
        # A stale page's id is replaced, so that another question is asked too.
        row = _insert(audit_request, asked, "", now=now)
    enquiry = session.scalars(select(Enquiry).where(Enquiry.id == row)).one()
    queue_email(ENQUIRY.name, enquiry.id, to=settings().contact_email, key=f"enquiry:{enquiry.id}", now=now)
    action = "asked_for_time" if asked.kind == "more_time" else "asked_question"
    record_event(f"grant {grant.id}", action, f"request {audit_request.id}", now=now)
    return enquiry


def _checked_content(audit_request: AuditRequest, asked: EnquiryContent, *, now: datetime) -> EnquiryContent:
    text = asked.text.strip()[:LONGEST_ENQUIRY]
    if asked.kind == "question":
        if not text:
            raise EmptyQuestion
        return EnquiryContent("question", text)
    if asked.wanted_on is None:
        raise UnusableDueDay("Enter the day by which you could return it, such as 15 1 2027")
    if asked.wanted_on <= local_day(now):
        raise UnusableDueDay("Enter a day after today")
    due = audit_request.due_day
    if due is not None and asked.wanted_on <= due:
        raise UnusableDueDay(f"You have until {day_in_words(due)} already: enter a later day")
    return EnquiryContent("more_time", text, asked.wanted_on)


def _insert(
    audit_request: AuditRequest, asked: EnquiryContent, submission_id: str, *, now: datetime
) -> int | None:
    row = insert_once(
        Enquiry,
        unique=["submission_id"],
        submission_id=submission_id if _PRESS.fullmatch(submission_id) else secrets.token_urlsafe(16),
        request_id=audit_request.id,
        grant_id=audit_request.grant_id,
        kind=asked.kind,
        text=asked.text,
        wanted_on=asked.wanted_on,
        asked_at=now,
    )
    return row.id if row else None


@dataclass(frozen=True)
class EnquiryAnswer:
    """What a contact is told: in words, and the day they are given for this request alone, if any."""

    text: str
    due_on: date | None = None


def record_enquiry_answer(
    enquiry: Enquiry, answered: EnquiryAnswer, *, days: WorkingCalendar, actor: str, now: datetime
) -> bool:
    """Answer what a contact asked; a day that is given holds for that request alone, for its chasers too.

    Whoever holds the request now gets an email without the words. False where just this was answered before:
    pressing twice is once. `now` is UTC. Raises NoAnswer, WrongDay, ReturnsClosed for a day once they are,
    Withdrawn, and AnsweredAlready.
    """
    audit_request = enquiry.audit_request
    grant = lock_request_rows(audit_request)
    session.refresh(enquiry, with_for_update=True)
    text, due_on = answered.text.strip()[:LONGEST_ENQUIRY], answered.due_on
    if enquiry.answered_at is not None:
        if (enquiry.answer, enquiry.due_on) == (text, due_on):
            return False
        raise EnquiryAnsweredAlready
    if audit_request.withdrawn_at is not None:
        raise RequestWithdrawn(way_on="Ask again for it first, then answer.")
    if not text and due_on is None:
        raise EmptyAnswer(
            "Write your answer" if enquiry.kind == "question" else "Say why there is no more time"
        )
    if due_on is not None:
        _check_day(audit_request.audit, due_on, days, now=now)
        audit_request.due_on = due_on
    enquiry.answer, enquiry.due_on, enquiry.answered_at = text, due_on, now
    key = f"enquiry_answered:{enquiry.id}"
    queue_email(ENQUIRY_ANSWERED.name, enquiry.id, to=grant.contact.email, key=key, now=now)
    action = "gave_time" if due_on else "answered_enquiry"
    record_event(actor, action, f"request {audit_request.id}", f"due {due_on}" if due_on else "", now=now)
    return True


def _check_day(audit: Audit, due_on: date, days: WorkingCalendar, *, now: datetime) -> None:
    """A day that is given is worked, still to come, later than the audit's, and not after the close."""
    if audit.is_closed(now):
        raise ReturnsClosed(audit, so=", so no later day can be given", way_on="Reopen the audit first.")
    if due_on <= local_day(now):
        raise UnusableDueDay("Give a day after today")
    if audit.due_on is not None and due_on <= audit.due_on:
        raise UnusableDueDay(
            f"All returns of this audit are due by {day_in_words(audit.due_on)} anyway: give a later day"
        )
    if audit.close_on is not None and due_on > audit.close_on:
        raise UnusableDueDay(
            f"Returns close on {day_in_words(audit.close_on)}: give that day or an earlier one, "
            "or extend the audit first"
        )
    if not days.is_working_day(due_on):
        next_one = day_in_words(days.next_working_day(due_on))
        raise UnusableDueDay(f"{day_in_words(due_on)} is not a working day. The next one is {next_one}")
