"""What is kept for a number of years or days, and belongs to no audit, goes once they have passed."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.event_chain.operations import seal_events
from surveyapp.foundation.event_chain.verification import verify_log
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.store.event_log import Event, record_event
from surveyapp.foundation.store.models import Outbox
from surveyapp.retention.purging.file_cleaning import remove_old_copies
from surveyapp.retention.purging.log_removal import remove_old_events
from tests.conftest import MONDAY_MORNING
from tests.retention.conftest import Worker

pytestmark = pytest.mark.usefixtures("app")


def _noted(detail: str, at: datetime) -> None:
    with transaction():
        record_event("Ann Lee", "read_log", "log", detail, now=at)
        seal_events(at)


def _details(session: Session) -> list[str]:
    return list(session.scalars(select(Event.detail).where(Event.action == "read_log").order_by(Event.id)))


def test_events_of_more_than_the_years_go_on_the_day_and_the_rest_can_be_verified(
    working: Worker, session: Session
) -> None:
    years = settings().keep_log_years
    _noted("old", MONDAY_MORNING)
    _noted("a day newer", MONDAY_MORNING + timedelta(days=1))
    last_day = MONDAY_MORNING.replace(year=MONDAY_MORNING.year + years)
    working.works_at(last_day)
    assert _details(session) == ["old", "a day newer"], "kept for all of the last day"
    working.works_at(utc_moment(last_day.date() + timedelta(days=1), time(1)))
    assert _details(session) == ["a day newer"]
    found = verify_log()
    assert found.fault == ""
    assert found.removed
    assert found.sealed + found.unsealed == session.scalar(select(func.count()).select_from(Event))


def test_an_old_email_about_no_audit_goes_with_the_events_of_its_time(session: Session) -> None:
    _noted("old", MONDAY_MORNING)
    with transaction():
        assert queue_email("test", 1, to="ann@partnership.example", key="test:1", now=MONDAY_MORNING)
    later = MONDAY_MORNING.replace(year=MONDAY_MORNING.year + settings().keep_log_years) + timedelta(days=1)
    with transaction():
        assert remove_old_events(later) > 0
    assert session.scalar(select(func.count()).select_from(Outbox)) == 0


@pytest.mark.sqlite
def test_copies_made_before_upgrades_and_restores_go_with_the_backups_and_nothing_else_does() -> None:
    database = Path(engine().url.database or "")
    now = clock.now()
    made = {
        age: (now - timedelta(days=settings().keep_backups_days + days)).strftime("%Y%m%d-%H%M%S")
        for age, days in (("old", 1), ("new", -1))
    }
    names = {f"before-{what}-{made[age]}" for what in ("upgrade", "restore") for age in made}
    names |= {f"before-restore-{made['old']}-wal", "before-long", f"after-{made['old']}"}
    for name in names:
        database.with_name(f"{database.name}.{name}").write_bytes(b"rows")
    assert remove_old_copies(now) == 3
    left = {name for name in names if database.with_name(f"{database.name}.{name}").exists()}
    assert left == {name for name in names if not name.startswith(("before-upgrade", "before-restore"))} | {
        f"before-upgrade-{made['new']}",
        f"before-restore-{made['new']}",
    }
    for name in left:
        database.with_name(f"{database.name}.{name}").unlink()
