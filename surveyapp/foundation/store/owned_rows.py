"""The rows that belong to one row, to list them before it is deleted and to delete them with it.

A row belongs to another if a foreign key of it that cannot be empty leads there, directly or through further
rows. A foreign key that can be empty is a mention, which does not make the row part of the other.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Table,
    Update,
    delete,
    func,
    inspect,
    or_,
    select,
    true,
    update,
)

from surveyapp.foundation.store.db import Base, session


def owned_rows(*rows: Base) -> dict[str, int]:
    """How many rows belong to rows of one table, by the name of their table, without those that have none."""
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table).where(belongs)) or 0
        for table, belongs in _conditions(*rows).items()
    }
    return {name: count for name, count in counts.items() if count}


def owned_conditions(*rows: Base) -> dict[Table, ColumnElement[bool]]:
    """The condition for the rows of these rows, of each table that can hold any; parents before children."""
    return _conditions(*rows)


def mentions(*rows: Base) -> set[str]:
    """The tables of rows that belong elsewhere and mention rows of one table, or what belongs to them."""
    own: dict[Table, ColumnElement[bool]] = {_table(rows[0]): _is(*rows), **_conditions(*rows)}
    found = set()
    for table in Base.metadata.sorted_tables:
        elsewhere = ~own[table] if table in own else true()
        mentioning = _leads_to(table, own, nullable=True)
        if mentioning is not None and session.scalar(
            select(1).select_from(table).where(mentioning, elsewhere).limit(1)
        ):
            found.add(table.name)
    return found


def delete_with_owned_rows(*rows: Base) -> None:
    """Delete rows of one table and every row that belongs to them.

    What mentions what among these rows is forgotten first. The database refuses what is still mentioned
    elsewhere.
    """
    session.flush()
    own = {_table(rows[0]): _is(*rows), **_conditions(*rows)}
    deletions = (delete(table).where(belongs) for table, belongs in reversed(own.items()))
    for statement in (*_forgetting_mentions(own), *deletions):
        session.execute(statement, execution_options={"synchronize_session": False})
    for row in rows:
        session.expunge(row)
    session.expire_all()


def _forgetting_mentions(own: Mapping[Table, ColumnElement[bool]]) -> Iterator[Update]:
    """Statements that empty columns of ours by which rows mention others that are deleted before them."""
    places = {table: place for place, table in enumerate(own)}
    for table, belongs in own.items():
        later = {key.parent for key in table.foreign_keys if _place(key, places) > places[table]}
        if later:
            yield update(table).where(belongs).values(dict.fromkeys(later))


def _place(key: ForeignKey, places: Mapping[Table, int]) -> int:
    """The place of the table to which a foreign key leads; -1 for a table that is none of ours."""
    target: Any = key.column.table
    return places.get(target, -1)


def _is(*rows: Base) -> ColumnElement[bool]:
    """Whether a row of the table is one of these."""
    (key,) = _table(rows[0]).primary_key
    values = [value for row in rows for value in inspect(row, raiseerr=True).identity or ()]
    return cast("ColumnElement[bool]", key.in_(values))


def _table(row: Base) -> Table:
    return cast("Table", type(row).__table__)


def _conditions(*rows: Base) -> dict[Table, ColumnElement[bool]]:
    """For each table that can hold rows of these rows, which of them do; parents before their children."""
    own: dict[Table, ColumnElement[bool]] = {_table(rows[0]): _is(*rows)}
    for table in Base.metadata.sorted_tables:
        belongs = None if table in own else _leads_to(table, own, nullable=False)
        if belongs is not None:
            own[table] = belongs
    del own[_table(rows[0])]
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
