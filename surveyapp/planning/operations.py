"""Operations of planning an audit: put it into the programme, and change its details."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.planning.audit_state_operations import set_close_day
from surveyapp.planning.chaser_rules import ChasersUnusable, chaser_problems
from surveyapp.planning.date_rules import check_date_order, check_horizon
from surveyapp.planning.details import AuditDetails, join_digests, split_digests, stored_details, value_digest
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import audit_titled, unused_audit_id

_WRITTEN_AS_TYPED = (
    "title",
    "form_id",
    "theme",
    "theme_reason",
    "emphasis",
    "period_reviewed",
    "audit_lead",
    "terms_of_reference",
    "aim",
    "authority",
    "key_message",
)


class AuditExists(Refused):
    """There is an audit of this title already."""

    def __init__(self, title: str) -> None:
        """Name the existing audit."""
        super().__init__(f"There is an audit called “{title}” already. Give this one another title.")


class AuditDetailsChanged(Refused):
    """Two people changed the same details of an audit; `there` holds the stored values, by name.

    `seen` holds the digests to post with a second press, which then overwrites the stored values.
    """

    way_on = ""

    def __init__(self, there: dict[str, Any], seen: str) -> None:
        """Set the message; the page shows the stored values beside the typed ones."""
        super().__init__("Someone else changed this audit after you opened the page.")
        self.there = there
        self.seen = seen


def plan_audit(details: AuditDetails, *, actor: str, now: datetime) -> Audit:
    """Put an audit into the programme. Nothing is sent. `now` is UTC.

    Raises AuditExists, DatesOutOfOrder and ChasersUnusable.
    """
    _check(details, now=now)
    audit = Audit(id=unused_audit_id(), created_at=now, cases=[])
    _write(audit, details)
    session.add(audit)
    session.flush()
    record_event(actor, "planned_audit", f"audit {audit.id}", now=now)
    return audit


def change_audit(
    audit: Audit, details: AuditDetails, *, seen: str = "", actor: str, now: datetime
) -> tuple[str, ...]:
    """Change the details of an audit; raises AlreadyIssued for another form or day once it is issued.

    With `seen`, the digests of the details that the page showed, details that only somebody else has changed
    meanwhile stay as they are; their names are returned. Raises AuditDetailsChanged if both have changed the
    same detail.
    """
    lock_audit(audit)
    details, others = _merge_with_stored(audit, details, split_digests(seen))
    _check(details, now=now, changed=audit)
    fixed = (audit.form_id, audit.issue_on, audit.due_on, audit.close_on)
    if audit.is_issued and fixed != (details.form_id, details.issue_on, details.due_on, details.close_on):
        raise AlreadyIssued(
            "The audit has been issued: its form stays as it was sent.",
            way_on="To give agencies longer, extend it from the audit’s page.",
        )
    if audit.issue_on != details.issue_on:
        # Whoever planned the issue planned it for another day.
        audit.issue_planned_at, audit.issue_planned_by = None, ""
    _write(audit, details)
    record_event(actor, "changed_audit", f"audit {audit.id}", now=now)
    return others


def _merge_with_stored(
    audit: Audit, details: AuditDetails, seen: dict[str, str]
) -> tuple[AuditDetails, tuple[str, ...]]:
    """The typed details, with the stored values that only somebody else has changed since; their names."""
    stored, clashing, others = stored_details(audit), {}, []
    for name, seen_digest in seen.items():
        typed_value, stored_value = getattr(details, name), getattr(stored, name)
        if value_digest(stored_value) == seen_digest or typed_value == stored_value:
            continue
        if value_digest(typed_value) == seen_digest:
            details = replace(details, **{name: stored_value})
            others.append(name)
        else:
            clashing[name] = stored_value
    if clashing:
        raise AuditDetailsChanged(
            clashing, join_digests({**seen, **{name: value_digest(clashing[name]) for name in clashing}})
        )
    return details, tuple(others)


def _check(details: AuditDetails, *, now: datetime, changed: Audit | None = None) -> None:
    namesake = audit_titled(details.title)
    if namesake is not None and namesake is not changed:
        raise AuditExists(namesake.title)
    days = (details.issue_on, details.due_on, details.close_on)
    check_date_order(*days)
    check_horizon(*days, now=now)
    for _name, sentence in chaser_problems(details.chasers, details.escalate_from):
        raise ChasersUnusable(f"{sentence}.")


def _write(audit: Audit, details: AuditDetails) -> None:
    for name in _WRITTEN_AS_TYPED:
        setattr(audit, name, getattr(details, name))
    audit.issue_on, audit.due_on = details.issue_on, details.due_on
    audit.chasers, audit.escalate_from = sorted(details.chasers), details.escalate_from
    audit.ask_for_code = details.ask_for_code
    if audit.close_on != details.close_on or audit.closes_at is None:
        set_close_day(audit, details.close_on)
