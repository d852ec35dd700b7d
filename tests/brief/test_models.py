"""The tables of briefs: constraints, encrypted columns and migration."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.brief.brief import BriefText
from surveyapp.brief.models import SavedBrief
from surveyapp.brief.operations import save_brief_draft
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, transaction
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_a_negative_number_and_a_second_brief_of_an_audit_are_refused(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    for discussed in (-1, 0):
        session.add(SavedBrief(audit_id=audit.id, saved_at=MONDAY_MORNING, texts="{}", discussed=discussed))
        if discussed == 0:
            session.flush()
            session.add(SavedBrief(audit_id=audit.id, saved_at=MONDAY_MORNING, texts="{}"))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_the_migration_is_reversible_and_leaves_audits_alone(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    with transaction():
        save_brief_draft(
            audit.id, BriefText(worries=("Nobody saw it",)), (), seen=0, actor="a", now=MONDAY_MORNING
        )
    stored = session.scalar(text("SELECT texts FROM survey_brief"))
    session.rollback()
    assert b"Nobody" not in bytes(stored)
    schema.downgrade(engine(), to="0005")
    assert session.scalar(text("SELECT count(*) FROM survey_audit")) == 1
    session.rollback()
    schema.upgrade(engine(), now=MONDAY_MORNING)
    assert session.scalar(text("SELECT count(*) FROM survey_brief")) == 0
    session.rollback()
