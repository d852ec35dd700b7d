"""The days that a new audit is offered: when it is issued, when returns are due, and when they close."""

from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.calendar.working_days import WorkingCalendar

# In working days: from the issue to the day to return by (stories 4.1), and from there to the close. The last
# of the usual chasers leaves seven working days after that day, so that an agency has three to answer it.
DUE_AFTER, CLOSE_AFTER = 15, 10


def posted_day(word: str) -> date | None:
    """A day as a page carries it, such as 2026-12-01; None for anything else."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def issue_day(today: date, days: WorkingCalendar) -> date:
    """The day of issue that is offered: today, or the next working day."""
    return days.add_working_days(today, 0)


def due_day(issue_on: date, days: WorkingCalendar) -> date:
    """The day to return by that goes with a day of issue."""
    return days.add_working_days(issue_on, DUE_AFTER)


def close_day(due_on: date, days: WorkingCalendar) -> date:
    """The day on which returns close that goes with a day to return by."""
    return days.add_working_days(due_on, CLOSE_AFTER)


@dataclass(frozen=True)
class OfferedDays:
    """The days on a page that is being filled in; `issue_on` and `due_on` are those it was shown with."""

    issue_on: date | None
    due_on: date | None

    def follow(
        self, issue_on: date | None, due_on: date | None, close_on: date | None, days: WorkingCalendar
    ) -> tuple[date | None, date | None]:
        """The day to return by and the closing day that go with the days typed.

        A day that is empty, or that is still the one which was counted from the day before it, is counted
        anew; a day that somebody chose stays.
        """
        counted_due = due_day(self.issue_on, days) if self.issue_on else None
        counted_close = close_day(self.due_on, days) if self.due_on else None
        if issue_on and due_on in {None, counted_due}:
            due_on = due_day(issue_on, days)
        if due_on and close_on in {None, counted_close}:
            close_on = close_day(due_on, days)
        return due_on, close_on
