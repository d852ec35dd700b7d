"""Queries for who would be chased on a day, who would not, and why."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager

from surveyapp.agencies.models import Agency, Contact
from surveyapp.chasing.chasing_list import ChasingList, ChasingState, list_for_day
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.outstanding_requests import extended_due_days_in, outstanding_by_grant
from surveyapp.chasing.slots import planned_slots
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import refused_grants
from surveyapp.planning.models import Audit


def chasing_list(
    audit: Audit,
    on: date,
    days: WorkingCalendar,
    *,
    by_hand: bool = False,
    due_days: Collection[date] | None = None,
) -> ChasingList:
    """Who would be chased on a UK day, who would not, and why, by agency; it changes nothing.

    Decided as of the moment at which that day's chasers are sent. With `by_hand`, as for "Chase now", no slot
    need be planned. With `due_days`, only contacts who have something due on one of these days are due.
    """
    return list_for_day(chasing_state(audit, days), on, by_hand=by_hand, due_days=due_days)


def chasing_state(audit: Audit, days: WorkingCalendar) -> ChasingState:
    """Read the state that decides who is chased in an audit."""
    outstanding, asked = outstanding_by_grant(audit, days)
    grants = tuple(_grants(audit))
    return ChasingState(
        audit=audit,
        days=days,
        slots=planned_slots(audit, days, extended_due_days_in(audit, outstanding)),
        grants=grants,
        outstanding=outstanding,
        asked=asked,
        delegating=_delegating_grants(audit) if any(grant.id not in asked for grant in grants) else set(),
        refused=refused_grants(audit) if outstanding else set(),
        turns_used=turns_used([audit])[audit.id],
        chaser_keys=set(session.scalars(select(Outbox.dedupe_key).where(chasers_about(audit)))),
    )


def turns_used(audits: Sequence[Audit]) -> dict[int, set[tuple[date, int]]]:
    """The slots of these audits that have been chased or skipped, by audit id: due day and working days."""
    used: dict[int, set[tuple[date, int]]] = {audit.id: set() for audit in audits}
    slots = select(ChasedSlot.audit_id, ChasedSlot.due_on, ChasedSlot.working_days)
    for audit_id, due_on, offset in session.execute(slots.where(ChasedSlot.audit_id.in_(used))):
        used[audit_id].add((due_on, offset))
    return used


def _delegating_grants(audit: Audit) -> set[int]:
    """The ids of grants whose contacts have passed a request to a colleague who still has it."""
    is_live = AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None)
    delegations = select(Delegation.from_grant_id).join(Delegation.audit_request)
    return set(session.scalars(delegations.where(*is_live, Delegation.under_way())))


def _grants(audit: Audit) -> list[Grant]:
    grants = (
        select(Grant)
        .join(Grant.contact)
        .join(Contact.agency)
        .where(Grant.audit_id == audit.id, Grant.revoked_at.is_(None))
        .options(contains_eager(Grant.contact).contains_eager(Contact.agency))
        .order_by(Agency.name, Grant.id)
    )
    return list(session.scalars(grants))


def chasers_about(audit: Audit) -> ColumnElement[bool]:
    """SQL condition: an outbox row is a chaser of this audit."""
    grant_ids = select(Grant.id).where(Grant.audit_id == audit.id)
    return and_(Outbox.kind == "chaser", Outbox.subject_id.in_(grant_ids))
