from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Return
from surveyapp.chasing.operations import (
    ChasingBeforeIssue,
    chase,
    chase_now,
    queue_due_chasers,
    skip_past_slots,
)
from surveyapp.chasing.slots import NotAWorkingDay, slot_on
from surveyapp.closing.operations import close_returns, extend_returns
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.signals import chasers_sent
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import ClosedDay
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from tests.chasing.conftest import Queued
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

FIRST_SLOT = date(2026, 12, 11)
HALF_PAST_EIGHT = datetime(2026, 12, 11, 8, 30, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


def plan(now: datetime) -> int:
    with transaction():
        return queue_due_chasers(now)


def chase_on(audit: Audit, day: date, now: datetime) -> int:
    with transaction():
        return len(chase(slot_on(audit, day, working_calendar()), now=now))


def keys(outbox: Queued) -> list[str]:
    return [mail.dedupe_key for mail in outbox()]


def test_a_contact_with_two_cases_outstanding_gets_one_chaser(make: Maker, outbox: Queued) -> None:
    agency = make.agency(contact="b@agency.example")
    audit = make.audit(cases=3, agencies=[agency], returned=1)
    assert chase_on(audit, FIRST_SLOT, HALF_PAST_EIGHT) == 1
    (mail,) = outbox()
    grant = make.grants(audit)[0]
    assert (mail.kind, mail.subject_id, mail.to_addr) == ("chaser", grant.id, "b@agency.example")
    assert (mail.dedupe_key, mail.on_doubt) == (f"chaser:{grant.id}:2026-12-11", "hold")
    assert mail.expires_at == audit.closes_at


def test_pressing_twice_chases_nobody_twice(make: Maker, outbox: Queued) -> None:
    audit = make.audit(cases=2, agencies=2)
    assert chase_on(audit, FIRST_SLOT, HALF_PAST_EIGHT) == 2
    assert chase_on(audit, FIRST_SLOT, HALF_PAST_EIGHT) == 0
    assert len(outbox()) == 2


def test_chasing_by_hand_and_the_slot_of_the_same_day_send_one_chaser(make: Maker, outbox: Queued) -> None:
    audit = make.audit(cases=1, agencies=1)
    with transaction():
        chase_now(audit, actor="manager", now=HALF_PAST_EIGHT - timedelta(minutes=20))
    assert plan(HALF_PAST_EIGHT) == 0
    assert len(outbox()) == 1


def test_a_slot_chased_by_hand_before_its_hour_is_not_caught_up_on_a_later_day(
    make: Maker, outbox: Queued
) -> None:
    make.audit(cases=1, agencies=1)
    with transaction():
        chase_now(make.audit(cases=1, agencies=1), actor="manager", now=HALF_PAST_EIGHT - timedelta(hours=7))
    assert plan(datetime(2026, 12, 14, 9, tzinfo=UTC)) == 1
    assert len(outbox()) == 2


def test_nobody_is_chased_after_returns_close(make: Maker, outbox: Queued) -> None:
    audit = make.audit(cases=1, agencies=1)
    slot = slot_on(audit, FIRST_SLOT, working_calendar())
    assert audit.closes_at is not None
    with pytest.raises(ReturnsClosed, match="Returns closed on Friday 15 January 2027 at 5:00pm"):
        chase(slot, now=audit.closes_at)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    with pytest.raises(ReturnsClosed):
        chase(slot, now=HALF_PAST_EIGHT)
    assert plan(HALF_PAST_EIGHT) == 0
    assert outbox() == []


def test_nobody_is_chased_before_issue_or_on_a_day_off(make: Maker) -> None:
    with pytest.raises(ChasingBeforeIssue):
        chase_now(make.audit(cases=1, agencies=1, issued=False), actor="manager", now=MONDAY_MORNING)
    with pytest.raises(NotAWorkingDay):
        chase_now(make.audit(cases=1, agencies=1), actor="manager", now=MONDAY_MORNING - ONE_DAY)


def test_hosts_hear_how_many_chasers_were_queued(make: Maker) -> None:
    heard = []

    def listen(_app: object, **facts: int) -> None:
        heard.append(facts)

    audit = make.audit(cases=1, agencies=2)
    id_ = audit.id
    with chasers_sent.connected_to(listen):
        chase_on(audit, FIRST_SLOT, HALF_PAST_EIGHT)
        chase_on(audit, FIRST_SLOT, HALF_PAST_EIGHT)
    assert heard == [{"audit_id": id_, "count": 2}]


def test_the_escalation_contact_gets_a_copy_from_the_named_slot_on(
    make: Maker, outbox: Queued, session: Session
) -> None:
    police, health = make.agency("Police"), make.agency("Health", kind="health")
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    audit = make.audit(cases=1, agencies=[police, health])
    audit.escalate_from = 0
    session.commit()
    chase_on(audit, FIRST_SLOT, HALF_PAST_EIGHT)
    assert [mail.kind for mail in outbox()] == ["chaser", "chaser"]
    chase_on(audit, date(2026, 12, 18), HALF_PAST_EIGHT + 7 * ONE_DAY)
    grant = make.grants(audit)[0]
    copies = [(mail.to_addr, mail.dedupe_key) for mail in outbox() if mail.kind == "escalation"]
    assert copies == [("chief@police.example", f"escalation:{grant.id}:2026-12-18")]


def test_a_slot_leaves_at_half_past_eight_on_its_day_once(make: Maker, outbox: Queued) -> None:
    make.audit(cases=1, agencies=1)
    assert plan(HALF_PAST_EIGHT - timedelta(minutes=1)) == 0
    assert plan(HALF_PAST_EIGHT) == 1
    assert plan(HALF_PAST_EIGHT + timedelta(minutes=1)) == 0
    assert plan(HALF_PAST_EIGHT + ONE_DAY) == 0
    assert len(outbox()) == 1


def test_a_contact_who_becomes_outstanding_after_a_slot_is_chased_at_the_next(
    make: Maker, session: Session
) -> None:
    make.audit(cases=1, agencies=1, returned=1)
    assert plan(HALF_PAST_EIGHT) == 0
    session.execute(update(Return).values(returned_at=None))
    session.commit()
    assert plan(HALF_PAST_EIGHT + timedelta(minutes=5)) == 0
    assert plan(HALF_PAST_EIGHT + 7 * ONE_DAY) == 1


def test_t1_a_clock_set_back_an_hour_or_a_day_chases_nobody_twice(make: Maker, outbox: Queued) -> None:
    make.audit(cases=1, agencies=1)
    assert plan(HALF_PAST_EIGHT) == 1
    for back in (timedelta(hours=1), ONE_DAY):
        assert plan(HALF_PAST_EIGHT - back) == 0
    assert plan(HALF_PAST_EIGHT + timedelta(hours=1)) == 0
    assert len(outbox()) == 1


def test_t2_a_clock_set_forward_and_back_chases_each_grant_at_most_once_for_a_slot(
    make: Maker, outbox: Queued
) -> None:
    make.audit(cases=1, agencies=1)
    assert plan(HALF_PAST_EIGHT) == 1
    assert plan(HALF_PAST_EIGHT - ONE_DAY) == 0
    assert plan(HALF_PAST_EIGHT) == 0
    assert len(outbox()) == 1


def test_t3_after_days_of_standstill_one_chaser_goes_not_one_for_each_slot(
    make: Maker, outbox: Queued
) -> None:
    audit = make.audit(cases=1, agencies=1)
    after_three_slots = datetime(2026, 12, 29, 9, tzinfo=UTC)
    assert plan(after_three_slots) == 1
    assert plan(after_three_slots + timedelta(minutes=1)) == 0
    assert keys(outbox) == [f"chaser:{make.grants(audit)[0].id}:2026-12-29"]


def test_t3_a_missed_slot_is_not_caught_up_on_a_day_off_or_before_half_past_eight(make: Maker) -> None:
    make.audit(cases=1, agencies=1)
    assert plan(datetime(2026, 12, 12, 12, tzinfo=UTC)) == 0
    assert plan(datetime(2026, 12, 14, 8, tzinfo=UTC)) == 0
    assert plan(datetime(2026, 12, 14, 8, 30, tzinfo=UTC)) == 1


def test_t4_in_summer_time_chasers_leave_at_half_past_eight_uk_time(make: Maker) -> None:
    make.audit(cases=1, agencies=1, due_on=date(2027, 4, 9), close_on=date(2027, 5, 14))
    assert plan(datetime(2027, 4, 2, 7, 29, tzinfo=UTC)) == 0
    assert plan(datetime(2027, 4, 2, 7, 30, tzinfo=UTC)) == 1


def test_t4_the_night_the_clocks_go_back_sends_nothing_twice(make: Maker, outbox: Queued) -> None:
    make.audit(cases=1, agencies=1, due_on=date(2027, 10, 29), close_on=date(2027, 11, 26))
    assert plan(datetime(2027, 10, 29, 7, 30, tzinfo=UTC)) == 1
    for minutes in range(0, 240, 30):
        assert plan(datetime(2027, 10, 31, 0, 30, tzinfo=UTC) + timedelta(minutes=minutes)) == 0
    assert len(outbox()) == 1


def test_t5_nobody_is_chased_on_christmas_new_year_or_easter(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 12, 18), close_on=date(2027, 4, 30))
    audit.chasers = list(range(3, 70))
    days_off = [(2026, 12, 25), (2026, 12, 26), (2026, 12, 28), (2027, 1, 1), (2027, 3, 26), (2027, 3, 29)]
    for year, month, day in days_off:
        assert plan(datetime(year, month, day, 12, tzinfo=UTC)) == 0, f"{day}.{month}. is a day off."


