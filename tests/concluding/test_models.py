"""Constraints of the tables, and their migration with rows in them."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from surveyapp.concluding.actions.operations import update_action
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import ACTING, acted, found, quoted, recommended, themed
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """An audit with one of each conclusion; its recommendation repeats an earlier one."""
    before = make.audit(cases=1, agencies=1)
    before.issue_on = date(2023, 5, 1)
    session.commit()
    audit = make.audit(cases=1, agencies=1)
    theme, quote = themed(audit, "Fathers")[0], quoted(audit)
    finding = found(audit, questions=("supervision",), themes=(theme.id,), quotes=(quote.id,))
    recommended(audit, finding_id=finding.id, repeated_from_id=recommended(before).id)
    action = acted(audit, finding_id=finding.id)
    with transaction():
        update_action(action, status="under_way", evidence="Begun.", **ACTING)
    return audit


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE survey_action SET status = 'abandoned'",
        "UPDATE survey_action_update SET status = 'abandoned'",
        "UPDATE survey_action SET recommendation_id = 1",
        "DELETE FROM survey_finding",
        # A finding rests on them.
        "DELETE FROM survey_quote",
        "DELETE FROM survey_practice_theme",
    ],
)
def test_the_database_refuses_impossible_rows(audit: Audit, session: Session, broken: str) -> None:
    assert audit.id
    with pytest.raises(DBAPIError):
        session.execute(text(broken))
    session.rollback()


def test_the_migration_goes_down_and_up_again_with_rows_in_its_tables(audit: Audit, session: Session) -> None:
    assert audit.id
    session.rollback()
    schema.downgrade(engine(), to="0004")
    assert session.scalar(text("SELECT count(*) FROM survey_quote")) == 1
    session.rollback()
    assert schema.upgrade(engine(), now=MONDAY_MORNING) == ("0004", schema.newest_revision())
    assert session.scalar(text("SELECT count(*) FROM survey_finding")) == 0
