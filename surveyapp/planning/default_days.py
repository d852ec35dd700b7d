"""The days that a new audit is offered: when it is issued, when returns are due, and when they close."""

from datetime import date

from surveyapp.foundation.calendar.working_days import WorkingCalendar

# In working days: from the issue to the day to return by (stories 4.1), and from there to the close. The last
# of the usual chasers leaves seven working days after that day, so that an agency has three to answer it.
DUE_AFTER, CLOSE_AFTER = 15, 10


def issue_day(today: date, days: WorkingCalendar) -> date:
    """The day of issue that is offered: today, or the next working day."""
    return days.add_working_days(today, 0)


def due_day(issue_on: date, days: WorkingCalendar) -> date:
    """The day to return by that goes with a day of issue."""
    return days.add_working_days(issue_on, DUE_AFTER)


def close_day(due_on: date, days: WorkingCalendar) -> date:
    """The day on which returns close that goes with a day to return by."""
    return days.add_working_days(due_on, CLOSE_AFTER)
