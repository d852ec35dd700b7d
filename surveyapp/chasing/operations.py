"""Chasing: one digest for each contact with something outstanding, on working days, until returns close."""

import logging
from datetime import datetime

from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.queries import Due, chasing_list, last_day_chased, slots_chased
from surveyapp.chasing.slots import Chaser, Slot, slot_on, slots
from surveyapp.foundation.calendar import Calendar, calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.counting import counted
from surveyapp.foundation.db import OUT_OF_REACH, insert_once, session
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.events import record
from surveyapp.foundation.outbox import queue
from surveyapp.foundation.signals import announce, chasers_sent
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import ReturnsClosed
from surveyapp.planning.rhythm import leaves_at
from surveyapp.tracking.queries import audits_open

log = logging.getLogger("surveyapp.chasing")


class NotIssued(Refused):
    """Nobody is chased for what they were never asked."""

    def __init__(self) -> None:
        """Say what comes first."""
        super().__init__("This audit has not been issued, so nobody is chased.", way_on="Issue it first.")


def chase(slot: Slot, *, actor: str = "worker", now: datetime) -> list[Chaser]:
    """Queue one chaser for each contact with something still to return, and the agencies' copies.

    Gives what was queued: pressing twice queues nothing more. `now` is UTC. Raises ReturnsClosed once returns
    are closed, NotIssued before anybody was asked.
    """
    if not slot.audit.is_issued:
        raise NotIssued
    if slot.audit.is_closed(now):
        raise ReturnsClosed(
            slot.audit, so=", so nobody is chased", way_on="Reopen the audit to go on asking."
        )
    due = chasing_list(slot.audit, slot.day, calendar(), by_hand=True).due
    queued = [chaser for each in due if _queue(chaser := Chaser(each.grant, slot), each, now=now)]
    if queued:
        # Pressed before its hour or in it, the slot has had its turn: nothing catches it up on a later day.
        if slot.offset is not None:
            _take_turn(slot, now=now)
        record(
            actor,
            "queued_chasers",
            f"audit {slot.audit.id}",
            f"{counted(len(queued), 'chaser')} of {slot.day}",
            now=now,
        )
        announce(chasers_sent, audit_id=slot.audit.id, count=len(queued))
    return queued


def _queue(chaser: Chaser, due: Due, *, now: datetime) -> bool:
    """Queue a chaser and, where the slot escalates, the agency's copy; both end when returns close."""
    ends = chaser.slot.audit.closes_at
    escalation = chaser.slot.copy_to(due.contact)
    if escalation is not None:
        queue(
            "escalation",
            due.grant.id,
            to=escalation.email,
            key=chaser.escalation_key,
            now=now,
            expires_at=ends,
        )
    return queue("chaser", due.grant.id, to=due.contact.email, key=chaser.key, now=now, expires_at=ends)


def chase_now(audit: Audit, *, actor: str, now: datetime) -> list[Chaser]:
    """Chase today because somebody pressed; a slot of today is the same one. Raises NotAWorkingDay too."""
    return chase(slot_on(audit, local_day(now), calendar()), actor=actor, now=now)


def plan_due_chasers(now: datetime) -> int:
    """Queue the chasers whose slot has come, for every open audit; how many were queued.

    Slots that were missed while nothing ran are not caught up, but for the latest, on the next working day.
    """
    days = calendar()
    if not days.is_working_day(local_day(now)):
        return 0
    return sum(_chase_alone(audit, days, now=now) for audit in audits_open(now=now))


def _chase_alone(audit: Audit, days: Calendar, *, now: datetime) -> int:
    """Queue what is due of one audit; what is wrong with it holds up no other."""
    audit_id = audit.id
    try:
        with session.begin_nested():
            return _chase_due(audit, days, now=now)
    except OUT_OF_REACH:
        raise
    except Exception as error:  # noqa: BLE001 — the next minute tries again
        # In no words but ours, since an error's own may hold what was typed.
        log.error("No chaser of audit %s could be queued: %s", audit_id, type(error).__name__)  # noqa: TRY400
        return 0


def _chase_due(audit: Audit, days: Calendar, *, now: datetime) -> int:
    come = [slot for slot in slots(audit, days) if leaves_at(slot.day) <= now]
    last = last_day_chased(audit)
    if not come or leaves_at(local_day(now)) > now or (last is not None and come[-1].day <= last):
        return 0
    latest = come[-1]
    if (audit.due_on, latest.offset) in slots_chased(audit) or not _take_turn(latest, now=now):
        return 0
    # A slot caught up is today's: nobody gets it beside another one of today.
    return len(chase(slot_on(audit, local_day(now), days), now=now))


def _take_turn(slot: Slot, *, now: datetime) -> bool:
    """Note that a slot has its turn; False when it has had it."""
    row = insert_once(
        ChasedSlot,
        unique=["audit_id", "due_on", "working_days"],
        audit_id=slot.audit.id,
        due_on=slot.audit.due_on,
        working_days=slot.offset,
        day=slot.day,
        planned_at=now,
    )
    return row is not None


def let_past_slots_go(audit: Audit, *, now: datetime) -> None:
    """Let every slot up to today pass: who has just been given more time is not chased at once."""
    for slot in slots(audit, calendar()):
        if slot.day <= local_day(now):
            _take_turn(slot, now=now)
