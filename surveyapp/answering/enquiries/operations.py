"""Operations on enquiries: a contact asks a question or for more time about one request, staff answer."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select

from surveyapp.answering.access.locks import (
    lock_request_for_contact,
    lock_request_rows,
    lock_rows_of_requests,
)
from surveyapp.answering.enquiries.emails import ENQUIRY, ENQUIRY_ANSWERED
from surveyapp.answering.models import Enquiry
from surveyapp.answering.returns.operations import takes_answers
from surveyapp.answering.returns.queries import return_of
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import RequestWithdrawn
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit

LONGEST_ENQUIRY = 2_000
HOUR = timedelta(hours=1)
PRESS = re.compile(r"[a-zA-Z0-9_-]{8,40}")

EnquiryKind = Literal["question", "more_time"]


class EmptyQuestion(SurveyError):
    """A question without text."""

    def __init__(self) -> None:
        """Ask for the question."""
        super().__init__("Write your question")


class UnusableDueDay(SurveyError):
    """A day that cannot be asked for or given; the message says which days can."""


class EmptyAnswer(SurveyError):
    """An answer without text; only a later due day needs none."""


class TooManyEnquiries(Refused):
    """The link has asked as often within an hour as one link may."""

    status = 429

    def __init__(self) -> None:
        """Set the message, with whom to ring."""
        times = counted(settings().questions_per_hour, "time")
        super().__init__(
            f"You have asked {times} within an hour, as often as one link may.",
            way_on=f"Ask this in an hour. If it cannot wait, ring {settings().contact_telephone}.",
        )


class EnquiryAnsweredAlready(Refused):
    """Somebody else has answered the enquiry."""

    way_on = "Read what was said. If it needs correcting, write to the contact or ring them."

    def __init__(self) -> None:
        """Say that nothing was changed."""
        super().__init__("This has been answered meanwhile, and nothing was changed.")


@dataclass(frozen=True)
class EnquiryContent:
    """What a contact asks: a text, and for more time the day by which they could return the case."""

    kind: EnquiryKind
    text: str
    wanted_on: date | None = None


def make_enquiry(
    audit_request: AuditRequest, content: EnquiryContent, submission_id: str, *, now: datetime
) -> Enquiry:
    """Store an enquiry about one request, as `make_enquiry_about_several` does."""
    return make_enquiry_about_several([audit_request], content, submission_id, now=now)


def make_enquiry_about_several(
    requests: Sequence[AuditRequest], content: EnquiryContent, submission_id: str, *, now: datetime
) -> Enquiry:
    """Store one enquiry about requests of one link, and queue one email without its text.

    Returns the enquiry about the first, with those about the others. Pressing twice asks once. `now` is UTC.
    Raises EmptyQuestion, UnusableDueDay, ReturnsClosed, TooManyEnquiries if the link has reached its limit
    for the hour, and LinkWithdrawn if the link or a request was withdrawn since the page was opened.
    """
    if len(requests) > 1:
        lock_rows_of_requests(requests)
    for audit_request in requests:
        grant = lock_request_for_contact(audit_request)
        if not takes_answers(audit_request, return_of(audit_request), now=now):
            raise ReturnsClosed(audit_request.audit, way_on="Ring instead.")
    contents = [_checked_content(audit_request, content, now=now) for audit_request in requests]
    content = contents[0]
    _check_limit(grant.id, submission_id, now=now)
    enquiry_id = _insert(requests[0], content, submission_id, now=now)
    if enquiry_id is None:
        earlier = session.scalars(select(Enquiry).where(Enquiry.submission_id == submission_id)).one()
        stored = [each.request_id for each in (earlier, *earlier.others)]
        same_words = (earlier.kind, earlier.text, earlier.wanted_on) == (
            content.kind,
            content.text,
            content.wanted_on,
        )
        if same_words and stored == [audit_request.id for audit_request in requests]:
            return earlier
        # The page was used before for something else: with another id this enquiry is stored too, and counts.
        _check_limit(grant.id, "", now=now)
        enquiry_id = _insert(requests[0], content, "", now=now)
    for audit_request in requests[1:]:
        _insert(audit_request, content, "", asked_with=enquiry_id, now=now)
    enquiry = session.scalars(select(Enquiry).where(Enquiry.id == enquiry_id)).one()
    key, source = f"enquiry:{enquiry.id}", f"grant {grant.id}"
    queue_email(ENQUIRY.name, enquiry.id, to=settings().contact_email, key=key, now=now, source=source)
    action = "asked_for_time" if content.kind == "more_time" else "asked_question"
    for audit_request in requests:
        record_event(source, action, f"request {audit_request.id}", now=now)
    return enquiry


def _check_limit(grant_id: int, submission_id: str, *, now: datetime) -> None:
    """Refuse one enquiry too many from a link whose grant is locked.

    Pressing twice is not one more: an enquiry stored within the hour under `submission_id` is let through.
    """
    recent = select(Enquiry.submission_id).where(
        Enquiry.grant_id == grant_id, Enquiry.asked_at > now - HOUR, Enquiry.asked_with_id.is_(None)
    )
    asked = session.scalars(recent).all()
    if submission_id not in asked and len(asked) >= settings().questions_per_hour:
        raise TooManyEnquiries


def _checked_content(
    audit_request: AuditRequest, content: EnquiryContent, *, now: datetime
) -> EnquiryContent:
    text = content.text.strip()[:LONGEST_ENQUIRY]
    if content.kind == "question":
        if not text:
            raise EmptyQuestion
        return EnquiryContent("question", text)
    if content.wanted_on is None:
        raise UnusableDueDay("Enter the day by which you could return it, such as 15 1 2027")
    if content.wanted_on <= local_day(now):
        raise UnusableDueDay("Enter a day after today")
    due = audit_request.due_day
    if due is not None and content.wanted_on <= due:
        raise UnusableDueDay(
            f"You have until {day_in_words(due)} already for {audit_request.case.pseudonym}: "
            "enter a later day"
        )
    return EnquiryContent("more_time", text, content.wanted_on)


def _insert(
    audit_request: AuditRequest,
    content: EnquiryContent,
    submission_id: str,
    *,
    asked_with: int | None = None,
    now: datetime,
) -> int | None:
    row = insert_once(
        Enquiry,
        unique=["submission_id"],
        submission_id=submission_id if PRESS.fullmatch(submission_id) else secrets.token_urlsafe(16),
        asked_with_id=asked_with,
        request_id=audit_request.id,
        grant_id=audit_request.grant_id,
        kind=content.kind,
        text=content.text,
        wanted_on=content.wanted_on,
        asked_at=now,
    )
    return row.id if row else None


@dataclass(frozen=True)
class EnquiryAnswer:
    """The answer to an enquiry: a text, and a later due day for this request alone, if one is given."""

    text: str
    due_on: date | None = None


def record_enquiry_answer(
    enquiry: Enquiry, answer: EnquiryAnswer, *, days: WorkingCalendar, actor: str, now: datetime
) -> bool:
    """Answer an enquiry; a later due day holds for that request alone, and for its chasers.

    What was asked about several requests is answered for all of them, except those withdrawn since. The
    contact who holds the request now gets one email without the text. False if the same answer was stored
    before, so that pressing twice answers once. `now` is UTC. Raises EmptyAnswer, UnusableDueDay,
    RequestWithdrawn, EnquiryAnsweredAlready, and ReturnsClosed for a due day once returns are closed.
    """
    every = [enquiry, *enquiry.others]
    if len(every) > 1:
        lock_rows_of_requests([each.audit_request for each in every])
    for each in every:
        lock_request_rows(each.audit_request)
        lock_row(select(Enquiry).where(Enquiry.id == each.id))
    text, due_on = answer.text.strip()[:LONGEST_ENQUIRY], answer.due_on
    if enquiry.answered_at is not None:
        if (enquiry.answer, enquiry.due_on) == (text, due_on):
            return False
        raise EnquiryAnsweredAlready
    live = [each for each in every if each.audit_request.withdrawn_at is None]
    if not live:
        raise RequestWithdrawn(way_on="Ask again for it first, then answer.")
    if not text and due_on is None:
        raise EmptyAnswer(
            "Write your answer" if enquiry.kind == "question" else "Say why there is no more time"
        )
    if due_on is not None:
        check_due_day(enquiry.audit_request.audit, due_on, days, now=now)
    _answer_each(live, EnquiryAnswer(text, due_on), actor=actor, now=now)
    return True


def _answer_each(enquiries: Sequence[Enquiry], answer: EnquiryAnswer, *, actor: str, now: datetime) -> None:
    """Store an answer with each enquiry, and queue one email to each link that holds any of the requests."""
    told: set[int] = set()
    for each in enquiries:
        audit_request = each.audit_request
        audit_request.due_on = answer.due_on or audit_request.due_on
        each.answer, each.due_on, each.answered_at = answer.text, answer.due_on, now
        if audit_request.grant_id not in told:
            told.add(audit_request.grant_id)
            address, key = audit_request.grant.contact.email, f"enquiry_answered:{each.id}"
            queue_email(ENQUIRY_ANSWERED.name, each.id, to=address, key=key, now=now)
        action = "gave_time" if answer.due_on else "answered_enquiry"
        detail = f"due {answer.due_on}" if answer.due_on else ""
        record_event(actor, action, f"request {audit_request.id}", detail, now=now)


def check_due_day(audit: Audit, due_on: date, days: WorkingCalendar, *, now: datetime) -> None:
    """Check that a due day is a working day in the future, after the audit's and not after the close."""
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
