"""The days on which an action's owner is written to, in working days from the day it is due."""

from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.calendar.working_days import Calendar

# Working days: before the due day, on it, and again and again after it. Every week would be too much.
BEFORE, AGAIN_EVERY = 5, 10


@dataclass(frozen=True)
class Turn:
    """One day on which an owner is written to; `offset` is in working days from the due day."""

    due_on: date
    offset: int
    day: date

    def key(self, action_id: int) -> str:
        """What makes it the only one of its kind: action_due:12:2026-12-18:-5."""
        return f"action_due:{action_id}:{self.due_on.isoformat()}:{self.offset}"


def turn_of(due_on: date, today: date, days: Calendar) -> Turn | None:
    """The latest turn that has come by `today`, a UK day; None before the first.

    Always a working day: one due on a day off has its turn on the next working day.
    """
    latest = None
    for offset in (-BEFORE, 0):
        day = days.add_working_days(due_on, offset)
        if day <= today:
            latest = Turn(due_on, offset, day)
    if latest is None or latest.offset < 0:
        return latest
    offset, day = AGAIN_EVERY, days.add_working_days(due_on, AGAIN_EVERY)
    while day <= today:
        latest = Turn(due_on, offset, day)
        offset, day = offset + AGAIN_EVERY, days.add_working_days(day, AGAIN_EVERY)
    return latest


def last_due_day_spoken_of(today: date, days: Calendar) -> date:
    """The furthest due day whose first turn may have come by `today`; later ones need no look."""
    return days.add_working_days(today, BEFORE + 1)
