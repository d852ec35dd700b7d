"""Who would be chased on a day, and who not and why; what became of the chasers that were sent."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager

from surveyapp.agencies.models import Agency, Contact
from surveyapp.answering.queries import not_returned
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.slots import Chaser, Slot, day_of, slots
from surveyapp.foundation.calendar import Calendar
from surveyapp.foundation.db import session
from surveyapp.foundation.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.rhythm import leaves_at
from surveyapp.tracking.queries import refused_grants


@dataclass(frozen=True)
class Due:
    """One contact who would get a chaser, and the cases it would list."""

    grant: Grant
    contact: Contact
    agency: Agency
    cases: tuple[str, ...]


@dataclass(frozen=True)
class NotDue:
    """One contact who would get none, and why."""

    grant: Grant
    contact: Contact
    agency: Agency
    why: str


@dataclass(frozen=True)
class ChasingList:
    """One day of an audit's chasing: who is due, and who not and why; every contact is in one of them."""

    slot: Slot
    due: tuple[Due, ...]
    not_due: tuple[NotDue, ...]

    def as_json(self) -> dict[str, object]:
        """The list as scripts read it (`survey chasers --json`; its shape is a promise)."""
        return {
            "audit": self.slot.audit.id,
            "on": self.slot.day.isoformat(),
            "slot": self.slot.offset is not None,
            "due": [
                {
                    "contact": each.contact.name,
                    "email": each.contact.email,
                    "cases": list(each.cases),
                    "copy_to": copy.email if (copy := self.slot.copy_to(each.contact)) else None,
                }
                for each in self.due
            ],
            "not_due": [{"contact": each.contact.name, "why": each.why} for each in self.not_due],
        }


@dataclass(frozen=True)
class SlotLine:
    """One line of the audit's calendar: a day, whether it is past, and how many chasers left or would."""

    day: date
    offset: int | None
    is_past: bool
    queued: int
    sent: int
    due: int


@dataclass(frozen=True)
class SentChaser:
    """One chaser that was queued for a day, and what became of it."""

    contact: str
    agency: str
    kind: str
    state: str
    at: datetime


def chasing_list(audit: Audit, on: date, days: Calendar, *, by_hand: bool = False) -> ChasingList:
    """Say who would be chased on a UK day, and who not and why, by agency; it changes nothing.

    Judged as of the moment that day's chasers leave. `by_hand` is a press of "Chase now": it needs no slot.
    """
    planned = next((slot for slot in slots(audit, days) if slot.day == on), None)
    slot = planned or Slot(audit, on)
    refusal = _refusal(audit, on, days, planned=planned is not None or by_hand)
    waiting, asked = _cases_waiting(audit)
    refused = refused_grants(audit) if waiting else set()
    chased = _chased_on(audit, on)
    due: list[Due] = []
    not_due: list[NotDue] = []
    for grant in _grants(audit):
        cases = tuple(waiting.get(grant.id, ()))
        why = _why_not(grant, cases, asked) or refusal
        if not why and grant.id in refused:
            why = "address refused: correct it first"
        if not why and Chaser(grant, slot).key in chased:
            why = "has a chaser of that day already"
        if why:
            not_due.append(NotDue(grant, grant.contact, grant.contact.agency, why))
        else:
            due.append(Due(grant, grant.contact, grant.contact.agency, cases))
    return ChasingList(slot, tuple(due), tuple(not_due))


def _refusal(audit: Audit, on: date, days: Calendar, *, planned: bool) -> str:
    """Why nobody at all is chased on a day; empty when somebody may be."""
    if not audit.is_issued:
        return "the audit has not been issued"
    if audit.is_closed(leaves_at(on)):
        return "returns are closed"
    if not days.is_working_day(on):
        return "not a working day"
    return "" if planned else "no chaser is planned for that day"


def _why_not(grant: Grant, cases: tuple[str, ...], asked: set[int]) -> str:
    if grant.id not in asked:
        return "nothing is asked of them any more"
    if not cases:
        return "everything returned"
    return "has left the agency" if grant.contact.left_at is not None else ""


