"""Row locks: read one row afresh and hold it until the transaction ends.

It is a query of its own each time: PostgreSQL locks no outer join, which a refresh may read a row with.
"""

from typing import TypeVar

from sqlalchemy import Select

from surveyapp.foundation.store.db import Base, session

Row = TypeVar("Row", bound=Base)


def lock_row(chosen: Select[Row], *, shared: bool = False, of: type[Base] | None = None) -> Row:
    """Lock the one row that is chosen. Raises NoResultFound where it is gone.

    `shared` lets others hold it so too, but nobody alone. `of` locks only this table’s row of a join.
    """
    return session.scalars(_locking(chosen, shared=shared, of=of)).one()


def lock_row_if_there(chosen: Select[Row], *, of: type[Base] | None = None) -> Row | None:
    """Lock the row that is chosen; None where there is none."""
    return session.scalar(_locking(chosen, of=of))


def _locking(chosen: Select[Row], *, shared: bool = False, of: type[Base] | None = None) -> Select[Row]:
    return chosen.with_for_update(read=shared, of=of).execution_options(populate_existing=True)
