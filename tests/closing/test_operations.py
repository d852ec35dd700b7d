from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.chasing.operations import chase_now, queue_due_chasers
from surveyapp.closing.operations import (
    ReopeningWithoutReason,
    UnusableClosingDay,
    allow_late,
    close_due_audits,
    close_returns,
    default_reopening_day,
    extend_returns,
    reopen,
)
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.signals import returns_closed
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
CLOSING_HOUR = datetime(2027, 1, 15, 17, tzinfo=UTC)
LATER = MONDAY_MORNING + timedelta(minutes=5)


def close(audit: Audit, now: datetime = MONDAY_MORNING) -> bool:
    with transaction():
        return close_returns(audit, actor="manager", now=now)


def test_closing_by_hand_closes_at_once_and_only_once(make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, agencies=2, returned=4)
    assert close(audit) is True
    assert close(audit, LATER) is False
    assert audit.is_closed(MONDAY_MORNING)
    assert (audit.closed_at, audit.closes_at) == (MONDAY_MORNING, MONDAY_MORNING)
    events = session.scalars(select(Event).where(Event.action == "closed_returns")).all()
    assert [(event.actor, event.object, event.detail) for event in events] == [
        ("manager", f"audit {audit.id}", "4 of 6 returned (66.7%)")
    ]


def test_closing_cancels_the_chasers_that_have_not_left(
    make: Maker, outbox: Queued, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=3)
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    left, on_its_way, _queued = outbox()
    left.state = "sent"
    on_its_way.state = "sending"
    session.commit()
    close(audit)
    session.expire_all()
    assert [mail.state for mail in outbox()] == ["sent", "cancelled", "cancelled"]
    assert outbox()[2].last_text == "Returns closed."


def test_closing_one_audit_leaves_the_chasers_of_another(make: Maker, outbox: Queued) -> None:
    closing, other = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1)
    with transaction():
        chase_now(other, actor="manager", now=MONDAY_MORNING)
    close(closing)
    assert [mail.state for mail in outbox()] == ["queued"]


def test_an_audit_closes_by_itself_at_its_hour_and_hosts_hear_of_it(make: Maker, session: Session) -> None:
    heard = []

    def listen(_app: object, **facts: int) -> None:
        heard.append(facts)

    audit = make.audit(cases=1, agencies=1)
    id_ = audit.id
    with returns_closed.connected_to(listen):
        for now, closed in ((CLOSING_HOUR - timedelta(seconds=1), 0), (CLOSING_HOUR, 1), (CLOSING_HOUR, 0)):
            with transaction():
                assert close_due_audits(now) == closed
    session.expire_all()
    assert (audit.closed_at, audit.closes_at) == (CLOSING_HOUR, CLOSING_HOUR)
    assert heard == [{"audit_id": id_}]


def test_t4_in_summer_returns_close_at_five_uk_time(make: Maker) -> None:
    make.audit(cases=1, agencies=1, due_on=date(2027, 4, 1), close_on=date(2027, 4, 9))
    for now, closed in (
        (datetime(2027, 4, 9, 15, 59, tzinfo=UTC), 0),
        (datetime(2027, 4, 9, 16, tzinfo=UTC), 1),
    ):
        with transaction():
            assert close_due_audits(now) == closed