def _grants(audit: Audit) -> list[Grant]:
    chosen = (
        select(Grant)
        .join(Grant.contact)
        .join(Contact.agency)
        .where(Grant.audit_id == audit.id, Grant.revoked_at.is_(None))
        .options(contains_eager(Grant.contact).contains_eager(Contact.agency))
        .order_by(Agency.name, Grant.id)
    )
    return list(session.scalars(chosen))


def _cases_waiting(audit: Audit) -> tuple[dict[int, list[str]], set[int]]:
    """The cases each grant has outstanding, and the grants of which anything is asked."""
    chosen = (
        select(AuditRequest.grant_id, Case.pseudonym, not_returned())
        .join(Case, Case.id == AuditRequest.case_id)
        .where(AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None))
        .order_by(Case.position, AuditRequest.id)
    )
    waiting: defaultdict[int, list[str]] = defaultdict(list)
    asked: set[int] = set()
    for grant_id, pseudonym, is_waiting in session.execute(chosen):
        asked.add(grant_id)
        if is_waiting:
            waiting[grant_id].append(pseudonym)
    return waiting, asked


def _chasers_about(audit: Audit) -> ColumnElement[bool]:
    mine = select(Grant.id).where(Grant.audit_id == audit.id)
    return and_(Outbox.kind == "chaser", Outbox.subject_id.in_(mine))


def _chased_on(audit: Audit, on: date) -> set[str]:
    chosen = select(Outbox.dedupe_key).where(_chasers_about(audit))
    return {key for key in session.scalars(chosen) if day_of(key) == on}


def chasers_of(audit: Audit, on: date) -> list[SentChaser]:
    """What was queued for a day, chasers and copies, and what became of each, by agency."""
    chosen = (
        select(Outbox, Contact.name, Agency.name)
        .join(Grant, Grant.id == Outbox.subject_id)
        .join(Contact, Contact.id == Grant.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Outbox.kind.in_(("chaser", "escalation")), Grant.audit_id == audit.id)
        .order_by(Agency.name, Outbox.id)
    )
    return [
        SentChaser(contact, agency, mail.kind, mail.state, mail.at)
        for mail, contact, agency in session.execute(chosen)
        if day_of(mail.dedupe_key) == on
    ]


def slot_lines(audit: Audit, days: Calendar, *, now: datetime) -> list[SlotLine]:
    """The audit's chasing as a calendar: planned slots and days chased by hand, earliest first."""
    chosen = select(Outbox.dedupe_key, Outbox.state).where(_chasers_about(audit))
    states: defaultdict[date, list[str]] = defaultdict(list)
    for key, state in session.execute(chosen):
        states[day_of(key)].append(state)
    planned = {slot.day: slot.offset for slot in slots(audit, days)}
    ahead = [] if audit.is_closed(now) else sorted(day for day in planned if leaves_at(day) > now)
    # Whoever was chased on a day before its hour is due on those after it, which are all alike.
    due = {day: len(chasing_list(audit, day, days).due) for day in ahead[:2]}
    later = due[ahead[1]] if len(ahead) > 1 else 0
    return [
        SlotLine(
            day=day,
            offset=planned.get(day),
            is_past=leaves_at(day) <= now,
            queued=len(states.get(day, ())),
            sent=states.get(day, []).count("sent"),
            due=due.get(day, later) if day in ahead else 0,
        )
        for day in sorted(planned.keys() | states.keys())
    ]


def slots_chased(audit: Audit) -> set[tuple[date, int]]:
    """The slots that have had their turn: due date and place."""
    chosen = select(ChasedSlot.due_on, ChasedSlot.working_days).where(ChasedSlot.audit_id == audit.id)
    return {(row[0], row[1]) for row in session.execute(chosen)}


def last_day_chased(audit: Audit) -> date | None:
    """The latest slot that has had its turn."""
    chosen = select(ChasedSlot.day).where(ChasedSlot.audit_id == audit.id)
    return session.scalar(chosen.order_by(ChasedSlot.day.desc()).limit(1))
