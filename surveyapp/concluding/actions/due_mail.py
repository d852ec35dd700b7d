"""Queues the emails to owners of actions that are due or overdue."""

from datetime import datetime

from sqlalchemy import and_, select

from surveyapp.concluding.actions.due_days import furthest_due_on, latest_action_due_day
from surveyapp.concluding.actions.emails import ACTION_DUE
from surveyapp.concluding.models import DONE, Action
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.chaser_days import sending_begins_at


def queue_action_due_emails(now: datetime) -> int:
    """Queue the emails to owners: five working days before the due day, on it, and every ten after it.

    Returns how many were queued; calling again queues none. Emails go on working days only, from the chasing
    hour on. If the worker missed several email days, only the latest is made up for. No email is sent for a
    day before the action got its present due day and address. `now` is UTC.
    """
    today, days = local_day(now), working_calendar()
    if not days.is_working_day(today) or now < sending_begins_at(today):
        return 0
    is_near = and_(
        Action.status != DONE, Action.owner_email != "", Action.due_on <= furthest_due_on(today, days)
    )
    actions = select(Action.id, Action.owner_email, Action.due_on, Action.due_set_at).where(is_near)
    queued_for = Outbox.subject_id.in_(select(Action.id).where(is_near))
    queued_keys = set(
        session.scalars(select(Outbox.dedupe_key).where(Outbox.kind == ACTION_DUE.name, queued_for))
    )
    queued = 0
    for action_id, address, due_on, due_set_at in session.execute(actions.order_by(Action.due_on, Action.id)):
        due_day = latest_action_due_day(due_on, today, days)
        if due_day is None or due_day.key(action_id) in queued_keys:
            continue
        if due_set_at is not None and sending_begins_at(due_day.day) <= due_set_at:
            continue
        if queue_email(ACTION_DUE.name, action_id, to=address, key=due_day.key(action_id), now=now):
            queued += 1
            detail = f"{due_day.offset} working days from {due_on}"
            record_event("worker", "queued_action_due", f"action {action_id}", detail, now=now)
    return queued
