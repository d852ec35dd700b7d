"""Queueing the emails to owners of actions."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from surveyapp.concluding.actions.due_mail import queue_action_due_emails
from surveyapp.concluding.actions.operations import ActionDetails, change_action, update_action
from surveyapp.concluding.models import Action
from surveyapp.foundation.clock import now
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import ACTING, FRIDAY, acted
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
NINE = 9


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1, returned=1)


def at(day: date, hour: int = NINE, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def keys_queued(outbox: Queued) -> list[str]:
    return [mail.dedupe_key.partition(":")[2] for mail in outbox() if mail.kind == "action_due"]


def plan(moment: datetime) -> int:
    with transaction():
        return queue_action_due_emails(moment)


def run_until(clock: time_machine.Traveller, last: date) -> None:
    """Tick and drain at nine on each day up to `last`."""
    day = date(2026, 11, 30)
    while day <= last:
        clock.move_to(at(day))
        assert tick(at(day))
        drain(now)
        day += timedelta(days=1)


@pytest.mark.slow
def test_an_owner_gets_emails_five_working_days_before_on_the_day_and_every_ten_after(
    audit: Audit, clock: time_machine.Traveller, outbox: Queued
) -> None:
    action = acted(audit, due_on=FRIDAY)
    run_until(clock, date(2027, 2, 5))
    mails = [mail for mail in outbox() if mail.kind == "action_due"]
    assert [mail.created_at.date() for mail in mails] == [
        date(2026, 12, 11),
        FRIDAY,
        date(2027, 1, 6),
        date(2027, 1, 20),
        date(2027, 2, 3),
    ]
    assert {(mail.to_addr, mail.subject_id) for mail in mails} == {("head@partnership.example", action.id)}
    assert {mail.state for mail in mails} == {"sent"}


def test_nothing_is_queued_before_the_hour_or_on_a_day_off(audit: Audit, outbox: Queued) -> None:
    acted(audit, due_on=date(2026, 12, 5))
    with transaction():
        for moment in (at(date(2026, 12, 5)), at(date(2026, 12, 6)), at(date(2026, 12, 7), 8, 29)):
            assert queue_action_due_emails(moment) == 0
        assert queue_action_due_emails(at(date(2026, 12, 7), 8, 30)) == 1
    assert keys_queued(outbox) == ["1:2026-12-05:0"]


def test_repeated_ticks_queue_each_email_once(audit: Audit, outbox: Queued) -> None:
    acted(audit, due_on=FRIDAY)
    for minute in range(3):
        assert tick(at(FRIDAY, NINE, minute))
    assert tick(at(date(2026, 12, 21)))
    assert keys_queued(outbox) == ["1:2026-12-18:0"]


def test_an_email_lost_before_the_commit_is_queued_again_and_one_after_it_is_not(
    audit: Audit, outbox: Queued, session: Session
) -> None:
    acted(audit, due_on=FRIDAY)
    with pytest.raises(KeyboardInterrupt), transaction():  # noqa: PT012 — the kill comes after the work
        assert queue_action_due_emails(at(FRIDAY)) == 1
        raise KeyboardInterrupt
    assert keys_queued(outbox) == []
    with transaction():
        assert queue_action_due_emails(at(FRIDAY, NINE, 1)) == 1
    with transaction():
        assert queue_action_due_emails(at(FRIDAY, NINE, 2)) == 0
    assert keys_queued(outbox) == ["1:2026-12-18:0"]
    event = session.scalars(select(Event).where(Event.action == "queued_action_due")).one()
    assert (event.actor, event.object) == ("worker", "action 1")


def test_of_missed_days_only_the_latest_is_made_up_for(audit: Audit, outbox: Queued) -> None:
    acted(audit, due_on=FRIDAY)
    assert tick(at(date(2026, 12, 22)))
    assert tick(at(date(2026, 12, 23)))
    assert keys_queued(outbox) == ["1:2026-12-18:0"]


@pytest.mark.parametrize("why", ["done", "no address"])
def test_no_email_is_queued_for_a_done_action_or_without_an_address(
    audit: Audit, outbox: Queued, why: str
) -> None:
    action = acted(audit, due_on=FRIDAY, owner_email="" if why == "no address" else "head@agency.example")
    if why == "done":
        with transaction():
            update_action(action, status="done", evidence="Seen.", **ACTING)
    assert tick(at(FRIDAY))
    assert keys_queued(outbox) == []


def test_an_action_entered_late_gets_its_first_email_on_the_next_day_due(
    audit: Audit, outbox: Queued
) -> None:
    acted(audit, due_on=date(2026, 11, 20))
    assert tick(at(date(2026, 12, 1)))
    assert keys_queued(outbox) == []
    assert tick(at(date(2026, 12, 4)))
    assert keys_queued(outbox) == ["1:2026-11-20:10"]


def test_a_new_due_day_has_its_own_emails_and_the_old_one_none(audit: Audit, outbox: Queued) -> None:
    action = acted(audit, due_on=FRIDAY)
    assert plan(at(date(2026, 12, 11))) == 1
    new = ActionDetails(action.what, action.measure, action.owner, date(2027, 1, 29), action.owner_email)
    with transaction():
        change_action(action, new, actor="manager", now=at(date(2026, 12, 11), 10))
    assert [mail.state for mail in outbox()] == ["cancelled"]
    assert plan(at(FRIDAY)) == 0
    assert keys_queued(outbox) == ["1:2026-12-18:-5"]
    assert plan(at(date(2027, 1, 22))) == 1
    assert keys_queued(outbox)[1:] == ["1:2027-01-29:-5"]


def test_a_queued_email_is_not_sent_once_the_action_is_done(
    audit: Audit, outbox: Queued, clock: time_machine.Traveller, session: Session
) -> None:
    action = acted(audit, due_on=FRIDAY)
    clock.move_to(at(FRIDAY))
    assert tick(at(FRIDAY))
    session.execute(update(Action).values(status="done"))
    session.commit()
    drain(lambda: at(FRIDAY))
    assert action.id
    assert [mail.state for mail in outbox()] == ["cancelled"]


def test_the_mail_page_shows_emails_to_owners(client: PageClient, audit: Audit) -> None:
    acted(audit, due_on=FRIDAY)
    assert tick(at(FRIDAY))
    page = client.get("/mail").text
    assert "An action is due" in page
    assert "head@partnership.example" in page


def test_actions_not_yet_due_add_no_statements(audit: Audit, queries: Callable[[int], object]) -> None:
    for _ in range(20):
        acted(audit, due_on=date(2027, 6, 1))
    with queries(3):  # type: ignore[attr-defined]  # a context manager
        assert queue_action_due_emails(at(date(2026, 12, 1))) == 0


def test_an_action_without_a_recorded_start_gets_its_email_at_once(
    audit: Audit, outbox: Queued, session: Session
) -> None:
    acted(audit, due_on=date(2026, 11, 27))
    session.execute(update(Action).values(due_set_at=None))
    session.commit()
    assert plan(at(date(2026, 11, 30))) == 1
    assert keys_queued(outbox) == ["1:2026-11-27:0"]
