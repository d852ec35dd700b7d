from datetime import date, timedelta

import pytest
from flask import Flask
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.foundation.calendar.working_days import WorkingCalendar, add_working_days, working_calendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import ClosedDay

ENGLAND = WorkingCalendar("ENG")
DIVISIONS = {
    "ENG": BankHolidays.ENGLAND_AND_WALES,
    "WLS": BankHolidays.ENGLAND_AND_WALES,
    "SCT": BankHolidays.SCOTLAND,
    "NIR": BankHolidays.NORTHERN_IRELAND,
}
# Proclaimed after the published list was bundled with the oracle.
PROCLAIMED = {("SCT", date(2026, 6, 15))}
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
COUNTS = st.integers(1, 60)
CLOSED = st.frozensets(DAYS, max_size=40)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2028, 2, 28), 2, date(2028, 3, 1)),  # the leap day is worked (promises T5)
        (date(2026, 12, 24), 5, date(2027, 1, 5)),  # Christmas to New Year (promises T6)
        (date(2027, 3, 25), 3, date(2027, 4, 1)),  # Good Friday and Easter Monday (promises T6)
        (date(2027, 1, 5), -5, date(2026, 12, 24)),
        (date(2026, 12, 18), -5, date(2026, 12, 11)),
        (date(2026, 12, 18), 0, date(2026, 12, 18)),
        (date(2026, 12, 25), 0, date(2026, 12, 29)),
    ],
)
def test_working_days_are_counted_as_the_partnership_counts_them(
    day: date, days: int, expected: date
) -> None:
    assert ENGLAND.add_working_days(day, days) == expected


def test_bank_holidays_of_the_promises_are_not_working_days() -> None:
    shut = [(2026, 12, 25), (2026, 12, 26), (2026, 12, 28), (2027, 1, 1), (2027, 3, 26), (2027, 3, 29)]
    assert not any(ENGLAND.is_working_day(date(*day)) for day in shut)


@pytest.mark.parametrize("nation", DIVISIONS)
def test_bank_holidays_are_those_that_gov_uk_publishes(nation: str) -> None:
    published = BankHolidays(use_cached_holidays=True)
    known = published.get_holidays(division=DIVISIONS[nation])
    ours = WorkingCalendar(nation)
    first, last = known[0]["date"], known[-1]["date"]
    day = date(first.year, 1, 1)
    while day <= date(last.year, 12, 31):
        expected = published.is_work_day(day, division=DIVISIONS[nation])
        assert (nation, day) in PROCLAIMED or ours.is_working_day(day) == expected, f"{nation} {day}"
        day += timedelta(days=1)


def test_a_closed_day_is_not_counted() -> None:
    closed = WorkingCalendar("ENG", frozenset({date(2026, 12, 1)}))
    assert closed.next_working_day(date(2026, 11, 30)) == date(2026, 12, 2)


@settings(max_examples=200, deadline=None)
@given(day=DAYS, days=COUNTS, closed=CLOSED)
def test_counting_forwards_and_back_returns_to_the_same_day(
    day: date, days: int, closed: frozenset[date]
) -> None:
    calendar = WorkingCalendar("ENG", closed)
    start = calendar.add_working_days(day, 0)
    assert calendar.add_working_days(calendar.add_working_days(start, days), -days) == start


@settings(max_examples=200, deadline=None)
@given(day=DAYS, first=COUNTS, then=COUNTS, closed=CLOSED)
def test_counting_in_two_steps_equals_counting_in_one(
    day: date, first: int, then: int, closed: frozenset[date]
) -> None:
    calendar = WorkingCalendar("SCT", closed)
    assert calendar.add_working_days(
        calendar.add_working_days(day, first), then
    ) == calendar.add_working_days(day, first + then)


@settings(max_examples=200, deadline=None)
@given(day=DAYS, days=st.integers(-60, 60), closed=CLOSED)
def test_the_result_is_always_a_working_day(day: date, days: int, closed: frozenset[date]) -> None:
    calendar = WorkingCalendar("NIR", closed)
    assert calendar.is_working_day(calendar.add_working_days(day, days))


def test_the_calendar_has_the_nation_of_the_settings_and_every_closed_day(app: Flask) -> None:
    assert app.config.get("SURVEY_NATION") is None
    session.add(ClosedDay(day=date(2026, 12, 1), reason="Office closure"))
    session.flush()
    assert working_calendar() == WorkingCalendar("ENG", frozenset({date(2026, 12, 1)}))
    assert add_working_days(date(2026, 11, 30), 1) == date(2026, 12, 2)
    assert add_working_days(date(2026, 11, 30), -1) == date(2026, 11, 27)


def test_working_days_between_two_days_leave_out_weekends_and_holidays() -> None:
    days = WorkingCalendar()
    assert days.working_days_between(date(2026, 12, 24), date(2026, 12, 29)) == 1
    assert days.working_days_between(date(2026, 12, 24), date(2026, 12, 24)) == 0
    assert days.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
