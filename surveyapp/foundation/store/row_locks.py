"""Row locks: read one row from the database again and lock it until the transaction ends.

This is a separate query, not `session.refresh()`: that may read the row with an outer join, which PostgreSQL
cannot lock.
"""

from typing import TypeVar

from sqlalchemy import Select

from surveyapp.foundation.store.db import Base, session

Row = TypeVar("Row", bound=Base)


def lock_row(query: Select[Row], *, shared: bool = False, of: type[Base] | None = None) -> Row:
    """Lock and return the one row that this query selects. Raises NoResultFound if it no longer exists.

    With `shared`, other transactions may share the lock, but none may change the row. `of` is the only table
    of a join whose row is locked.
    """
    return session.scalars(_locking(query, shared=shared, of=of)).one()


def lock_row_if_there(query: Select[Row], *, of: type[Base] | None = None) -> Row | None:
    """Lock and return the row that this query selects; None if there is none."""
    return session.scalar(_locking(query, of=of))


def _locking(query: Select[Row], *, shared: bool = False, of: type[Base] | None = None) -> Select[Row]:
    return query.with_for_update(read=shared, of=of).execution_options(populate_existing=True)
