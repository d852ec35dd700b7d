"""The days from which chasers are chosen."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.planning.days.chaser_choice import AuditDays, ChaserChoice, chaser_choice

CALENDAR = WorkingCalendar("ENG", frozenset({date(2026, 12, 30)}))
# Returns are due on the Friday before Christmas and close on the Friday two weeks after New Year.
WINTER = AuditDays(date(2026, 12, 1), date(2026, 12, 18), date(2027, 1, 15))

pytestmark = pytest.mark.usefixtures("app")


def boxes_of(choice: ChaserChoice) -> dict[date, int]:
    return {day.day: day.box.offset for week in choice.weeks for day in week if day.box}


def test_the_calendar_has_a_box_for_each_working_day_between_issue_and_close() -> None:
    choice = chaser_choice((-5, 0, 3), WINTER, CALENDAR)
    boxes = boxes_of(choice)
    assert (min(boxes), max(boxes)) == (date(2026, 12, 2), date(2027, 1, 14)), (
        "15 working days after the due day"
    )
    assert all(CALENDAR.is_working_day(day) for day in boxes)
    assert (boxes[date(2026, 12, 11)], boxes[date(2026, 12, 18)], boxes[date(2026, 12, 23)]) == (-5, 0, 3)
    assert all([day.day.weekday() for day in week] == [0, 1, 2, 3, 4] for week in choice.weeks)
    words = {day.day: day.words for week in choice.weeks for day in week if day.words}
    assert words == {
        date(2026, 12, 1): "issue",
        date(2026, 12, 18): "return by",
        date(2026, 12, 25): "bank holiday",
        date(2026, 12, 28): "bank holiday",
        date(2026, 12, 30): "closed day",
        date(2027, 1, 1): "bank holiday",
        date(2027, 1, 15): "close",
    }
    assert [box.in_words for box in choice.sent] == [
        "Friday 11 December 2026: 5 working days before the day to return by",
        "Friday 18 December 2026: on the day to return by",
        "Wednesday 23 December 2026: 3 working days after the day to return by",
    ]


def test_a_chaser_before_the_issue_or_after_the_close_says_so() -> None:
    choice = chaser_choice((-15, 0, 30), WINTER, CALENDAR)
    assert [box.loss_in_words for box in choice.lost] == [
        (
            "Nothing is sent on Friday 27 November 2026, 15 working days before the day to return by, "
            "since the audit is issued on Tuesday 1 December 2026."
        ),
        (
            "Nothing is sent on Thursday 4 February 2027, 30 working days after the day to return by, "
            "since returns close on Friday 15 January 2027."
        ),
    ]
    assert [box.offset for box in choice.others] == [-15, 30], "their ticks can be taken away"


def test_a_chaser_far_from_the_day_but_before_the_close_is_sent() -> None:
    late = AuditDays(WINTER.issue_on, WINTER.due_on, date(2027, 3, 31))
    choice = chaser_choice((30,), late, CALENDAR)
    assert [box.in_words for box in choice.sent] == [
        "Thursday 4 February 2027: 30 working days after the day to return by"
    ]


def test_a_due_day_that_is_no_working_day_has_one_box_for_the_next() -> None:
    saturday = AuditDays(WINTER.issue_on, date(2026, 12, 19), WINTER.close_on)
    for ticked in (0, 1):
        boxes = boxes_of(chaser_choice((ticked,), saturday, CALENDAR))
        assert boxes[date(2026, 12, 21)] == ticked
    both = chaser_choice((0, 1), saturday, CALENDAR)
    assert [box.offset for box in both.chosen] == [0, 1]


def test_without_days_the_usual_chasers_are_offered() -> None:
    choice = chaser_choice((-5, 4), AuditDays(None, None, None), CALENDAR)
    assert choice.weeks == ()
    assert [box.offset for box in choice.others] == [-10, -5, -3, -1, 0, 1, 3, 4, 5, 7, 10]
    assert [box.in_words for box in choice.chosen] == [
        "5 working days before the day to return by",
        "4 working days after the day to return by",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.frozensets(st.integers(-65, 65), max_size=12),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(0, 90),
    st.integers(0, 90),
)
def test_whatever_is_ticked_stays_ticked(
    chosen: frozenset[int], due_on: date, before: int, after: int
) -> None:
    days = AuditDays(due_on - timedelta(days=before), due_on, due_on + timedelta(days=after))
    choice = chaser_choice(chosen, days, CALENDAR)
    assert [box.offset for box in choice.chosen] == sorted(chosen)
