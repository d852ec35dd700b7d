"""Operations that close, extend and reopen returns, and that allow a late return."""

from datetime import date, datetime

from sqlalchemy import select

from surveyapp.answering.returns import operations as answering
from surveyapp.chasing.operations import skip_past_slots
from surveyapp.foundation.calendar.working_days import add_working_days
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.settings import settings
from surveyapp.foundation.signals import announce, returns_closed
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Grant
from surveyapp.issuing.withdrawal_operations import RequestWithdrawn
from surveyapp.planning import audit_state_operations as planning
from surveyapp.planning.errors import ReturnsClosed, check_answers_kept
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import tally

LONGEST_REASON = 300
# Working days for which returns are reopened if nobody chooses a day.
REOPENED_WORKING_DAYS = 5


class ClosingBeforeIssue(Refused):
    """The audit has not been issued, so its returns neither close nor reopen."""


class DatesMissing(Refused):
    """The audit has no dates to move."""

    way_on = "Give it its dates where it is set up."


class ReturnsOpen(Refused):
    """Returns are open, and the operation needs them closed."""


class UnusableClosingDay(SurveyError):
    """Returns cannot close, or be due, on this day; the message says which days are possible."""


class ReopeningWithoutReason(SurveyError):
    """No reason was given for reopening returns."""


def close_returns(audit: Audit, *, actor: str, now: datetime) -> bool:
    """Close an audit's returns: from the commit on no answer counts, and queued chasers are cancelled.

    False if they are closed already. `now` is UTC. Raises ClosingBeforeIssue.
    """
    # Answering locks the audit's row shared, so no return is stored while this lock is held (promises 3.1).
    session.refresh(audit, with_for_update=True)
    if not audit.is_issued:
        raise ClosingBeforeIssue("This audit has not been issued, so there is nothing to close.")
    if audit.closed_at is not None:
        return False
    # An email being sent has locked its grant: it is sent before the close, or not at all.
    grants = select(Grant.id).where(Grant.audit_id == audit.id).order_by(Grant.id).with_for_update()
    grant_ids = session.scalars(grants).all()
    tally_in_words = tally(audit, now=now).in_words
    planning.mark_closed(audit, now=now)
    session.flush()
    # After the close nobody is asked for anything.
    cancel_emails(MAIL_ABOUT_A_GRANT, *grant_ids, now=now, why="Returns closed.")
    record_event(actor, "closed_returns", f"audit {audit.id}", tally_in_words, now=now)
    announce(returns_closed, audit_id=audit.id)
    return True


def close_due_audits(now: datetime) -> int:
    """Close every audit whose closing hour has passed, and return how many were closed. `now` is UTC."""
    due = select(Audit).where(Audit.issued_at.is_not(None), Audit.closed_at.is_(None), Audit.closes_at <= now)
    return sum(
        close_returns(audit, actor="worker", now=now)
        for audit in session.scalars(due.order_by(Audit.id)).all()
    )


def extend_returns(audit: Audit, *, to: date, actor: str, now: datetime, due_on: date | None = None) -> bool:
    """Give agencies longer: returns close on `to`, and are due on `due_on` if that day moves too.

    Chasers follow the due day. False if the dates are these already. `now` is UTC. Raises UnusableClosingDay,
    DatesMissing, ReturnsClosed.
    """
    session.refresh(audit, with_for_update=True)
    if audit.is_closed(now):
        raise ReturnsClosed(audit, way_on="Reopen them with a reason, and say until when.")
    due_on = due_on or audit.due_on
    if due_on is None or audit.close_on is None:
        raise DatesMissing("This audit has no dates to move yet.")
    if (to, due_on) == (audit.close_on, audit.due_on):
        return False
    if to < audit.close_on:
        raise UnusableClosingDay(
            f"Returns close on {day_in_words(audit.close_on)} as it is. Choose that day or a later one; "
            "to close sooner, close by hand."
        )
    if due_on != audit.due_on and due_on < local_day(now):
        raise UnusableClosingDay(
            f"{day_in_words(due_on)} has passed. Choose today or a later day to return by."
        )
    if due_on > to:
        raise UnusableClosingDay(f"Returns cannot be due after they close, on {day_in_words(to)}.")
    planning.change_dates(audit, due_on=due_on, close_on=to, actor=actor, now=now)
    session.flush()
    skip_past_slots(audit, now=now)
    return True


def reopen(audit: Audit, *, to: date, reason: str, actor: str, now: datetime) -> bool:
    """Take returns again until the closing hour of `to`, and store the reason.

    False if they are open until that day already. `now` is UTC. Raises UnusableClosingDay,
    ReopeningWithoutReason, ClosingBeforeIssue, ReturnsOpen if they are open until another day, and
    AnswersRemoved once its returns were purged.
    """
    session.refresh(audit, with_for_update=True)
    if not audit.is_issued:
        raise ClosingBeforeIssue("This audit has not been issued, so there is nothing to reopen.")
    check_answers_kept(audit)
    if not audit.is_closed(now):
        if audit.close_on == to:
            return False
        raise ReturnsOpen("Returns are open.", way_on="To give agencies longer, extend them.")
    if not reason.strip():
        raise ReopeningWithoutReason("Say why returns are opened again.")
    if utc_moment(to, settings().close_at) <= now:
        raise UnusableClosingDay(f"The closing hour of {day_in_words(to)} has passed. Choose a later day.")
    if audit.due_on is not None and to < audit.due_on:
        raise UnusableClosingDay(
            f"Returns cannot close before {day_in_words(audit.due_on)}, when they are due."
        )
    planning.mark_reopened(audit, close_on=to, reason=reason.strip()[:LONGEST_REASON], now=now)
    session.flush()
    skip_past_slots(audit, now=now)
    record_event(actor, "reopened_returns", f"audit {audit.id}", f"until {to}", now=now)
    return True


def default_reopening_day(audit: Audit, *, now: datetime) -> date:
    """The day until which returns are reopened by default; never before the day on which they are due."""
    soon = add_working_days(local_day(now), REOPENED_WORKING_DAYS)
    return max(soon, audit.due_on) if audit.due_on else soon


def allow_late(audit_request: AuditRequest, *, actor: str, now: datetime) -> None:
    """Allow one request to be returned after the close, marked late.

    `now` is UTC. Raises ReturnsOpen before the close, RequestWithdrawn for a withdrawn request.
    """
    audit = audit_request.audit
    if not audit.is_closed(now):
        raise ReturnsOpen("Returns are open, so nothing is late yet.")
    if audit_request.withdrawn_at is not None:
        raise RequestWithdrawn(way_on="Ask again for it first.")
    answering.allow_late_return(audit_request, actor=actor, now=now)
