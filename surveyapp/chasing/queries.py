"""Who would be chased on a day, and who not and why; what became of the chasers that were sent."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager

from surveyapp.agencies.models import Agency, Contact
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.outstanding_requests import ChasedRequest, extended_due_days_in, outstanding_by_grant
from surveyapp.chasing.slots import Chaser, Slot, day_in_key, escalates, planned_slots
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import refused_grants


@dataclass(frozen=True)
class ChaserDue:
    """One contact who would get a chaser, and the cases it would list."""

    grant: Grant
    contact: Contact
    agency: Agency
    cases: tuple[str, ...]
    # Whether the agency is told too, because something of this is as late as the audit says.
    escalates: bool = False

    @property
    def copy_to(self) -> Contact | None:
        """Who gets a copy of this chaser; nobody gets one beside their own."""
        named = self.agency.escalation_contact if self.escalates else None
        return None if named is None or named.email == self.contact.email else named


@dataclass(frozen=True)
class ChaserNotDue:
    """One contact who would get none, and why."""

    grant: Grant
    contact: Contact
    agency: Agency
    why: str


@dataclass(frozen=True)
class ChasingList:
    """One day of an audit's chasing: who is due, and who not and why; every contact is in one of them."""

    slot: Slot
    due: tuple[ChaserDue, ...]
    not_due: tuple[ChaserNotDue, ...]

    @property
    def escalates(self) -> bool:
        """Whether any agency is told of what it has outstanding."""
        return any(each.escalates for each in self.due)

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
                    "copy_to": each.copy_to.email if each.copy_to else None,
                }
                for each in self.due
            ],
            "not_due": [{"contact": each.contact.name, "why": each.why} for each in self.not_due],
        }


@dataclass(frozen=True)
class SlotLine:
    """One line of the audit's calendar: a day, whether it is past, and how many chasers left or would.

    `is_planned` without an `offset` is a slot only of what was given more time.
    """

    day: date
    offset: int | None
    is_planned: bool
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


@dataclass(frozen=True)
class _ChasingState:
    """How an audit stands, read once for as many of its days as are asked about."""

    audit: Audit
    days: WorkingCalendar
    slots: tuple[Slot, ...]
    grants: tuple[Grant, ...]
    waited: dict[int, list[ChasedRequest]]
    asked: set[int]
    # Whose requests are with a colleague.
    passers: set[int]
    refused: set[int]
    # The keys of the chasers that were queued.
    chased: set[str]


def _chasing_state(audit: Audit, days: WorkingCalendar) -> _ChasingState:
    waited, asked = outstanding_by_grant(audit, days)
    planned = planned_slots(audit, days, extended_due_days_in(audit, waited))
    refused = refused_grants(audit) if waited else set()
    chased = set(session.scalars(select(Outbox.dedupe_key).where(_chasers_about(audit))))
    grants = tuple(_grants(audit))
    passers = _delegating_grants(audit) if any(grant.id not in asked for grant in grants) else set()
    return _ChasingState(audit, days, planned, grants, waited, asked, passers, refused, chased)


def chasing_list(
    audit: Audit,
    on: date,
    days: WorkingCalendar,
    *,
    by_hand: bool = False,
    due_days: Collection[date] | None = None,
) -> ChasingList:
    """Say who would be chased on a UK day, and who not and why, by agency; it changes nothing.

    Judged as of the moment that day's chasers leave. `by_hand` is a press of "Chase now": it needs no slot.
    With `due_days`, it is the turn of those alone who have something due on one of them.
    """
    return _list_of(_chasing_state(audit, days), on, by_hand=by_hand, due_days=due_days)


