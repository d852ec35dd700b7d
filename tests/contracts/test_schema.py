from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import delete, inspect, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from surveyapp.answering.concerns.queries import is_told_by_request
from surveyapp.answering.returns.autosave import raise_kept_concerns, store_autosave
from surveyapp.answering.returns.operations import save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.concern import CURRENT_CONCERN
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import Base, engine, transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.former_names import names_today
from surveyapp.foundation.words.clean_text import name_key
from tests.accounts import staff_row
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_migrations_build_exactly_the_models(app: Flask) -> None:
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSION_TABLE})
        differences = compare_metadata(context, Base.metadata)
    assert app.name
    assert differences == [], "Bring migrations/versions and the models together."


# Of tables with few rows, which deleting what they refer to may read through.
READ_THROUGH = {
    "survey_attendance.agency_id",
    "survey_family_contact.agency_id",
    "survey_narrative.case_id",
    "survey_recommendation.finding_id",
    "survey_action.finding_id",
    "survey_action.recommendation_id",
    "survey_enquiry.grant_id",
    "survey_quote.read_comment_id",
    "survey_quote.workshop_id",
    "survey_quote.family_contact_id",
}


def test_every_reference_of_a_large_table_has_an_index(app: Flask) -> None:
    """Without one, each row that a purge deletes is looked for in every row that could refer to it."""
    assert app.name
    found = inspect(engine())
    unindexed = set()
    for table in found.get_table_names():
        leading = {index["column_names"][0] for index in found.get_indexes(table)}
        leading |= {unique["column_names"][0] for unique in found.get_unique_constraints(table)}
        leading |= set(found.get_pk_constraint(table)["constrained_columns"][:1])
        references = (key["constrained_columns"][0] for key in found.get_foreign_keys(table))
        unindexed |= {f"{table}.{column}" for column in references if column not in leading}
    assert {name for name in unindexed if name.startswith("survey_")} == READ_THROUGH


@pytest.mark.slow
def test_the_first_migration_is_reversible_with_rows_in_the_tables(make: Maker) -> None:
    make.audit(cases=2, agencies=1, returned=1)
    schema.downgrade(engine(), to="base")
    assert schema.upgrade(engine(), now=MONDAY_MORNING) == ("", schema.newest_revision())


def test_the_third_migration_keeps_every_row_and_every_rule_both_ways(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2, returned=1)
    session.execute(text("UPDATE survey_contact SET role = 'colleague' WHERE id = 1"))
    session.commit()
    tables = ("survey_contact", "survey_return", "survey_revision", "survey_answer", "survey_audit_request")

    def rows() -> list[int | None]:
        found = [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables]  # noqa: S608
        session.rollback()
        return found

    before = rows()
    assert audit.id
    assert all(before)
    session.rollback()
    schema.downgrade(engine(), to="0002")
    assert rows() == before
    for broken in (
        "UPDATE survey_contact SET role = 'colleague'",
        "UPDATE survey_revision SET kind = 'autosave'",
        "UPDATE survey_return SET nil_reason = 'moved', returned_at = NULL",
    ):
        with pytest.raises(DBAPIError):
            session.execute(text(broken))
        session.rollback()
    schema.upgrade(engine(), now=MONDAY_MORNING)
    assert rows() == before
    left = session.scalar(text("SELECT count(*) FROM survey_contact WHERE left_at IS NOT NULL"))
    session.execute(text("UPDATE survey_contact SET role = 'colleague'"))
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE survey_contact SET role = 'somebody'"))
    session.rollback()
    assert left == 1


def test_the_ninth_migration_finds_concerns_that_only_autosave_kept(make: Maker, session: Session) -> None:
    kept, saved = make.requests(make.audit(cases=2, agencies=1))
    ticked = (GivenAnswer(CURRENT_CONCERN, "raised", "yes"),)
    for audit_request in (kept, saved):
        with transaction():
            page = ButtonPress(f"page-number-{audit_request.id}", 0)
            store_autosave(audit_request, ticked, page, now=MONDAY_MORNING)
    with transaction():
        save_draft(saved, ticked, ButtonPress("another-page", 0), now=MONDAY_MORNING)
    kept_id = kept.id
    session.rollback()
    schema.downgrade(engine(), to="0008")
    schema.upgrade(engine(), now=MONDAY_MORNING)
    assert is_told_by_request([kept_id]) == {kept_id: False}
    with transaction():
        assert raise_kept_concerns(MONDAY_MORNING + timedelta(minutes=2)) == 1


def test_the_thirteenth_migration_names_accounts_after_their_addresses(session: Session) -> None:
    addresses = ("ann.lee@a.example", "ann-lee@b.example", "worker@a.example", "42@a.example")
    session.add_all([staff_row(address, email=address) for address in addresses])
    session.commit()
    numbers = list(session.scalars(text("SELECT id FROM survey_staff ORDER BY id")))
    session.rollback()
    schema.downgrade(engine(), to="0012")
    schema.upgrade(engine(), now=MONDAY_MORNING)
    names = [
        "Ann Lee",
        f"Ann Lee ({numbers[1]})",
        f"Worker ({numbers[2]})",
        f"Member of staff ({numbers[3]})",
    ]
    found = session.execute(text("SELECT name, name_key FROM survey_staff ORDER BY id")).all()
    assert [tuple(row) for row in found] == [(name, name_key(name)) for name in names]
    assert names_today(["staff 0", f"staff {numbers[0]}"]) == {
        "staff 0": "staff 0",
        f"staff {numbers[0]}": "Ann Lee",
    }


def test_the_migration_of_accounts_leaves_somebody_to_administer_accounts(session: Session) -> None:
    roles = ("executive", "audit_lead business_manager", "business_manager")
    names = ("Ann Lee", "Bo Finch", "Cy Moss")
    session.add_all([staff_row(name, roles=role) for name, role in zip(names, roles, strict=True)])
    session.commit()
    schema.downgrade(engine(), to="0016")
    assert list(session.scalars(text("SELECT role FROM survey_staff ORDER BY id"))) == [
        "executive",
        *["business_manager"] * 2,
    ]
    session.rollback()
    schema.upgrade(engine(), now=MONDAY_MORNING)
    found = session.execute(text("SELECT roles, joined_at = created_at FROM survey_staff ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("executive", True),
        ("business_manager administrator", True),
        ("business_manager", True),
    ]


def test_upgrading_twice_changes_nothing(make: Maker, session: Session) -> None:
    make.audit(cases=1, agencies=1)
    session.rollback()
    newest = schema.newest_revision()
    assert schema.upgrade(engine(), now=MONDAY_MORNING) == (newest, newest)


@pytest.mark.parametrize("spoil", [update(Event).values(actor="someone else"), delete(Event)])
def test_an_event_can_be_neither_changed_nor_deleted(session: Session, spoil: object) -> None:
    session.add(Event(at=MONDAY_MORNING, actor="a", action="b", object="c", detail=""))
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(spoil)  # type: ignore[call-overload]
    session.rollback()


def test_a_database_that_is_not_upgraded_is_refused_in_one_sentence(session: Session, app: Flask) -> None:
    session.execute(text("UPDATE survey_alembic_version SET version_num = '0000'"))
    session.commit()
    with pytest.raises(CannotStart, match=r"revision 0000, this program needs .*survey upgrade"):
        schema.check_schema(engine())
    assert Path(app.root_path).exists()
