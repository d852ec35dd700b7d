"""The rows that belong to one row, to list them before it is deleted and to delete them with it.

A row belongs to another if a foreign key of it that cannot be empty leads there, directly or through further
rows. A foreign key that can be empty is a mention, which does not make the row part of the other.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, func, inspect, or_, select, true

from surveyapp.foundation.store.db import Base, session


def owned_rows(row: Base) -> dict[str, int]:
    """How many rows belong to a row, by the name of their table; tables without any are left out."""
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table).where(belongs)) or 0
        for table, belongs in _conditions(row).items()
    }
    return {name: count for name, count in counts.items() if count}


def mentions(row: Base) -> set[str]:
    """The tables of rows that belong elsewhere and mention the row, or a row that belongs to it."""
    conditions = _conditions(row)
    own: dict[Table, ColumnElement[bool]] = {_table(row): _is(row), **conditions}
    found = set()
    for table in Base.metadata.sorted_tables:
        elsewhere = ~own[table] if table in own else true()
        mentioning = _leads_to(table, own, nullable=True)
        if mentioning is not None and session.scalar(
            select(1).select_from(table).where(mentioning, elsewhere).limit(1)
        ):
            found.add(table.name)
    return found


def delete_with_owned_rows(row: Base) -> None:
    """Delete a row and every row that belongs to it. The database refuses what is still mentioned."""
    session.flush()
    for table, belongs in reversed(_conditions(row).items()):
        session.execute(delete(table).where(belongs), execution_options={"synchronize_session": False})
    table = _table(row)
    session.execute(delete(table).where(_is(row)), execution_options={"synchronize_session": False})
    session.expunge(row)
    session.expire_all()


def _is(row: Base) -> ColumnElement[bool]:
    """Whether a row of the table is this one."""
    (key,), (value,) = _table(row).primary_key, inspect(row, raiseerr=True).identity or ()
    return cast("ColumnElement[bool]", key == value)


def _table(row: Base) -> Table:
    return cast("Table", type(row).__table__)


def _conditions(row: Base) -> dict[Table, ColumnElement[bool]]:
    """For each table that can hold rows of this row, which of them do; parents before their children."""
    own: dict[Table, ColumnElement[bool]] = {_table(row): _is(row)}
    for table in Base.metadata.sorted_tables:
        belongs = None if table in own else _leads_to(table, own, nullable=False)
        if belongs is not None:
            own[table] = belongs
    del own[_table(row)]
    return own


def _leads_to(
    table: Table, own: Mapping[Table, ColumnElement[bool]], *, nullable: bool
) -> ColumnElement[bool] | None:
    """Whether a row of a table leads to a row that is ours, by columns that can, or cannot, be empty."""
    paths: list[ColumnElement[bool]] = []
    for key in table.foreign_keys:
        target: Any = key.column
        is_own = target.table in own and (nullable or target.table is not table)
        if is_own and key.parent.nullable is nullable:
            paths.append(key.parent.in_(select(target).where(own[target.table])))
    return or_(*paths) if paths else None
