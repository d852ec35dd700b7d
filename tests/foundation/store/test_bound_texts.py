"""The migration that binds every stored text to its column, on databases with texts in them."""

from base64 import urlsafe_b64encode
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Column, LargeBinary, inspect, select, type_coerce, update
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.encrypted_text import encrypted_columns
from surveyapp.foundation.store.keys import keys
from surveyapp.planning.models import Audit, Involvement
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

(MIGRATION,) = (schema.migrations_folder() / "versions").glob("*_bound_texts.py")
# Files that stood in clear before, and have a migration of their own.
ENCRYPTED_LATER = {
    "survey_hold.end_reason",
    "survey_hold.reason",
    "survey_report_release.pdf",
    "survey_retention_change.reason",
}
Texts = dict[str, list[tuple[int, str]]]


def migration() -> ModuleType:
    spec = spec_from_file_location("bound_texts", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def columns_of_texts() -> list[Column[Any]]:
    """The columns that the migration encrypted again; others have been encrypted since."""
    return [column for column in encrypted_columns() if str(column) not in ENCRYPTED_LATER]


def opened(session: Session) -> Texts:
    """Every text as the app reads it, by column, with the id of its row."""
    found: Texts = {}
    for column in columns_of_texts():
        texts = session.execute(select(column.table.c.id, column).where(column.is_not(None)).order_by("id"))
        found[str(column)] = [(row, text) for row, text in texts]
    session.rollback()
    return found


def stored(session: Session) -> dict[str, list[tuple[int, bytes]]]:
    """Every text as it is stored."""
    found = {}
    for column in columns_of_texts():
        texts = select(column.table.c.id, type_coerce(column, LargeBinary)).where(column.is_not(None))
        found[str(column)] = [(row, bytes(text)) for row, text in session.execute(texts.order_by("id"))]
    session.rollback()
    return found


def down_and_up(session: Session) -> dict[str, list[tuple[int, bytes]]]:
    """Go back to the revision before the migration and up again; returns what was stored in between."""
    session.rollback()
    schema.downgrade(engine(), to=migration().down_revision)
    with engine().connect() as connection:
        before = {}
        for column in (c for c in columns_of_texts() if c.name in migration().COLUMNS.get(c.table.name, ())):
            rows = connection.execute(
                select(column.table.c.id, type_coerce(column, LargeBinary)).where(column.is_not(None))
            )
            before[str(column)] = [(row, bytes(text)) for row, text in rows]
    schema.upgrade(engine(), now=MONDAY_MORNING)
    return before


def test_every_text_is_the_same_after_the_migration_has_gone_down_and_up(
    make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=2)
    for number, audit_request in enumerate(make.requests(audit)):
        make.returned(
            audit_request,
            (GivenAnswer("supervision", item="comment", text=f"Seen {number} times — weekly."),),
        )
    session.scalars(select(Involvement).order_by(Involvement.id).limit(1)).one().own_reference = "4711/b"
    session.get_one(Audit, audit.id).reopened_reason = ""
    session.commit()
    before, kept = opened(session), stored(session)
    assert sum(map(len, before.values())) >= 6
    fernet = Fernet(urlsafe_b64encode(keys().data[0]))
    between = down_and_up(session)
    assert {
        column: [(row, fernet.decrypt(text).decode()) for row, text in rows]
        for column, rows in between.items()
    } == before
    assert opened(session) == before
    after = stored(session)
    for column, rows in kept.items():
        for (_row, old), (_same, new) in zip(rows, after[column], strict=True):
            assert new != old
            assert new.startswith(keys().texts.newest_prefix)


@pytest.mark.slow
def test_every_text_of_the_demonstration_is_the_same_after_the_migration_has_gone_down_and_up(
    app: Flask, session: Session
) -> None:
    load_demonstration(now=MONDAY_MORNING)
    assert app.name
    before = opened(session)
    assert sum(bool(texts) for texts in before.values()) > 10, "Many columns hold texts."
    assert len(before["survey_answer.text"]) > migration().BATCH, "One batch is not enough."
    down_and_up(session)
    assert opened(session) == before


def test_a_text_that_the_keys_do_not_open_stops_the_migration_and_nothing_is_changed(
    make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=1)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("supervision", item="comment", text="Seen weekly."),))
    session.rollback()
    last = session.scalars(select(Answer.id).order_by(Answer.id.desc()).limit(1)).one()
    schema_before = schema.newest_revision()
    foreign = Fernet(Fernet.generate_key()).encrypt(b"Seen weekly.")
    spoil = update(Answer.__table__).where(Answer.id == last)  # type: ignore[arg-type]
    session.rollback()
    schema.downgrade(engine(), to=migration().down_revision)
    with engine().begin() as connection:
        connection.execute(spoil.values(text=type_coerce(foreign, LargeBinary)))
        kept = connection.execute(select(Answer.id, type_coerce(Answer.text, LargeBinary))).all()
    with pytest.raises(CannotStart, match=rf"do not open survey_answer\.text of row {last}, so nothing"):
        schema.upgrade(engine(), now=MONDAY_MORNING)
    with engine().connect() as connection:
        assert schema.current_revision(connection) == migration().down_revision != schema_before
        assert connection.execute(select(Answer.id, type_coerce(Answer.text, LargeBinary))).all() == kept


def test_the_migration_names_every_column_of_texts_that_there_was(session: Session) -> None:
    """A column that is left out would keep tokens that nothing opens any more."""
    revision = migration().revision
    session.rollback()
    schema.downgrade(engine(), to=revision)
    inspector = inspect(engine())
    tables = set(inspector.get_table_names())
    there = {table: {c["name"] for c in inspector.get_columns(table)} for table in tables}
    of_models = [(c.table.name, c.name) for c in columns_of_texts()]
    existed = {(table, name) for table, name in of_models if name in there.get(table, ())}
    assert {(table, name) for table, names in migration().COLUMNS.items() for name in names} >= existed
    schema.upgrade(engine(), now=MONDAY_MORNING)
