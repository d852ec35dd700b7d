"""The operation that gives a contact more time without their asking for it."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from surveyapp.answering.access.locks import lock_rows_of_requests
from surveyapp.answering.enquiries.emails import ENQUIRY_ANSWERED
from surveyapp.answering.enquiries.operations import (
    LONGEST_ENQUIRY,
    PRESS,
    UnusableDueDay,
    check_due_day,
)
from surveyapp.answering.models import Enquiry
from surveyapp.answering.returns.queries import return_of
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import insert_once
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import AuditRequest


class NotOutstanding(Refused):
    """A request is not outstanding any more, so it needs no time."""

    way_on = "Look at the list again."

    def __init__(self, audit_request: AuditRequest) -> None:
        """Name the case."""
        super().__init__(f"{audit_request.case.pseudonym} is not outstanding any more. Nothing was changed.")


def give_time(  # noqa: PLR0913 — what is given, and by whom
    requests: Sequence[AuditRequest],
    due_on: date,
    *,
    days: WorkingCalendar,
    note: str = "",
    press_id: str = "",
    actor: str,
    now: datetime,
) -> bool:
    """Give some of a contact's requests a later day of their own, without being asked.

    The contact gets one email that they have more time; the note is on the page of each return. False if the
    same press gave it before. `requests` are of one contact, one at least; `now` is UTC. Raises
    UnusableDueDay, ReturnsClosed, and NotOutstanding if one was returned or withdrawn meanwhile.
    """
    lock_rows_of_requests(requests)
    first = requests[0]
    check_due_day(first.audit, due_on, days, now=now)
    stored = _store(first, due_on, note, press_id, asked_with=None, now=now)
    if stored is None:
        return False
    for audit_request in requests:
        _check_outstanding(audit_request, due_on)
        if audit_request is not first:
            _store(audit_request, due_on, note, "", asked_with=stored.id, now=now)
        audit_request.due_on = due_on
        record_event(actor, "gave_time", f"request {audit_request.id}", f"due {due_on}", now=now)
    address, key = first.grant.contact.email, f"enquiry_answered:{stored.id}"
    queue_email(ENQUIRY_ANSWERED.name, stored.id, to=address, key=key, now=now)
    return True


def _check_outstanding(audit_request: AuditRequest, due_on: date) -> None:
    audit_return = return_of(audit_request)
    if audit_request.withdrawn_at is not None or (audit_return is not None and audit_return.has_returned):
        raise NotOutstanding(audit_request)
    due = audit_request.due_day
    if due is not None and due_on <= due:
        raise UnusableDueDay(
            f"{audit_request.case.pseudonym} has until {day_in_words(due)} already: give a later day"
        )


def _store(  # noqa: PLR0913 — one for each column that differs
    audit_request: AuditRequest,
    due_on: date,
    note: str,
    press_id: str,
    *,
    asked_with: int | None,
    now: datetime,
) -> Enquiry | None:
    """Store the time given beside the enquiries of a request; None if this press was stored before."""
    return insert_once(
        Enquiry,
        unique=["submission_id"],
        submission_id=press_id if PRESS.fullmatch(press_id) else secrets.token_urlsafe(16),
        asked_with_id=asked_with,
        request_id=audit_request.id,
        grant_id=audit_request.grant_id,
        kind="given",
        text="",
        asked_at=now,
        answer=note.strip()[:LONGEST_ENQUIRY],
        due_on=due_on,
        answered_at=now,
    )
