"""Chasing: one digest for each contact with something outstanding, on working days, until returns close."""

import logging
from collections.abc import Collection
from datetime import date, datetime

from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.outstanding_requests import extended_due_days
from surveyapp.chasing.queries import ChaserDue, chasing_list, last_day_chased, slots_chased
from surveyapp.chasing.slots import Chaser, ExtendedDueDays, Slot, planned_slots, slot_on
from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.signals import announce, chasers_sent
from surveyapp.foundation.store.db import DATABASE_ERRORS, insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import ReturnsClosed
from surveyapp.tracking.queries import open_audits

log = logging.getLogger("surveyapp.chasing")


class ChasingBeforeIssue(Refused):
    """Nobody is chased for what they were never asked."""

    def __init__(self) -> None:
        """Say what comes first."""
        super().__init__("This audit has not been issued, so nobody is chased.", way_on="Issue it first.")


def chase(
    slot: Slot, *, due_days: Collection[date] | None = None, actor: str = "worker", now: datetime
) -> list[Chaser]:
    """Queue one chaser for each contact with something still to return, and the agencies' copies.

    With `due_days`, only for those who have something due on one of them: whose turn it is. Gives what was
    queued: pressing twice queues nothing more. `now` is UTC. Raises ReturnsClosed once returns are closed,
    NotIssued before anybody was asked.
    """
    if not slot.audit.is_issued:
        raise ChasingBeforeIssue
    if slot.audit.is_closed(now):
        raise ReturnsClosed(
            slot.audit, so=", so nobody is chased", way_on="Reopen the audit to go on asking."
        )
    due = chasing_list(slot.audit, slot.day, working_calendar(), by_hand=True, due_days=due_days).due
    queued = [chaser for each in due if _queue(chaser := Chaser(each.grant, slot), each, now=now)]
    if queued:
        # Pressed before its hour or in it, the slot has had its turn: nothing catches it up on a later day.
        for turn in slot.turns:
            _claim_slot(slot.audit, *turn, day=slot.day, now=now)
        record_event(
            actor,
            "queued_chasers",
            f"audit {slot.audit.id}",
            f"{counted(len(queued), 'chaser')} of {slot.day}",
            now=now,
        )
        announce(chasers_sent, audit_id=slot.audit.id, count=len(queued))
    return queued


def _queue(chaser: Chaser, due: ChaserDue, *, now: datetime) -> bool:
    """Queue a chaser and, where the slot escalates, the agency's copy; both end when returns close."""
    ends = chaser.slot.audit.closes_at
    escalation = due.copy_to
    if escalation is not None:
        queue_email(
            "escalation",
            due.grant.id,
            to=escalation.email,
            key=chaser.escalation_key,
            now=now,
            expires_at=ends,
        )
    return queue_email("chaser", due.grant.id, to=due.contact.email, key=chaser.key, now=now, expires_at=ends)


def chase_now(audit: Audit, *, actor: str, now: datetime) -> list[Chaser]:
    """Chase today because somebody pressed; a slot of today is the same one. Raises NotAWorkingDay too."""
    slot = slot_on(audit, local_day(now), working_calendar(), extended_due_days([audit])[audit.id])
    return chase(slot, actor=actor, now=now)


def queue_due_chasers(now: datetime) -> int:
    """Queue the chasers whose slot has come, for every open audit; how many were queued.

    Slots that were missed while nothing ran are not caught up, but for the latest, on the next working day.
    """
    days = working_calendar()
    if not days.is_working_day(local_day(now)):
        return 0
    audits = open_audits(now=now)
    own = extended_due_days(audits)
    return sum(_chase_alone(audit, days, own[audit.id], now=now) for audit in audits)


def _chase_alone(audit: Audit, days: WorkingCalendar, own: ExtendedDueDays, *, now: datetime) -> int:
    """Queue what is due of one audit; what is wrong with it holds up no other."""
    audit_id = audit.id
    try:
        with session.begin_nested():
            return _chase_due(audit, days, own, now=now)
    except DATABASE_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001 — the next minute tries again
        # In no words but ours, since an error's own may hold what was typed.
        log.error("No chaser of audit %s could be queued: %s", audit_id, type(error).__name__)  # noqa: TRY400
        return 0


def _chase_due(audit: Audit, days: WorkingCalendar, own: ExtendedDueDays, *, now: datetime) -> int:
    come = [slot for slot in planned_slots(audit, days, own) if sending_begins_at(slot.day) <= now]
    last = last_day_chased(audit)
    if not come or sending_begins_at(local_day(now)) > now or (last is not None and come[-1].day <= last):
        return 0
    # Of each due day the latest: the audit's, and those that requests were given for themselves.
    latest = {due_on: (slot.day, offset) for slot in come for due_on, offset in slot.turns}
    had = slots_chased(audit)
    due_days = {
        due_on
        for due_on, (day, offset) in latest.items()
        if (last is None or day > last)
        and (due_on, offset) not in had
        and _claim_slot(audit, due_on, offset, day=day, now=now)
    }
    if not due_days:
        return 0
    # A slot caught up is today's: nobody gets it beside another one of today.
    return len(chase(slot_on(audit, local_day(now), days, own), due_days=due_days, now=now))


def _claim_slot(audit: Audit, due_on: date, offset: int, *, day: date, now: datetime) -> bool:
    """Note that a slot has its turn, by its place from a due day; False when it has had it."""
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


def skip_past_slots(audit: Audit, *, now: datetime) -> None:
    """Let every slot up to today pass: who has just been given more time is not chased at once."""
    for slot in planned_slots(audit, working_calendar(), extended_due_days([audit])[audit.id]):
        if slot.day <= local_day(now):
            for turn in slot.turns:
                _claim_slot(audit, *turn, day=slot.day, now=now)
