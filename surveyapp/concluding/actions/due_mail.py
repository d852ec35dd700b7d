"""Planning the emails to owners of actions: on working days, each once, none for what is done."""

from datetime import datetime

from sqlalchemy import and_, select

from surveyapp.concluding.actions.due_days import last_due_day_spoken_of, turn_of
from surveyapp.concluding.actions.emails import ACTION_DUE
from surveyapp.concluding.models import DONE, Action
from surveyapp.foundation.calendar.working_days import calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.mail.outbox import queue
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.chaser_days import leaves_at


def tell_owners(now: datetime) -> int:
    """Queue an email to each owner whose turn has come: five working days before, on the day, each ten after.

    Gives how many were queued: a second call queues none. Turns that were missed while nothing ran are not
    caught up, but for the latest, on the next working day; none is for a day before the action had its due
    day and its owner. `now` is UTC.
    """
    today, days = local_day(now), calendar()
    if not days.is_working_day(today) or now < leaves_at(today):
        return 0
    spoken_of = and_(
        Action.status != DONE, Action.owner_email != "", Action.due_on <= last_due_day_spoken_of(today, days)
    )
    chosen = select(Action.id, Action.owner_email, Action.due_on, Action.due_set_at).where(spoken_of)
    queued_for = Outbox.subject_id.in_(select(Action.id).where(spoken_of))
    had = set(session.scalars(select(Outbox.dedupe_key).where(Outbox.kind == ACTION_DUE.name, queued_for)))
    queued = 0
    for action_id, address, due_on, due_set_at in session.execute(chosen.order_by(Action.due_on, Action.id)):
        turn = turn_of(due_on, today, days)
        if turn is None or turn.key(action_id) in had:
            continue
        if due_set_at is not None and leaves_at(turn.day) <= due_set_at:
            continue
        if queue(ACTION_DUE.name, action_id, to=address, key=turn.key(action_id), now=now):
            queued += 1
            detail = f"{turn.offset} working days from {due_on}"
            record("worker", "queued_action_due", f"action {action_id}", detail, now=now)
    return queued
