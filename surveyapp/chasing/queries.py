"""Queries for who would be chased on a day, who would not, and why."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import contains_eager

from surveyapp.agencies.models import Agency, Contact
from surveyapp.chasing.chasing_list import ChasingList, ChasingState, list_for_day
from surveyapp.chasing.models import ChasedSlot, ChaserChoice
from surveyapp.chasing.outstanding_requests import extended_due_days_in, outstanding_by_grant
from surveyapp.chasing.slots import planned_slots
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import refused_grants
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit


def chasing_list(
    audit: Audit,
    on: date,
    days: WorkingCalendar,
    *,
    by_hand: bool = False,
    turns: Collection[tuple[date, int]] | None = None,
) -> ChasingList:
    """Who would be chased on a UK day, who would not, and why, by agency; it changes nothing.

    Decided as of the moment at which that day's chasers are sent. With `by_hand`, as for "Chase now", no slot
    need be planned. With `turns`, only contacts who have something due on one of their due days are due.
    """
    return list_for_day(chasing_state(audit, days), on, by_hand=by_hand, turns=turns)


def chasing_state(audit: Audit, days: WorkingCalendar) -> ChasingState:
    """Read the state that decides who is chased in an audit."""
    outstanding, grants = outstanding_by_grant(audit, days), _grants(audit)
    asked = {grant.id for grant, is_asked in grants if is_asked}
    return ChasingState(
        audit=audit,
        days=days,
        slots=planned_slots(audit, days, extended_due_days_in(audit, outstanding)),
        grants=tuple(grant for grant, _is_asked in grants),
        outstanding=outstanding,
        asked=asked,
        delegating=_delegating_grants(audit) if len(asked) < len(grants) else set(),
        refused=refused_grants(audit) if outstanding else set(),
        turns_used=turns_used([audit])[audit.id],
        choices=_choices(audit),
        chaser_keys=set(session.scalars(select(Outbox.dedupe_key).where(chasers_about(audit)))),
    )


def turns_used(audits: Sequence[Audit]) -> dict[int, dict[tuple[date, int], bool]]:
    """The slots of these audits that have been chased or skipped, by audit id: due day and working days.

    Each with whether that was settled before its hour, as it is for a slot that is skipped.
    """
    used: dict[int, dict[tuple[date, int], bool]] = {audit.id: {} for audit in audits}
    slots = select(ChasedSlot).where(ChasedSlot.audit_id.in_(used))
    for slot in session.scalars(slots):
        is_early = slot.planned_at < sending_begins_at(slot.day)
        used[slot.audit_id][(slot.due_on, slot.working_days)] = is_early
    return used


def _choices(audit: Audit) -> dict[int, dict[str, ChaserChoice]]:
    """What staff chose for single contacts of an audit, by grant and by key of the slot."""
    choices: defaultdict[int, dict[str, ChaserChoice]] = defaultdict(dict)
    chosen = select(ChaserChoice).join(Grant, Grant.id == ChaserChoice.grant_id)
    for choice in session.scalars(chosen.where(Grant.audit_id == audit.id).order_by(ChaserChoice.id)):
        choices[choice.grant_id][choice.slot_key] = choice
    return dict(choices)


def line_for(grant: Grant, day: date) -> str:
    """The personal line in the chaser that a contact gets of this UK day; empty if it has none."""
    chosen = select(ChaserChoice).where(ChaserChoice.grant_id == grant.id, ChaserChoice.chased_on == day)
    choice = session.scalars(chosen.order_by(ChaserChoice.id).limit(1)).first()
    return (choice.line if choice else None) or ""


def _delegating_grants(audit: Audit) -> set[int]:
    """The ids of grants whose contacts have passed a request to a colleague who still has it."""
    is_live = AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None)
    delegations = select(Delegation.from_grant_id).join(Delegation.audit_request)
    return set(session.scalars(delegations.where(*is_live, Delegation.under_way())))


def _grants(audit: Audit) -> list[tuple[Grant, bool]]:
    """The grants in force by agency, each with whether it has any request, outstanding or returned."""
    has_request = exists().where(AuditRequest.grant_id == Grant.id, AuditRequest.withdrawn_at.is_(None))
    grants = (
        select(Grant, has_request)
        .join(Grant.contact)
        .join(Contact.agency)
        .where(Grant.audit_id == audit.id, Grant.revoked_at.is_(None))
        .options(contains_eager(Grant.contact).contains_eager(Contact.agency))
        .order_by(Agency.name, Grant.id)
    )
    return [(grant, bool(is_asked)) for grant, is_asked in session.execute(grants)]


def chasers_about(audit: Audit) -> ColumnElement[bool]:
    """SQL condition: an outbox row is a chaser of this audit."""
    grant_ids = select(Grant.id).where(Grant.audit_id == audit.id)
    return and_(Outbox.kind == "chaser", Outbox.subject_id.in_(grant_ids))