def _list_of(
    standing: _ChasingState, on: date, *, by_hand: bool = False, due_days: Collection[date] | None = None
) -> ChasingList:
    audit = standing.audit
    planned = next((slot for slot in standing.slots if slot.day == on), None)
    slot = planned or Slot(audit, on, None, escalates(audit, on, standing.days))
    refusal = _refusal(audit, on, standing.days, planned=planned is not None or by_hand)
    if due_days is None and not by_hand:
        due_days = {due_on for due_on, _offset in slot.turns}
    due: list[ChaserDue] = []
    not_due: list[ChaserNotDue] = []
    for grant in standing.grants:
        waited = standing.waited.get(grant.id, [])
        # What was given more time is not spoken of before its own first slot.
        listed = [each for each in waited if each.is_chased(on)]
        why = _why_not(grant, waited, standing) or refusal or _why_not_yet(waited, listed, due_days)
        if not why and grant.id in standing.refused:
            why = "address refused: correct it first"
        if not why and Chaser(grant, slot).key in standing.chased:
            why = "has a chaser of that day already"
        if why:
            not_due.append(ChaserNotDue(grant, grant.contact, grant.contact.agency, why))
            continue
        told = any(escalates(audit, on, standing.days, due_on=each.due_on) for each in listed)
        cases = tuple(each.case for each in listed)
        due.append(ChaserDue(grant, grant.contact, grant.contact.agency, cases, told))
    return ChasingList(slot, tuple(due), tuple(not_due))


def _refusal(audit: Audit, on: date, days: WorkingCalendar, *, planned: bool) -> str:
    """Why nobody at all is chased on a day; empty when somebody may be."""
    if not audit.is_issued:
        return "the audit has not been issued"
    if audit.is_closed(sending_begins_at(on)):
        return "returns are closed"
    if not days.is_working_day(on):
        return "not a working day"
    return "" if planned else "no chaser is planned for that day"


def _why_not(grant: Grant, waited: list[ChasedRequest], standing: _ChasingState) -> str:
    if grant.id not in standing.asked and grant.id in standing.passers:
        return "has passed everything to a colleague"
    if grant.id not in standing.asked:
        return "nothing is asked of them any more"
    if not waited:
        return "everything returned"
    return "has left the agency" if grant.contact.left_at is not None else ""


def _why_not_yet(
    waited: list[ChasedRequest], listed: list[ChasedRequest], due_days: Collection[date] | None
) -> str:
    """Why it is not the turn of somebody who has something outstanding."""
    if not listed:
        until = min(each.due_on for each in waited if each.due_on is not None)
        return f"was given until {day_in_words(until)}"
    if due_days is None or any(each.due_on in due_days for each in listed):
        return ""
    return "no chaser is planned for that day for what they have outstanding"


def _delegating_grants(audit: Audit) -> set[int]:
    """The grants whose contacts have passed a request to a colleague who has it still."""
    mine = AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None)
    chosen = select(Delegation.from_grant_id).join(Delegation.audit_request)
    return set(session.scalars(chosen.where(*mine, Delegation.under_way())))


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


def _chasers_about(audit: Audit) -> ColumnElement[bool]:
    mine = select(Grant.id).where(Grant.audit_id == audit.id)
    return and_(Outbox.kind == "chaser", Outbox.subject_id.in_(mine))


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
        if day_in_key(mail.dedupe_key) == on
    ]


def slot_lines(audit: Audit, days: WorkingCalendar, *, now: datetime) -> list[SlotLine]:
    """The audit's chasing as a calendar: planned slots and days chased by hand, earliest first."""
    chosen = select(Outbox.dedupe_key, Outbox.state).where(_chasers_about(audit))
    states: defaultdict[date, list[str]] = defaultdict(list)
    for key, state in session.execute(chosen):
        states[day_in_key(key)].append(state)
    standing = _chasing_state(audit, days)
    planned = {slot.day: slot.offset for slot in standing.slots}
    return [
        SlotLine(
            day=day,
            offset=planned.get(day),
            is_planned=day in planned,
            is_past=sending_begins_at(day) <= now,
            queued=len(states.get(day, ())),
            sent=states.get(day, []).count("sent"),
            due=len(_list_of(standing, day).due)
            if day in planned and sending_begins_at(day) > now and not audit.is_closed(now)
            else 0,
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