def test_t7_a_day_closed_at_short_notice_sends_nothing_and_the_slot_moves(
    make: Maker, outbox: Queued, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    skip_past_slots(audit, now=datetime(2026, 12, 18, 12, tzinfo=UTC))
    session.add(ClosedDay(day=date(2026, 12, 23), reason="Extra bank holiday"))
    session.commit()
    assert plan(datetime(2026, 12, 23, 12, tzinfo=UTC)) == 0
    assert plan(datetime(2026, 12, 24, 8, 30, tzinfo=UTC)) == 1
    assert keys(outbox)[0].endswith("2026-12-24")


def test_t7_a_day_closed_after_its_slot_does_not_repeat_that_slot(make: Maker, session: Session) -> None:
    make.audit(cases=1, agencies=1)
    assert plan(datetime(2026, 12, 23, 8, 30, tzinfo=UTC)) == 1
    session.add(ClosedDay(day=date(2026, 12, 22), reason="Entered late"))
    session.commit()
    assert plan(datetime(2026, 12, 24, 9, tzinfo=UTC)) == 0


def test_chasers_follow_an_extension_and_nobody_is_chased_on_the_day_of_it(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert plan(HALF_PAST_EIGHT) == 1
    with transaction():
        extend_returns(
            audit,
            to=date(2027, 1, 29),
            due_on=date(2026, 12, 22),
            actor="manager",
            now=datetime(2026, 12, 16, 9, tzinfo=UTC),
        )
    # Five working days before the new due date is 15 December, which has passed and is not caught up.
    assert plan(datetime(2026, 12, 16, 9, 1, tzinfo=UTC)) == 0
    assert plan(datetime(2026, 12, 18, 9, tzinfo=UTC)) == 0
    assert plan(datetime(2026, 12, 22, 8, 30, tzinfo=UTC)) == 1


def test_each_open_audit_is_chased_by_its_own_dates(make: Maker, outbox: Queued) -> None:
    make.audit(cases=1, agencies=1)
    make.audit(cases=1, agencies=1, due_on=date(2026, 12, 16))
    make.audit(cases=1, agencies=1, issued=False)
    assert plan(utc_moment(date(2026, 12, 9), HALF_PAST_EIGHT.time())) == 1
    assert len(outbox()) == 1


def test_planning_when_nothing_is_due_takes_few_statements(
    make: Maker, queries: Callable[[int], object]
) -> None:
    for _ in range(12):
        make.audit(cases=1, agencies=1)
    plan(HALF_PAST_EIGHT)
    # As many for any number of audits: the audits, days chased, requests with more time, closed days.
    with queries(5), transaction():  # type: ignore[attr-defined]
        queue_due_chasers(HALF_PAST_EIGHT + timedelta(minutes=1))


def test_an_error_in_one_audit_does_not_hold_up_another(
    make: Maker, session: Session, outbox: Queued, caplog: pytest.LogCaptureFixture
) -> None:
    far = make.audit(cases=1, agencies=1, due_on=date(9999, 12, 30), close_on=date(9999, 12, 31))
    near = make.audit(cases=1, agencies=2)
    session.commit()
    assert plan(HALF_PAST_EIGHT) == 2
    assert {mail.subject_id for mail in outbox()} == {grant.id for grant in make.grants(near)}
    assert f"No chaser of audit {far.id} could be queued: OverflowError" in caplog.text


@pytest.fixture
def escalating(make: Maker, session: Session) -> Audit:
    """An audit of one agency that has a contact to be told, from the first slot on."""
    police = make.agency("Police", contact="lead@police.example")
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    audit = make.audit(cases=1, agencies=[police])
    audit.escalate_from = -5
    session.commit()
    return audit


def test_the_agencys_copy_expires_with_the_chaser_when_returns_close(
    escalating: Audit, outbox: Queued
) -> None:
    chase_on(escalating, FIRST_SLOT, HALF_PAST_EIGHT)
    ends = {mail.kind: mail.expires_at for mail in outbox()}
    assert ends == {"escalation": escalating.closes_at, "chaser": escalating.closes_at}


def test_no_contact_gets_a_copy_of_their_own_chaser(
    escalating: Audit, outbox: Queued, session: Session
) -> None:
    lead, chief = escalating.cases[0].involvements[0].agency.contacts
    lead.role, chief.left_at = "escalation", MONDAY_MORNING
    session.commit()
    chase_on(escalating, FIRST_SLOT, HALF_PAST_EIGHT)
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [("chaser", "lead@police.example")]


def test_a_day_off_queues_nothing_and_logs_no_error(make: Maker, caplog: pytest.LogCaptureFixture) -> None:
    make.audit(cases=1, agencies=1)
    # The slot of Friday 11 December has passed; nobody is chased on Saturday, which is not an error.
    assert plan(datetime(2026, 12, 12, 9, tzinfo=UTC)) == 0
    assert "could be queued" not in caplog.text
    assert plan(datetime(2026, 12, 14, 9, tzinfo=UTC)) == 1
