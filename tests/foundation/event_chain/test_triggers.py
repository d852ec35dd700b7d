"""The database refuses to change events; where it no longer does, the program notices."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.event_chain.operations import seal_events
from surveyapp.foundation.event_chain.triggers import (
    SQLITE_TRIGGERS,
    check_triggers,
    mend_triggers,
    unprotected,
)
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.standalone.start_checks import check_before_serving
from surveyapp.standalone.watching.health import health
from tests.conftest import MONDAY_MORNING
from tests.foundation.event_chain.conftest import Attack


def _refuses(session: Session) -> bool:
    for statement in ("UPDATE survey_event SET actor = 'Bob Low'", "DELETE FROM survey_event"):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
    return True


def test_events_cannot_be_changed_or_deleted_sealed_or_not(session: Session) -> None:
    for _ in range(2):
        with transaction():
            record_event("Ann Lee", "saw_case", "case 1", now=MONDAY_MORNING)
        assert _refuses(session)
        with transaction():
            seal_events(MONDAY_MORNING)
    assert not unprotected(session.connection())


def test_missing_triggers_are_noticed_at_start_and_on_the_health_page(
    attack: Attack, session: Session
) -> None:
    check_before_serving()
    assert health(MONDAY_MORNING).lines[0].is_well
    attack()
    with pytest.raises(CannotStart, match=r"would let somebody change the log.*survey upgrade"):
        check_before_serving()
    line = health(MONDAY_MORNING).lines[0]
    assert not line.is_well
    assert line.words == "The log of who did what is not protected against changes: run survey upgrade."
    session.rollback()


@pytest.mark.sqlite
def test_a_trigger_that_does_nothing_is_noticed_on_sqlite(attack: Attack, session: Session) -> None:
    attack(
        "CREATE TRIGGER survey_event_no_update BEFORE UPDATE ON survey_event BEGIN SELECT 1; END",
        "CREATE TRIGGER survey_event_no_delete BEFORE DELETE ON survey_event BEGIN SELECT 1; END",
    )
    assert unprotected(session.connection())


@pytest.mark.sqlite
def test_a_trigger_that_drops_events_is_noticed_and_dropped_on_sqlite(
    attack: Attack, session: Session
) -> None:
    attack(
        *SQLITE_TRIGGERS.values(),
        """CREATE TRIGGER "a 100% host's" BEFORE INSERT ON survey_event
        WHEN NEW.actor = 'Bob Low' BEGIN SELECT RAISE(IGNORE); END""",
    )
    assert unprotected(session.connection())
    mend_triggers(session.connection())
    assert not unprotected(session.connection())


@pytest.mark.postgresql
def test_a_trigger_that_drops_events_is_noticed_and_dropped_on_postgresql(session: Session) -> None:
    session.execute(
        text("CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
    )
    trigger = "CREATE TRIGGER {} INSERT ON survey_event FOR EACH ROW EXECUTE FUNCTION drop_it()"
    session.execute(text(trigger.format("audits AFTER")))
    assert not unprotected(session.connection())
    session.execute(text(trigger.format("drops BEFORE")))
    assert unprotected(session.connection())
    mend_triggers(session.connection())
    assert not unprotected(session.connection())
    session.rollback()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE survey_event DISABLE TRIGGER survey_event_no_delete",
        """CREATE OR REPLACE FUNCTION survey_event_append_only() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RETURN NULL; END $$""",
        """CREATE OR REPLACE TRIGGER survey_event_no_delete BEFORE DELETE ON survey_event
        FOR EACH ROW WHEN (false) EXECUTE FUNCTION survey_event_no_delete()""",
    ],
)
def test_a_trigger_that_does_nothing_is_noticed_on_postgresql(session: Session, statement: str) -> None:
    session.execute(text(statement))
    assert unprotected(session.connection())
    mend_triggers(session.connection())
    assert not unprotected(session.connection())
    session.rollback()


def test_the_migration_keeps_events_and_their_protection_both_ways(session: Session) -> None:
    for _ in range(2):
        with transaction():
            record_event("Ann Lee", "saw_case", "case 1", now=MONDAY_MORNING)
    session.rollback()
    schema.downgrade(engine(), to="0033")
    assert session.scalar(text("SELECT count(*) FROM survey_event")) == 2
    assert _refuses(session)
    schema.upgrade(engine(), now=MONDAY_MORNING)
    assert session.scalar(text("SELECT count(*) FROM survey_event")) == 2
    assert _refuses(session)
    check_triggers(session.connection())
