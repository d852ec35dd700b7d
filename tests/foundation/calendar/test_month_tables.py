from datetime import date

from surveyapp.foundation.calendar.month_tables import DayMark, month_tables
from surveyapp.foundation.calendar.working_days import WorkingCalendar

ENGLAND = WorkingCalendar("ENG")
DUE = DayMark("due", "the day to return by")


def test_a_month_is_whole_weeks_from_monday_with_its_marks_and_days_off() -> None:
    [december] = month_tables(date(2026, 12, 18), date(2026, 12, 18), ENGLAND, {date(2026, 12, 18): [DUE]})
    assert december.name == "December 2026"
    assert all(len(week) == 7 for week in december.weeks)
    first = december.weeks[0]
    assert first[0] is None
    assert first[1] is not None
    assert first[1].day == date(2026, 12, 1)
    days = {each.day: each for week in december.weeks for each in week if each is not None}
    assert len(days) == 31
    assert days[date(2026, 12, 18)].marks == (DUE,)
    assert [day.day for day in days if not days[day].is_working][:4] == [5, 6, 12, 13]
    assert not days[date(2026, 12, 25)].is_working


def test_months_without_a_mark_are_left_out() -> None:
    marks = {date(2026, 12, 18): [DUE], date(2027, 11, 1): [DUE]}
    months = month_tables(date(2026, 12, 1), date(2027, 11, 1), ENGLAND, marks)
    assert [month.name for month in months] == ["December 2026", "November 2027"]
