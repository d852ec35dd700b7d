"""Queries for an audit's slots: the calendar, the chasers sent, and the slots already chased."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency, Contact
from surveyapp.chasing.chasing_list import ChasingState, list_for_day
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.queries import chasers_about
from surveyapp.chasing.slots import day_in_key, end_of_key
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import Grant
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class SlotLine:
    """One day of the audit's calendar, and how many chasers were queued and sent, or would be.

    A day that `is_planned` without an `offset` is a slot only of requests that were given more time. A slot
    that `is_skipped` sends none.
    """

    day: date
    offset: int | None
    is_planned: bool
    is_past: bool
    queued: int
    sent: int
    due: int
    is_skipped: bool = False


@dataclass(frozen=True)
class SentChaser:
    """One chaser or copy that was queued for a day, and its state."""

    contact: str
    agency: str
    kind: str
    state: str
    at: datetime


def chasers_of(audit: Audit, on: date) -> list[SentChaser]:
    """The chasers and copies queued for a UK day, by agency."""
    emails = (
        select(Outbox, Contact.name, Agency.name)
        .join(Grant, Grant.id == Outbox.subject_id)
        .join(Contact, Contact.id == Grant.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .where(
            Outbox.kind.in_(("chaser", "escalation")),
            Grant.audit_id == audit.id,
            Outbox.dedupe_key.endswith(end_of_key(on)),
        )
        .order_by(Agency.name, Outbox.id)
    )
    return [
        SentChaser(contact, agency, mail.kind, mail.state, mail.at)
        for mail, contact, agency in session.execute(emails)
    ]


def slot_lines(state: ChasingState, *, now: datetime) -> list[SlotLine]:
    """The audit's chasing as a calendar: planned slots and days chased by hand, earliest first."""
    audit = state.audit
    chasers = select(Outbox.dedupe_key, Outbox.state).where(chasers_about(audit))
    mail_states: defaultdict[date, list[str]] = defaultdict(list)
    for key, mail_state in session.execute(chasers):
        mail_states[day_in_key(key)].append(mail_state)
    planned = {slot.day: slot.offset for slot in state.slots}
    skipped = {slot.day for slot in state.slots if state.is_skipped(slot)}
    return [
        SlotLine(
            day=day,
            offset=planned.get(day),
            is_planned=day in planned,
            is_past=sending_begins_at(day) <= now,
            queued=len(mail_states.get(day, ())),
            sent=mail_states.get(day, []).count("sent"),
            due=len(list_for_day(state, day).due)
            if day in planned and sending_begins_at(day) > now and not audit.is_closed(now)
            else 0,
            is_skipped=day in skipped,
        )
        for day in sorted(planned.keys() | mail_states.keys())
    ]


def last_days_chased(audits: Iterable[Audit], *, until: date) -> dict[int, date]:
    """The latest day, up to `until`, of a slot that has been chased or skipped, by audit id.

    An audit without such a day is left out.
    """
    chased = (
        select(ChasedSlot.audit_id, func.max(ChasedSlot.day))
        .where(ChasedSlot.audit_id.in_([audit.id for audit in audits]), ChasedSlot.day <= until)
        .group_by(ChasedSlot.audit_id)
    )
    return {of_audit: day for of_audit, day in session.execute(chased)}  # noqa: C416 — rows are tuples only to mypy
