"""Planning the emails to owners of actions: on working days, each once, none for what is done."""

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
    """Queue an email to each owner whose turn has come: five working days before, on the day, each ten after.

    Gives how many were queued: a second call queues none. Turns that were missed while nothing ran are not
    caught up, but for the latest, on the next working day; none is for a day before the action had its due
    day and its owner. `now` is UTC.
    """
    today, days = local_day(now), working_calendar()
    if not days.is_working_day(today) or now < sending_begins_at(today):
        return 0
    spoken_of = and_(
        Action.status != DONE, Action.owner_email != "", Action.due_on <= furthest_due_on(today, days)
    )
    chosen = select(Action.id, Action.owner_email, Action.due_on, Action.due_set_at).where(spoken_of)
    queued_for = Outbox.subject_id.in_(select(Action.id).where(spoken_of))
    had = set(session.scalars(select(Outbox.dedupe_key).where(Outbox.kind == ACTION_DUE.name, queued_for)))
    queued = 0
    for action_id, address, due_on, due_set_at in session.execute(chosen.order_by(Action.due_on, Action.id)):
        turn = latest_action_due_day(due_on, today, days)
        if turn is None or turn.key(action_id) in had:
            continue
        if due_set_at is not None and sending_begins_at(turn.day) <= due_set_at:
            continue
        if queue_email(ACTION_DUE.name, action_id, to=address, key=turn.key(action_id), now=now):
            queued += 1
            detail = f"{turn.offset} working days from {due_on}"
            record_event("worker", "queued_action_due", f"action {action_id}", detail, now=now)
    return queued
