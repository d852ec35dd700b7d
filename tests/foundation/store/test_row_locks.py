"""A locked row is read afresh; a deleted one is not found."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.db import update_rows
from surveyapp.foundation.store.row_locks import lock_row, lock_row_if_there
from tests.row_maker import Maker


def test_a_locked_row_says_what_is_stored_now(make: Maker) -> None:
    agency = make.agency("Northside Police")
    chosen = select(Agency).where(Agency.id == agency.id)
    for number, lock in enumerate((lock_row, lock_row_if_there)):
        update_rows(update(Agency).values(name=f"Agency {number}"))
        assert agency.name != f"Agency {number}", "What was read before is not read again by itself."
        assert lock(chosen) is agency
        assert agency.name == f"Agency {number}"


def test_a_row_that_is_gone_is_not_found(make: Maker) -> None:
    assert make.agency("Northside Police")
    gone = select(Agency).where(Agency.id == 999)
    assert lock_row_if_there(gone) is None
    with pytest.raises(NoResultFound):
        lock_row(gone)
