"""The calendar of chasers, and the chasers of one day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.operations import chase_now
from surveyapp.chasing.outstanding_requests import extended_due_days
from surveyapp.chasing.queries import chasing_state
from surveyapp.chasing.slot_queries import chasers_of, last_days_chased, slot_lines
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from tests.chasing.conftest import SLOT
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener
from tests.row_maker import Maker


def test_the_calendar_shows_planned_slots_and_days_chased_by_hand(audit: Audit) -> None:
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    lines = slot_lines(chasing_state(audit, working_calendar()), now=MONDAY_MORNING)
    assert [(line.day, line.offset, line.queued, line.due) for line in lines] == [
        (date(2026, 11, 30), None, 1, 0),
        (date(2026, 12, 11), -5, 0, 1),
        (date(2026, 12, 18), 0, 0, 1),
        (date(2026, 12, 23), 3, 0, 1),
        (date(2026, 12, 31), 7, 0, 1),
    ]


def test_days_ahead_are_counted_although_todays_slot_has_been_chased(audit: Audit) -> None:
    before_the_hour = datetime(2026, 12, 11, 7, tzinfo=UTC)
    with transaction():
        chase_now(audit, actor="manager", now=before_the_hour)
    lines = slot_lines(chasing_state(audit, working_calendar()), now=before_the_hour)
    assert [(line.day, line.queued, line.due) for line in lines[:3]] == [
        (SLOT, 1, 0),
        (date(2026, 12, 18), 0, 1),
        (date(2026, 12, 23), 0, 1),
    ]


def test_the_chasers_of_a_day_include_copies_and_no_other_day(
    audit: Audit, make: Maker, session: Session
) -> None:
    audit.escalate_from = -20
    police = make.grants(audit)[0].contact.agency
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    make.audit(cases=1, agencies=[police])
    session.commit()
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    lead = make.grants(audit)[0].contact.name
    found = chasers_of(audit, date(2026, 11, 30))
    assert {(chaser.contact, chaser.agency, chaser.kind, chaser.state) for chaser in found} == {
        (lead, "Police", "chaser", "queued"),
        (lead, "Police", "escalation", "queued"),
    }
    assert {chaser.at for chaser in found} == {MONDAY_MORNING}
    assert chasers_of(audit, SLOT) == []


def test_the_chasers_of_another_audit_are_not_listed(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    with transaction():
        chase_now(other, actor="manager", now=MONDAY_MORNING)
    assert len(chasers_of(other, date(2026, 11, 30))) == 1
    assert chasers_of(audit, date(2026, 11, 30)) == []


def test_a_slot_is_past_from_the_minute_in_which_its_chasers_leave(audit: Audit) -> None:
    hour = datetime(2026, 12, 11, 8, 30, tzinfo=UTC)

    def past(now: datetime) -> list[bool]:
        return [line.is_past for line in slot_lines(chasing_state(audit, working_calendar()), now=now)[:2]]

    assert past(hour - timedelta(seconds=1)) == [False, False]
    assert past(hour) == [True, False]


def test_the_last_days_chased_is_the_latest_of_all_slots_chased(audit: Audit, session: Session) -> None:
    assert last_days_chased([audit], until=date(2027, 1, 31)) == {}
    for offset, day in ((0, date(2026, 12, 18)), (3, date(2026, 12, 23)), (-5, SLOT)):
        turn = ChasedSlot(
            audit_id=audit.id,
            due_on=date(2026, 12, 18),
            working_days=offset,
            day=day,
            planned_at=MONDAY_MORNING,
        )
        session.add(turn)
        session.flush()
    assert last_days_chased([audit], until=date(2027, 1, 31)) == {audit.id: date(2026, 12, 23)}


@pytest.mark.sqlite
def test_requests_with_more_time_are_found_without_reading_the_others(audit: Audit, session: Session) -> None:
    """The worker asks each minute, and of a million requests a handful has a due day of its own."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with engine_listener("before_cursor_execute", note):
        extended_due_days([audit])
    (statement,) = [sql for sql in asked if "due_on IS NOT NULL" in sql]
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (audit.id,)).all()
    assert "ix_survey_audit_request_due_later" in str(plan)