def test_an_audit_that_was_never_issued_is_not_closed(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    with pytest.raises(Refused, match="has not been issued"):
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    assert close_due_audits(CLOSING_HOUR) == 0


def test_extending_moves_the_close_and_the_due_date_and_a_second_press_does_nothing(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    for moved in (True, False):
        with transaction():
            changed = extend_returns(
                audit, to=date(2027, 1, 29), due_on=date(2027, 1, 8), actor="manager", now=MONDAY_MORNING
            )
        assert changed is moved
    assert (audit.due_on, audit.close_on) == (date(2027, 1, 8), date(2027, 1, 29))
    assert audit.closes_at == datetime(2027, 1, 29, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("to", "due_on", "sentence"),
    [
        (
            date(2027, 1, 14),
            None,
            "Returns close on Friday 15 January 2027 as it is. Choose that day or a later one",
        ),
        (
            date(2027, 1, 29),
            date(2027, 2, 1),
            "Returns cannot be due after they close, on Friday 29 January 2027.",
        ),
        (
            date(2027, 1, 29),
            date(2026, 12, 1),
            "Tuesday 1 December 2026 has passed. Choose today or a later day",
        ),
    ],
)
def test_an_unusable_day_is_refused_with_a_usable_one(
    make: Maker, to: date, due_on: date | None, sentence: str
) -> None:
    audit = make.audit(cases=1, agencies=1)
    with pytest.raises(UnusableClosingDay, match=sentence):
        extend_returns(audit, to=to, due_on=due_on, actor="manager", now=datetime(2026, 12, 10, tzinfo=UTC))


def test_closed_returns_are_reopened_not_extended(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    close(audit)
    with pytest.raises(Refused, match="Returns closed on Monday 30 November") as refused:
        extend_returns(audit, to=date(2027, 1, 29), actor="manager", now=LATER)
    assert "Reopen" in refused.value.way_on


def test_reopening_keeps_its_reason_and_lasts_until_its_day(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    close(audit)
    for moved in (True, False):
        with transaction():
            assert (
                reopen(audit, to=date(2027, 1, 20), reason="Health was away", actor="manager", now=LATER)
                is moved
            )
    assert not audit.is_closed(LATER)
    assert audit.is_closed(datetime(2027, 1, 20, 17, tzinfo=UTC))
    events = session.scalars(select(Event).where(Event.action == "reopened_returns")).all()
    assert [(event.actor, event.detail) for event in events] == [("manager", "until 2027-01-20")]
    assert audit.reopened_reason == "Health was away"


def test_reasons_are_encrypted_in_the_database(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    close(audit)
    with transaction():
        reopen(audit, to=date(2027, 1, 20), reason="Anna was ill", actor="manager", now=LATER)
    with transaction():
        withdraw_request(make.requests(audit)[0], reason="Anna moved", actor="manager", now=LATER)
    session.expire_all()
    assert make.requests(audit)[0].withdrawn_reason == "Anna moved"
    tables = ("survey_audit", "survey_audit_request", "survey_event")
    found = [session.connection().exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables]  # noqa: S608
    values = [value for rows in found for row in rows for value in row]
    assert not [value for value in values if "Anna" in str(value)]


@pytest.mark.parametrize(
    ("to", "reason", "error", "sentence"),
    [
        (date(2027, 1, 29), "  ", ReopeningWithoutReason, "Say why returns are opened again"),
        (date(2027, 1, 15), "r", UnusableClosingDay, "The closing hour of Friday 15 January 2027 has passed"),
        (date(2027, 1, 10), "r", UnusableClosingDay, "The closing hour of Sunday 10 January 2027 has passed"),
    ],
)
def test_reopening_requires_a_reason_and_a_future_day(
    make: Maker, to: date, reason: str, error: type[Exception], sentence: str
) -> None:
    audit = make.audit(cases=1, agencies=1)
    with pytest.raises(error, match=sentence):
        reopen(audit, to=to, reason=reason, actor="manager", now=CLOSING_HOUR)


def test_returns_closed_early_reopen_no_shorter_than_the_due_date(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    close(audit)
    with pytest.raises(
        UnusableClosingDay, match="cannot close before Friday 18 December 2026, when they are due"
    ):
        reopen(audit, to=date(2026, 12, 10), reason="r", actor="manager", now=LATER)


def test_open_returns_are_not_reopened_and_unissued_ones_neither(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with pytest.raises(Refused, match="Returns are open"):
        reopen(audit, to=date(2027, 2, 1), reason="r", actor="manager", now=LATER)
    planned = make.audit(cases=1, agencies=1, issued=False)
    with pytest.raises(Refused, match="has not been issued"):
        reopen(planned, to=date(2027, 2, 1), reason="r", actor="manager", now=LATER)


def test_a_late_return_is_allowed_only_after_close(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit_request = make.requests(audit)[0]
    with pytest.raises(Refused, match="nothing is late yet"):
        allow_late(audit_request, actor="manager", now=MONDAY_MORNING)
    close(audit)
    with transaction():
        allow_late(audit_request, actor="manager", now=LATER)
    audit_request.withdrawn_at = LATER
    session.commit()
    with pytest.raises(Refused, match="withdrawn"):
        allow_late(audit_request, actor="manager", now=LATER)


@pytest.mark.parametrize(
    "moment", [datetime(2026, 12, 14, 9, tzinfo=UTC), datetime(2026, 12, 11, 7, tzinfo=UTC)]
)
def test_reopening_chases_nobody_at_once_for_a_slot_of_that_day_or_before(
    make: Maker, outbox: Queued, moment: datetime
) -> None:
    audit = make.audit(cases=1, agencies=1)
    close(audit)
    with transaction():
        reopen(audit, to=date(2027, 1, 20), reason="Health was away", actor="manager", now=moment)
    # The first slot, 11 December, is not caught up, whether returns reopen on that day or later.
    with transaction():
        assert queue_due_chasers(moment + timedelta(hours=4)) == 0
    with transaction():
        assert queue_due_chasers(datetime(2026, 12, 18, 9, tzinfo=UTC)) == 1
    assert len(outbox()) == 1


def test_the_first_and_the_last_possible_day_are_accepted(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    today = datetime(2026, 12, 10, 9, tzinfo=UTC)

    def extended(to: date, due_on: date) -> bool:
        with transaction():
            return extend_returns(audit, to=to, due_on=due_on, actor="manager", now=today)

    # First due today with the same close, then due on the closing day itself.
    assert extended(date(2027, 1, 15), date(2026, 12, 10))
    assert extended(date(2027, 1, 15), date(2027, 1, 15))
    assert (audit.due_on, audit.close_on) == (date(2027, 1, 15), date(2027, 1, 15))
    close(audit, today)
    with transaction():
        assert reopen(audit, to=date(2027, 1, 15), reason="r", actor="manager", now=today)


def test_after_an_extension_nobody_is_chased_for_a_slot_that_has_passed(make: Maker, outbox: Queued) -> None:
    audit = make.audit(cases=1, agencies=1)
    moment = datetime(2026, 12, 16, 9, tzinfo=UTC)
    with transaction():
        assert queue_due_chasers(datetime(2026, 12, 11, 9, tzinfo=UTC)) == 1
    with transaction():
        extend_returns(audit, to=date(2027, 1, 29), due_on=date(2026, 12, 22), actor="manager", now=moment)
    # Five working days before 22 December is 15 December, which is not caught up, on the next day either.
    with transaction():
        assert queue_due_chasers(moment) == 0
    with transaction():
        assert queue_due_chasers(moment + timedelta(days=1)) == 0
    assert len(outbox()) == 1


def test_nothing_is_extended_from_the_closing_hour_on_although_no_worker_has_closed_it(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with pytest.raises(ReturnsClosed):
        extend_returns(audit, to=date(2027, 1, 29), actor="manager", now=CLOSING_HOUR)
    assert audit.close_on == date(2027, 1, 15)
    with transaction():
        assert extend_returns(
            audit, to=date(2027, 1, 29), actor="manager", now=CLOSING_HOUR - timedelta(seconds=1)
        )


def test_returns_reopen_for_five_working_days_and_never_close_before_they_are_due(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert default_reopening_day(audit, now=MONDAY_MORNING) == audit.due_on == date(2026, 12, 18)
    assert default_reopening_day(audit, now=CLOSING_HOUR) == date(2027, 1, 22)
    audit.due_on = None
    assert default_reopening_day(audit, now=MONDAY_MORNING) == date(2026, 12, 7)


def test_a_long_reason_for_reopening_is_kept_up_to_its_limit(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    close(audit)
    with transaction():
        reopen(audit, to=date(2027, 1, 20), reason=" " + "x" * 301, actor="manager", now=LATER)
    assert audit.reopened_reason == "x" * 300
