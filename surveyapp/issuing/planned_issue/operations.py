"""Operations that plan the issue of an audit for its day, take the plan back, and issue what is due."""

import logging
from datetime import datetime
from functools import partial

from sqlalchemy import select

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.chosen_transport import check_text_is_own
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.one_by_one import done_alone
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.issuing.operations import NotReady, issue_requests
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.issue_day import by_itself_at
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.planning.readiness import readiness

log = logging.getLogger("surveyapp.issuing")


class IssueHourPassed(Refused):
    """The hour at which the audit would be issued by itself has passed."""

    way_on = "Issue it now, or choose a later day where it is set up."


def plan_issue(audit: Audit, *, actor: str, now: datetime) -> datetime:
    """Plan that the worker issues an audit on its day, and return the moment (UTC); twice is as good as once.

    What is ticked on that day is issued. Raises AlreadyIssued, IssueHourPassed, ExampleTextLeft, and NotReady
    with what must be put right first.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued already.")
    # The day on which it is issued counts: a due day before it refuses the plan today.
    ready = readiness(audit, today=max(filter(None, (audit.issue_on, local_day(now)))))
    if ready.refusals or audit.issue_on is None:
        raise NotReady(ready.refusals)
    begins_at = sending_begins_at(audit.issue_on)
    if begins_at <= now:
        raise IssueHourPassed(f"{moment_in_words(begins_at)} has passed.")
    check_text_is_own()
    if audit.issue_planned_at is None:
        audit.issue_planned_at, audit.issue_planned_by = now, actor
        record_event(actor, "planned_issue", f"audit {audit.id}", f"for {audit.issue_on}", now=now)
    return begins_at


def drop_planned_issue(audit: Audit, *, actor: str, now: datetime) -> bool:
    """Take the plan back: the audit stays as it is until somebody issues it. False if nothing was planned.

    Raises AlreadyIssued.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued already.")
    if audit.issue_planned_at is None:
        return False
    audit.issue_planned_at, audit.issue_planned_by = None, ""
    record_event(actor, "dropped_planned_issue", f"audit {audit.id}", now=now)
    return True


def issue_planned_audits(now: datetime) -> int:
    """Issue the audits whose planned hour has come, and return how many were issued. `now` is UTC.

    An audit that is not ready stays as it is and is tried again each minute; what waits for staff says why.
    """
    due = select(Audit).where(
        Audit.issue_planned_at.is_not(None), Audit.issued_at.is_(None), Audit.issue_on <= local_day(now)
    )
    return sum(
        done_alone(
            partial(_issue_if_due, audit, now=now),
            f"Audit {audit.id} could not be issued on its day",
            log=log,
            is_expected=(Refused,),
        )
        for audit in session.scalars(due.order_by(Audit.id)).all()
    )


def _issue_if_due(audit: Audit, *, now: datetime) -> bool:
    lock_audit(audit)
    moment = by_itself_at(audit, now=now)
    if not audit.issues_by_itself or moment is None or moment > now:
        return False
    return issue_requests(audit, actor=audit.issue_planned_by, now=now).requests > 0
