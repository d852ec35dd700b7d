"""Encrypts every stored text again with the newest data key, while the app is serving (promises 3.9)."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import (
    Column,
    CursorResult,
    LargeBinary,
    Row,
    bindparam,
    func,
    literal,
    select,
    text,
    type_coerce,
    update,
)

from surveyapp.commands.keys.stored_texts import columns_of_texts
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.store.db import engine, read_transaction, session, transaction
from surveyapp.foundation.store.encrypted_text import place_of
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.text_cipher import PREFIX_BYTES, UnreadableText

# Texts read, and at most changed, at a time: some 20 ms for which nobody else writes to SQLite.
BATCH = 500
# Bytes of a batch, unless one text alone has more, as a released report may.
MOST_BYTES = 2_000_000
# Rows counted at a time: while somebody reads, nobody commits to SQLite where it has no write-ahead log.
COUNTED = 20_000
# Seconds in which everybody else may write, after each batch that was changed.
PAUSE = 0.02
# How often a batch is tried while the database is busy, and the seconds between the tries.
TRIES, BETWEEN_TRIES = 30, 2.0


@dataclass
class TextRotation:
    """What was done: how many texts of each column were encrypted again, and the rows that did not open."""

    changed: dict[str, int] = field(default_factory=dict)
    unreadable: list[tuple[str, int]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many texts were encrypted again."""
        return sum(self.changed.values())


def texts_under_old_keys() -> dict[str, int]:
    """How many texts are not under the newest data key, by column; columns without any are left out."""
    counts = {place_of(column): _count_under_old_keys(column) for column in columns_of_texts()}
    return {place: count for place, count in counts.items() if count}


def _count_under_old_keys(column: Column[Any]) -> int:
    row, newest = column.table.c.id, literal(keys().texts.newest_prefix, LargeBinary)
    is_old = func.substr(type_coerce(column, LargeBinary), 1, PREFIX_BYTES) != newest
    old = select(func.count()).where(column.is_not(None), is_old)
    with read_transaction():
        newest_row = session.scalar(select(func.max(row))) or 0
    count = 0
    for first in range(1, newest_row + 1, COUNTED):
        with read_transaction():
            count += session.scalar(old.where(row >= first, row < first + COUNTED)) or 0
    return count


def encrypt_all_again(told: Callable[[str, int], object] = lambda _place, _count: None) -> TextRotation:
    """Encrypt every text again that is not under the newest data key, in many short transactions.

    A text that somebody changes meanwhile is left to them: they write with the newest key. Stopped at any
    moment, it goes on where it was when it is called again. A text that does not open stays as it is. `told`
    is called after each column with texts that were changed. Raises CouldNotSave if the database stays busy
    for a minute.
    """
    rotation = TextRotation()
    for column in columns_of_texts():
        for changed in _changed_batches(column, rotation):
            rotation.changed[place_of(column)] = rotation.changed.get(place_of(column), 0) + changed
        if place_of(column) in rotation.changed:
            told(place_of(column), rotation.changed[place_of(column)])
    return rotation


def _changed_batches(column: Column[Any], rotation: TextRotation) -> Iterator[int]:
    """Change the texts of a column batch by batch; yields how many of each were changed."""
    row, as_bytes, last = column.table.c.id, type_coerce(column, LargeBinary), 0
    sizes = select(row, func.length(as_bytes)).where(column.is_not(None)).order_by(row).limit(BATCH)
    stored = select(row, as_bytes).where(column.is_not(None)).order_by(row)
    while True:
        with read_transaction():
            following = session.execute(sizes.where(row > last)).all()
            if not following:
                return
            up_to = _row_of_most_bytes(following)
            batch = session.execute(stored.where(row > last, row <= up_to)).all()
        last = up_to
        changes = list(_changes(place_of(column), batch, rotation))
        if changes:
            yield _stored(column, changes)
            time.sleep(PAUSE)


def _row_of_most_bytes(sizes: Sequence[Row[int, int]]) -> int:
    """The last row of those that follow, in a batch of MOST_BYTES; at least the first."""
    total = 0
    for number, (_row, size) in enumerate(sizes):
        total += size
        if total > MOST_BYTES:
            return int(sizes[max(number - 1, 0)][0])
    return int(sizes[-1][0])


def _changes(place: str, batch: Any, rotation: TextRotation) -> Iterator[dict[str, object]]:  # noqa: ANN401 — rows of two values
    cipher = keys().texts
    for row, stored in batch:
        if bytes(stored[:PREFIX_BYTES]) == cipher.newest_prefix:
            continue
        try:
            again = cipher.encrypt(cipher.decrypt(stored, place), place)
        except UnreadableText:
            rotation.unreadable.append((place, row))
        else:
            yield {"row": row, "before": stored, "again": again}


def _stored(column: Column[Any], changes: list[dict[str, object]]) -> int:
    """Store the changes of a batch, each where the text is still what was read; returns how many were."""
    table = column.table
    is_unchanged = type_coerce(column, LargeBinary) == bindparam("before", type_=LargeBinary)
    change = update(table).where(table.c.id == bindparam("row"), is_unchanged)
    change = change.values({column.name: bindparam("again", type_=LargeBinary)})
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction():
                return cast("CursorResult[Any]", session.execute(change, changes)).rowcount
        except CouldNotSave:
            if not tries_left:
                raise
            time.sleep(BETWEEN_TRIES)
    return 0


def wait_for_writers() -> None:
    """Return once every transaction that had begun to write a text has ended. Raises CouldNotSave."""
    if engine().dialect.name != "postgresql":
        with transaction():
            # The transaction begins with the write lock, for which everybody else's has to end.
            session.execute(select(1))
        return
    for name in sorted({column.table.name for column in columns_of_texts()}):
        # Table by table: whoever waits for one lock while holding another can be waited for in return.
        with transaction():
            session.execute(text(f"LOCK TABLE {name} IN SHARE MODE"))
