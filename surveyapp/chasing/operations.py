"""Operations that queue chasers: one for each contact with something outstanding, on working days."""

import logging
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import delete

from surveyapp.chasing.chasing_list import ChaserDue
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.outstanding_requests import extended_due_days
from surveyapp.chasing.queries import chasing_list, turns_used
from surveyapp.chasing.slot_queries import last_days_chased
from surveyapp.chasing.slots import Chaser, ExtendedDueDays, Slot, planned_slots, slot_on
from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.signals import announce, chasers_sent
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.one_by_one import in_savepoint, tried_alone
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import open_audits

log = logging.getLogger("surveyapp.chasing")


class ChasingBeforeIssue(Refused):
    """The audit has not been issued, so nobody is chased."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This audit has not been issued, so nobody is chased.", way_on="Issue it first.")


class NoChaserPlanned(Refused):
    """No chaser is planned for the day, so there is none to skip."""

    def __init__(self, day: date) -> None:
        """Set the message, which names the day."""
        super().__init__(
            f"No chaser is planned for {day_in_words(day)}.",
            way_on="The calendar shows the days as they are now.",
        )


def chase(
    slot: Slot,
    *,
    turns: Collection[tuple[date, int]] | None = None,
    actor: str = "worker",
    now: datetime,
) -> list[Chaser]:
    """Queue one chaser for each contact with outstanding requests, and the agencies' copies.

    With `turns`, slots that are caught up today, only for contacts who have something due on one of their due
    days. Returns the chasers that were queued; a second press queues none. `now` is UTC. Raises
    ReturnsClosed, ChasingBeforeIssue.
    """
    if not slot.audit.is_issued:
        raise ChasingBeforeIssue
    if slot.audit.is_closed(now):
        raise ReturnsClosed(
            slot.audit, so=", so nobody is chased", way_on="Reopen the audit to go on asking."
        )
    due = chasing_list(slot.audit, slot.day, working_calendar(), by_hand=True, turns=turns).due
    queued = []
    for chaser_due in due:
        chaser = Chaser(chaser_due.grant, slot)
        if _queue(chaser, chaser_due, now=now):
            queued.append(chaser)
            if chaser_due.choice is not None:
                chaser_due.choice.chased_on = slot.day
    if queued:
        # A slot chased by hand, even before its hour, is not caught up on a later day.
        for due_on, offset in slot.turns:
            _claim_slot(slot.audit, due_on, offset, day=slot.day, now=now)
        record_event(
            actor,
            "queued_chasers",
            f"audit {slot.audit.id}",
            f"{counted(len(queued), 'chaser')} of {slot.day}",
            now=now,
        )
        announce(chasers_sent, audit_id=slot.audit.id, count=len(queued))
    return queued


def _queue(chaser: Chaser, chaser_due: ChaserDue, *, now: datetime) -> bool:
    """Queue a chaser and, where it escalates, the agency's copy; both expire when returns close.

    False if the chaser was queued before.
    """
    expires_at, grant_id = chaser.slot.audit.closes_at, chaser_due.grant.id
    if chaser_due.copy_to is not None:
        queue_email(
            "escalation",
            grant_id,
            to=chaser_due.copy_to.email,
            key=chaser.escalation_key,
            now=now,
            expires_at=expires_at,
        )
    return queue_email(
        "chaser", grant_id, to=chaser_due.contact.email, key=chaser.key, now=now, expires_at=expires_at
    )


def chase_now(audit: Audit, *, actor: str, now: datetime) -> list[Chaser]:
    """Chase today by hand, in today's slot if one is planned. Raises NotAWorkingDay, and as `chase` does."""
    slot = slot_on(audit, local_day(now), working_calendar(), extended_due_days([audit])[audit.id])
    return chase(slot, actor=actor, now=now)


def chase_now_instead(audit: Audit, *, actor: str, now: datetime) -> tuple[list[Chaser], date | None]:
    """Chase today by hand instead of on the next working day, whose planned chaser is skipped.

    Returns the chasers, and the day that is skipped: None if no chaser was queued. Raises NoChaserPlanned if
    there is none to skip, and as `chase_now` does.
    """
    chasers = chase_now(audit, actor=actor, now=now)
    following = working_calendar().next_working_day(local_day(now))
    if chasers:
        skip_slot(audit, following, actor=actor, now=now)
    return chasers, following if chasers else None


