from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from surveyapp.chasing.slots import Chaser, NotAWorkingDay, day_in_key, planned_slots, slot_on
from surveyapp.foundation.calendar.working_days import WorkingCalendar, working_calendar
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.store.models import ClosedDay
from surveyapp.planning.chaser_days import chaser_days, next_chaser_day, sending_begins_at
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

ENGLAND = WorkingCalendar("ENG")


def days_of(audit: Audit) -> list[date]:
    return [slot.day for slot in planned_slots(audit, working_calendar())]


def test_slots_are_working_days_from_the_due_date_and_skip_christmas(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 12, 18), close_on=date(2027, 1, 15))
    assert days_of(audit) == [date(2026, 12, 11), date(2026, 12, 18), date(2026, 12, 23), date(2026, 12, 31)]
    assert [slot.offset for slot in planned_slots(audit, working_calendar())] == [-5, 0, 3, 7]


def test_five_working_days_after_christmas_eve_is_the_fifth_of_january(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 12, 24), close_on=date(2027, 1, 29))
    audit.chasers = [5]
    assert days_of(audit) == [date(2027, 1, 5)]


def test_three_working_days_over_easter_2027_end_on_the_first_of_april(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2027, 3, 25), close_on=date(2027, 4, 30))
    audit.chasers = [3]
    assert days_of(audit) == [date(2027, 4, 1)]


def test_two_working_days_after_the_end_of_february_2028_are_the_first_of_march(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2028, 2, 28), close_on=date(2028, 3, 31))
    audit.chasers = [2]
    assert days_of(audit) == [date(2028, 3, 1)]


def test_a_day_closed_later_moves_the_slots_that_come(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    session.add(ClosedDay(day=date(2026, 12, 23), reason="Office closed"))
    session.commit()
    assert days_of(audit)[2:] == [date(2026, 12, 24), date(2027, 1, 4)]


def test_there_is_no_slot_on_the_day_of_issue_or_after_the_close(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 12, 4), close_on=date(2026, 12, 9))
    audit.chasers = [-4, -3, 3, 4]
    assert days_of(audit) == [date(2026, 12, 1), date(2026, 12, 9)]
    audit.closes_at = sending_begins_at(date(2026, 12, 9))
    assert days_of(audit) == [date(2026, 12, 1)]


def test_two_offsets_on_one_day_are_one_slot(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 12, 19))
    audit.chasers = [0, 1]
    assert days_of(audit) == [date(2026, 12, 21)]


def test_the_slot_of_a_day_off_names_the_next_working_day(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with pytest.raises(NotAWorkingDay) as refused:
        slot_on(audit, date(2026, 12, 25), ENGLAND)
    assert refused.value.message == "Friday 25 December 2026 is not a working day, so nobody is chased."
    assert refused.value.way_on == "The next working day is Tuesday 29 December 2026."


def test_agencies_are_told_from_the_slot_that_the_audit_names_on(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.escalate_from = 3
    assert [slot.escalates for slot in planned_slots(audit, ENGLAND)] == [False, False, True, True]
    assert slot_on(audit, date(2026, 12, 24), ENGLAND).escalates
    assert not slot_on(audit, date(2026, 12, 22), ENGLAND).escalates


def test_the_next_chaser_is_todays_until_it_has_left(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    half_past_eight = datetime(2026, 12, 11, 8, 30, tzinfo=UTC)
    before = next_chaser_day(audit, ENGLAND, now=half_past_eight - timedelta(minutes=1))
    assert before == date(2026, 12, 11)
    assert next_chaser_day(audit, ENGLAND, now=half_past_eight) == date(2026, 12, 18)
    audit.closed_at = MONDAY_MORNING
    assert next_chaser_day(audit, ENGLAND, now=MONDAY_MORNING) is None


def test_chasers_leave_at_half_past_eight_whatever_the_clocks_do(make: Maker) -> None:
    make.agency()
    assert sending_begins_at(date(2027, 3, 26)) == datetime(2027, 3, 26, 8, 30, tzinfo=UTC)
    assert sending_begins_at(date(2027, 3, 29)) == datetime(2027, 3, 29, 7, 30, tzinfo=UTC)
    assert sending_begins_at(date(2027, 11, 1)) == datetime(2027, 11, 1, 8, 30, tzinfo=UTC)


@pytest.mark.usefixtures("app")
def test_every_slot_is_a_working_day_between_issue_and_close() -> None:
    @given(
        due_on=st.dates(date(2026, 12, 1), date(2030, 12, 31)),
        open_for=st.integers(0, 60),
        chasers=st.lists(st.integers(-20, 30), max_size=6, unique=True),
        closed=st.frozensets(st.dates(date(2026, 12, 1), date(2031, 2, 1)), max_size=5),
    )
    def check(due_on: date, open_for: int, chasers: list[int], closed: frozenset[date]) -> None:
        days = WorkingCalendar("ENG", closed)
        audit = Audit(issued_at=MONDAY_MORNING, due_on=due_on, chasers=chasers)
        audit.closes_at = utc_moment(
            due_on + timedelta(days=open_for), MONDAY_MORNING.time().replace(hour=17)
        )
        found = [chaser_day.day for chaser_day in chaser_days(audit, days)]
        assert found == sorted(set(found))
        assert all(days.is_working_day(day) and day > date(2026, 11, 30) for day in found)
        assert all(sending_begins_at(day) < audit.closes_at for day in found)

    check()


def test_the_day_of_a_chaser_is_read_back_from_its_keys(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    chaser = Chaser(make.grants(audit)[0], slot_on(audit, date(2026, 12, 11), ENGLAND))
    assert day_in_key(chaser.key) == day_in_key(chaser.escalation_key) == date(2026, 12, 11)
