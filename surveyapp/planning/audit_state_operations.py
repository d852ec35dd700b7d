"""Changes to the dates and state of an audit, for later steps that issue, extend, close or reopen it."""

from datetime import date, datetime

from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.date_rules import DatesOutOfOrder, check_date_order, check_horizon
from surveyapp.planning.models import Audit


def change_dates(audit: Audit, *, due_on: date, close_on: date, actor: str, now: datetime) -> None:
    """Move the due and closing days of an audit; raises DatesOutOfOrder. `now` is UTC."""
    check_date_order(audit.issue_on, due_on, close_on)
    check_horizon(due_on, close_on, now=now)
    audit.due_on = due_on
    set_close_day(audit, close_on)
    record_event(actor, "changed_dates", f"audit {audit.id}", f"due {due_on}, close {close_on}", now=now)


def set_close_day(audit: Audit, close_on: date | None) -> None:
    """Store the UK day on which returns close, and the moment: the closing hour of that day, in UTC."""
    audit.close_on = close_on
    audit.closes_at = None if close_on is None else utc_moment(close_on, settings().close_at)


def note_involvement_asked(audit: Audit, *, answer_by: date | None, now: datetime) -> None:
    """Record that agencies were asked which children they knew, and by when they are to answer.

    Asking again keeps the first moment. `now` is UTC.
    """
    audit.involvement_asked_at = audit.involvement_asked_at or now
    audit.involvement_answer_by = answer_by


def mark_as_example(audit: Audit) -> None:
    """Record that an audit is the example, before it is issued: no email about it goes to anybody."""
    audit.is_example = True


def mark_issued(audit: Audit, *, definition_json: str, now: datetime) -> None:
    """Record that requests were sent, and freeze the form. A second issue changes neither."""
    if audit.issued_at is None:
        audit.issued_at, audit.form_definition = now, definition_json


def mark_closed(audit: Audit, *, now: datetime) -> None:
    """Record that returns are closed. Closing again keeps the first moment."""
    if audit.closed_at is None:
        audit.closed_at = now
        audit.closes_at = min(audit.closes_at or now, now)


def mark_answers_removed(audit: Audit, *, counts: dict[str, int], now: datetime) -> None:
    """Record that an audit’s answers begin to be removed for good at `now` (UTC), and what is kept of them.

    `counts` are of its cases and agencies, and those of its tally. Its key to the children goes at once.
    """
    audit.answers_removed_at, audit.kept_counts = now, counts
    audit.key_message, audit.reopened_reason = "", None


def mark_reopened(audit: Audit, *, close_on: date, reason: str, now: datetime) -> None:
    """Record that returns are open again until the closing hour of `close_on`, and the reason.

    Raises DatesOutOfOrder, also for a closing hour that has passed.
    """
    check_date_order(audit.issue_on, audit.due_on, close_on)
    check_horizon(close_on, now=now)
    set_close_day(audit, close_on)
    if audit.closes_at is not None and audit.closes_at <= now:
        raise DatesOutOfOrder(f"{day_in_words(close_on)} has passed: choose a later day.")
    audit.closed_at = None
    audit.reopened_reason = "\n".join(filter(None, (audit.reopened_reason, reason)))