def skip_slot(audit: Audit, day: date, *, actor: str, now: datetime) -> None:
    """Skip the chaser planned for a later UK day. Raises NoChaserPlanned, ReturnsClosed."""
    slot = _later_slot(audit, day, now=now)
    claimed = [_claim_slot(audit, due_on, offset, day=day, now=now) for due_on, offset in slot.turns]
    if any(claimed):
        record_event(actor, "skipped_chaser", f"audit {audit.id}", f"of {day}", now=now)


def take_back_skip(audit: Audit, day: date, *, actor: str, now: datetime) -> None:
    """Send the chaser of a later UK day after all. Raises NoChaserPlanned, ReturnsClosed."""
    slot = _later_slot(audit, day, now=now)
    for due_on, offset in slot.turns:
        session.execute(
            delete(ChasedSlot).where(
                ChasedSlot.audit_id == audit.id,
                ChasedSlot.due_on == due_on,
                ChasedSlot.working_days == offset,
            )
        )
    record_event(actor, "took_back_skip", f"audit {audit.id}", f"of {day}", now=now)


def _later_slot(audit: Audit, day: date, *, now: datetime) -> Slot:
    if audit.is_closed(now):
        raise ReturnsClosed(audit, so=", so nobody is chased")
    slots = planned_slots(audit, working_calendar(), extended_due_days([audit])[audit.id])
    slot = next((slot for slot in slots if slot.day == day and day > local_day(now)), None)
    if slot is None or not audit.is_issued:
        raise NoChaserPlanned(day)
    return slot


def queue_due_chasers(now: datetime) -> int:
    """Queue the chasers of every open audit whose slot has come, and return how many were queued.

    Of the slots missed while no worker ran, only the latest is caught up, on the next working day. `now` is
    UTC.
    """
    days, today = working_calendar(), local_day(now)
    if not days.is_working_day(today) or sending_begins_at(today) > now:
        return 0
    audits = open_audits(now=now)
    extended, last_chased = extended_due_days(audits), last_days_chased(audits, until=today)
    return sum(
        tried_alone(
            partial(_chase_due, audit, days, extended[audit.id], last_chased.get(audit.id), now=now),
            f"No chaser of audit {audit.id} could be queued",
            log=log,
        )
        for audit in audits
    )


def _chase_due(
    audit: Audit, days: WorkingCalendar, extended: ExtendedDueDays, last_chased: date | None, *, now: datetime
) -> int:
    slots = [slot for slot in planned_slots(audit, days, extended) if sending_begins_at(slot.day) <= now]
    if not slots or (last_chased is not None and slots[-1].day <= last_chased):
        return 0
    return in_savepoint(partial(_chase_slots, slots, days, extended, last_chased, now=now))


def _chase_slots(
    slots: Sequence[Slot],
    days: WorkingCalendar,
    extended: ExtendedDueDays,
    last_chased: date | None,
    *,
    now: datetime,
) -> int:
    audit = slots[-1].audit
    # The latest slot of each due day: the audit's, and those of requests that were given more time.
    latest = {due_on: (slot.day, offset) for slot in slots for due_on, offset in slot.turns}
    used = turns_used([audit])[audit.id]
    turns = [
        (due_on, offset)
        for due_on, (day, offset) in latest.items()
        if (last_chased is None or day > last_chased)
        and (due_on, offset) not in used
        and _claim_slot(audit, due_on, offset, day=day, now=now)
    ]
    if not turns:
        return 0
    # A slot that is caught up counts as today's, so that nobody gets two chasers today.
    return len(chase(slot_on(audit, local_day(now), days, extended), turns=turns, now=now))


def _claim_slot(audit: Audit, due_on: date, offset: int, *, day: date, now: datetime) -> bool:
    """Record a slot as chased, by its offset from a due day; False if it was recorded before."""
    row = insert_once(
        ChasedSlot,
        unique=["audit_id", "due_on", "working_days"],
        audit_id=audit.id,
        due_on=due_on,
        working_days=offset,
        day=day,
        planned_at=now,
    )
    return row is not None


def skip_slots_before_restore(now: datetime) -> None:
    """Skip, in a restored database, every slot up to today: its chasers may have gone after the backup."""
    for audit in open_audits(now=now):
        skip_past_slots(audit, now=now)


def skip_past_slots(audit: Audit, *, now: datetime) -> None:
    """Skip every slot up to today, so that nobody who has just been given more time is chased at once."""
    for slot in planned_slots(audit, working_calendar(), extended_due_days([audit])[audit.id]):
        if slot.day <= local_day(now):
            for due_on, offset in slot.turns:
                _claim_slot(audit, due_on, offset, day=slot.day, now=now)
