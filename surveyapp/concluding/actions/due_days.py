"""The days on which an action's owner gets an email, counted in working days from the due day."""

from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.calendar.working_days import WorkingCalendar

# In working days: one email before the due day, one on it, and then one at each interval after it.
WORKING_DAYS_BEFORE, WORKING_DAYS_BETWEEN = 5, 10


@dataclass(frozen=True)
class ActionDueDay:
    """One day on which an owner gets an email; `offset` is in working days from the due day."""

    due_on: date
    offset: int
    day: date

    def key(self, action_id: int) -> str:
        """The dedupe key of its email: action_due:12:2026-12-18:-5."""
        return f"action_due:{action_id}:{self.due_on.isoformat()}:{self.offset}"


def latest_action_due_day(due_on: date, today: date, days: WorkingCalendar) -> ActionDueDay | None:
    """The latest email day that is not after `today`, a UK day; None before the first.

    Always a working day: for an action due on a day off it is the next working day.
    """
    latest = None
    for offset in (-WORKING_DAYS_BEFORE, 0):
        day = days.add_working_days(due_on, offset)
        if day <= today:
            latest = ActionDueDay(due_on, offset, day)
    if latest is None or latest.offset < 0:
        return latest
    offset, day = WORKING_DAYS_BETWEEN, days.add_working_days(due_on, WORKING_DAYS_BETWEEN)
    while day <= today:
        latest = ActionDueDay(due_on, offset, day)
        offset, day = offset + WORKING_DAYS_BETWEEN, days.add_working_days(day, WORKING_DAYS_BETWEEN)
    return latest


def furthest_due_on(today: date, days: WorkingCalendar) -> date:
    """The latest due day whose first email may be due by `today`; actions due later need not be read."""
    return days.add_working_days(today, WORKING_DAYS_BEFORE + 1)
