"""An upgrade from every earlier revision, with rows of every step, keeps every figure (promises P16, D15)."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, LargeBinary, MetaData, Table, inspect, select
from sqlalchemy.orm import Session

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation.event_chain.verification import verify_log
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import Base, engine
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

# What an audit is about: their rows are compared, those of the other tables counted.
COMPARED = (
    "survey_audit",
    "survey_case",
    "survey_contact",
    "survey_grant",
    "survey_audit_request",
    "survey_return",
    "survey_revision",
    "survey_answer",
    "survey_event",
)
NOT_COUNTED = {"survey_switches", schema.VERSION_TABLE}

Figures = dict[str, int]
Rows = dict[str, dict[int, dict[str, Any]]]


def figures() -> Figures:
    """The number of rows of each table that there is."""
    with engine().connect() as connection:
        names = set(inspect(connection).get_table_names()) - NOT_COUNTED
        return {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0  # noqa: S608 — our own tables
            for name in sorted(names)
        }


def rows() -> Rows:
    """The rows of the tables compared, by table and id, without encrypted texts: they are encrypted again."""
    with engine().connect() as connection:
        found: Rows = {}
        for name in COMPARED:
            table = Table(name, MetaData(), autoload_with=connection)
            columns = [column for column in table.columns if _is_compared(column)]
            found[name] = {
                row["id"]: dict(row) for row in connection.execute(select(*columns)).mappings().all()
            }
        return found


def _is_compared(column: Column[Any]) -> bool:
    return not isinstance(column.type, LargeBinary)


def missing_after(before: Rows, after: Rows) -> list[tuple[str, int, str]]:
    """Each value of a row that is not there any more, or is another: its table, id and column.

    A column that the later revision does not have is left out.
    """
    columns = {name: set(next(iter(table.values()), {})) for name, table in after.items()}
    return [
        (name, number, column)
        for name, table in before.items()
        for number, row in table.items()
        for column, value in row.items()
        if column in columns[name] and after[name].get(number, {}).get(column) != value
    ]


def earlier_revisions() -> list[str]:
    """Every revision but the newest, the latest first."""
    return [f"{number:04}" for number in range(int(schema.newest_revision()) - 1, 0, -1)]


@pytest.fixture
def with_demonstration(app: Flask) -> Flask:
    """The app of this test alone, with the demonstration: rows of every step."""
    load_demonstration(now=MONDAY_MORNING)
    return app


@pytest.mark.slow
def test_p16_an_upgrade_from_every_earlier_revision_keeps_every_figure(
    with_demonstration: Flask, session: Session
) -> None:
    session.rollback()
    assert with_demonstration.name
    whole = figures()
    assert whole["survey_return"] > 50
    assert whole["survey_answer"] > 500
    for revision in earlier_revisions():
        schema.downgrade(engine(), to=revision)
        before, rows_before = figures(), rows()
        assert schema.upgrade(engine(), now=MONDAY_MORNING, keeps_copy=False) == (
            revision,
            schema.newest_revision(),
        )
        after = figures()
        assert {name: after[name] for name in before if name in after} == {
            name: count for name, count in before.items() if name in after
        }, revision
        assert missing_after(rows_before, rows()) == [], revision
    found = verify_log()
    assert (found.fault, found.count) == ("", whole["survey_event"])


@pytest.mark.slow
def test_d15_going_back_one_revision_keeps_the_rows_of_what_that_revision_knows(
    with_demonstration: Flask, session: Session
) -> None:
    session.rollback()
    assert with_demonstration.name
    before, rows_before = figures(), rows()
    schema.downgrade(engine(), to=earlier_revisions()[0])
    after = figures()
    assert {name: before[name] for name in after} == after
    assert missing_after(rows_before, rows()) == []


def test_a_lost_row_is_noticed(app: Flask, make: Maker, session: Session) -> None:
    make.audit(cases=2, agencies=1, returned=1)
    session.rollback()
    before = rows()
    changed = {name: dict(table) for name, table in before.items()}
    number, row = changed["survey_return"].popitem()
    changed["survey_return"][number] = {**row, "version": 7}
    assert missing_after(before, changed) == [("survey_return", number, "version")]
    assert missing_after(before, before) == []
    assert app.name
    assert set(COMPARED) <= set(Base.metadata.tables)
