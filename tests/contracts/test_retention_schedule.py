"""Every table has a place in the schedule of what is kept how long, and nothing kept rests on what goes."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table

import surveyapp.site_map
import surveyapp.standalone.site_map
from surveyapp.foundation.settings import read_settings
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit
from surveyapp.retention.schedule import (
    CLASSES,
    EMPTIED_WITH_RETURNS,
    FIGURES,
    RETURNS,
    SCHEDULE,
    TEXTS_THAT_STAY,
    how_long,
    tables_of,
)

DOCS = Path(__file__).parents[2] / "docs" / "retention.md"
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
# Every model of ours is in the metadata once all pages are imported.
assert surveyapp.site_map
assert surveyapp.standalone.site_map
# Their rows lead to an audit by the kind of an email and the id of its subject.
ABOUT_AN_AUDIT_BY_SUBJECT = {"survey_outbox", "survey_bounce"}


def _target(key: Any) -> Table:
    table: Table = key.column.table
    return table


def _of_an_audit() -> set[str]:
    """The tables whose rows belong to an audit, by columns that cannot be empty."""
    own = {Audit.__tablename__}
    for table in Base.metadata.sorted_tables:
        if any(_target(key).name in own and not key.parent.nullable for key in table.foreign_keys):
            own.add(table.name)
    return own


def test_every_table_is_in_the_schedule_once() -> None:
    missing, gone = TABLES.keys() - SCHEDULE.keys(), SCHEDULE.keys() - TABLES.keys()
    assert not missing, f"Say in surveyapp/retention/schedule.py how long these are kept: {sorted(missing)}."
    assert not gone, f"Take out of surveyapp/retention/schedule.py: {sorted(gone)}."


def test_what_belongs_to_an_audit_goes_with_its_returns_or_its_figures() -> None:
    scheduled = {name for kept in (RETURNS, FIGURES) for name, _holding in tables_of(kept)}
    assert scheduled == _of_an_audit() | ABOUT_AN_AUDIT_BY_SUBJECT


def test_nothing_that_is_kept_rests_on_a_row_that_goes_with_the_returns() -> None:
    resting = [
        f"{table.name}.{key.parent.name}"
        for table in TABLES.values()
        for key in table.foreign_keys
        if SCHEDULE[table.name].data_class is not RETURNS
        and SCHEDULE[_target(key).name].data_class is RETURNS
    ]
    assert resting == [], "A purge would fail here: keep both, or let both go."


def test_every_encrypted_text_that_is_kept_says_why_or_is_emptied() -> None:
    kept = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if SCHEDULE[table.name].data_class is FIGURES and isinstance(column.type, EncryptedText)
    }
    assert kept - set(EMPTIED_WITH_RETURNS) == TEXTS_THAT_STAY.keys(), (
        "Let the text go with the returns, empty it with them, or say in TEXTS_THAT_STAY why it stays."
    )
    assert all(TEXTS_THAT_STAY.values())


def test_the_page_of_the_docs_has_the_schedule() -> None:
    page, periods = DOCS.read_text("utf-8"), read_settings({})
    for data_class in CLASSES:
        holdings = "; ".join(holding.many for _name, holding in tables_of(data_class))
        row = f"| {data_class.heading} | {how_long(data_class, periods)} | {holdings} |"
        assert row in page, f"Put this row into docs/retention.md:\n{row}"
