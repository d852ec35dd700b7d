"""The days on which an owner gets an email."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.concluding.actions.due_days import (
    WORKING_DAYS_BETWEEN,
    ActionDueDay,
    furthest_due_on,
    latest_action_due_day,
)
from surveyapp.foundation.calendar.working_days import WorkingCalendar

ENGLAND = WorkingCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("due_on", "today", "offset"),
    [
        (date(2026, 12, 18), date(2026, 12, 10), None),
        (date(2026, 12, 18), date(2026, 12, 11), -5),
        (date(2026, 12, 18), date(2026, 12, 17), -5),
        (date(2026, 12, 18), date(2026, 12, 18), 0),
        # Ten working days after 18 December 2026, over Christmas and New Year: Tuesday 5 January.
        (date(2026, 12, 18), date(2027, 1, 5), 0),
        (date(2026, 12, 18), date(2027, 1, 6), 10),
        (date(2026, 12, 18), date(2027, 1, 20), 20),
        # Due on a Saturday: its email goes on Monday.
        (date(2026, 12, 5), date(2026, 12, 6), -5),
        (date(2026, 12, 5), date(2026, 12, 7), 0),
    ],
)
def test_the_latest_email_day_is_counted_in_working_days(
    due_on: date, today: date, offset: int | None
) -> None:
    due_day = latest_action_due_day(due_on, today, ENGLAND)
    assert (due_day and due_day.offset) == offset


def test_closed_days_move_email_days() -> None:
    closed = WorkingCalendar(closed_days=frozenset({date(2026, 12, 11)}))
    assert latest_action_due_day(date(2026, 12, 18), date(2026, 12, 9), closed) is None
    due_day = latest_action_due_day(date(2026, 12, 18), date(2026, 12, 10), closed)
    assert due_day == ActionDueDay(date(2026, 12, 18), -5, date(2026, 12, 10))
    assert due_day.key(7) == "action_due:7:2026-12-18:-5"


@given(due_on=DAYS, after=st.integers(-40, 200))
def test_an_email_day_is_a_past_working_day_of_its_own(due_on: date, after: int) -> None:
    today = due_on + timedelta(days=after)
    due_day = latest_action_due_day(due_on, today, ENGLAND)
    if due_day is None:
        assert ENGLAND.add_working_days(due_on, -5) > today
        return
    assert due_day.day <= today
    assert ENGLAND.is_working_day(due_day.day)
    assert due_day.offset in {-5, 0} or due_day.offset % WORKING_DAYS_BETWEEN == 0
    assert latest_action_due_day(due_on, due_day.day, ENGLAND) == due_day
    assert due_on <= furthest_due_on(today, ENGLAND)
