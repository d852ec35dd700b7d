"""The tally of audits, in which every count of requests originates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, due_day, is_overdue
from surveyapp.issuing.queries import last_link_emails
from surveyapp.planning.models import Audit
from surveyapp.tracking.request_state import has_draft, request_state, select_from_requests
from surveyapp.tracking.tally import OUTSTANDING_STATES, StateCount, Tally


def tally(audit: Audit, *, now: datetime) -> Tally:
    """The counts of one audit, for every page, command, email and export. `now` is UTC."""
    return tallies([audit], now=now)[audit.id]


def tallies(audits: Sequence[Audit], *, now: datetime) -> dict[int, Tally]:
    """The counts of several audits by audit id, in one statement."""
    return {audit_id: tally for audit_id, (tally, _days) in tallies_and_due_days(audits, now=now).items()}


def tallies_and_due_days(
    audits: Sequence[Audit], *, now: datetime
) -> dict[int, tuple[Tally, frozenset[date]]]:
    """The counts of several audits, each with the due days of its outstanding requests, in one statement.

    Of an audit whose answers were removed for good: the counts that were kept.
    """
    audit_ids = [audit.id for audit in audits]
    last_emails = last_link_emails(audit_ids)
    state, draft = request_state(last_emails).label("word"), has_draft().label("draft")
    groups = AuditRequest.audit_id, AuditRequest.due_on
    columns: Any = select(*groups, state, draft, func.count())
    rows = session.execute(
        select_from_requests(columns, audit_ids, last_emails).group_by(*groups, state, draft)
    )
    audit_due_on = {audit.id: audit.due_on for audit in audits}
    state_counts: defaultdict[int, list[StateCount]] = defaultdict(list)
    due_days: defaultdict[int, set[date]] = defaultdict(set)
    for audit_id, own_day, word, is_draft, count in rows:
        due_on = due_day(audit_due_on[audit_id], own_day)
        state_counts[audit_id].append((word, bool(is_draft), is_overdue(due_on, now=now), count))
        if due_on is not None and word in OUTSTANDING_STATES:
            due_days[audit_id].add(due_on)
    return {
        audit.id: (Tally.of(state_counts[audit.id]), frozenset(due_days[audit.id]))
        if audit.kept_counts is None
        else (Tally.kept(audit.kept_counts), frozenset())
        for audit in audits
    }
