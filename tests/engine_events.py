"""Hearing what the engine does, for as long as a block lasts: other tests have that engine too."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event

from surveyapp.foundation.store.db import engine


@contextlib.contextmanager
def engine_listener(to: str, heard: Callable[..., object]) -> Iterator[None]:
    """Call `heard` at an event of SQLAlchemy’s engine or pool, such as "after_cursor_execute"."""
    found = engine()
    event.listen(found, to, heard)
    try:
        yield
    finally:
        event.remove(found, to, heard)


@contextlib.contextmanager
def short_lock_timeouts(milliseconds: int = 50) -> Iterator[None]:
    """Let every connection wait a moment for a lock, where it would wait five or ten seconds."""
    on_sqlite = engine().dialect.name == "sqlite"
    said = f"PRAGMA busy_timeout={milliseconds}" if on_sqlite else f"SET lock_timeout = '{milliseconds}ms'"

    def hurry(raw: Any, _record: object) -> None:
        raw.cursor().execute(said)
        if not on_sqlite:
            raw.commit()

    with engine_listener("connect", hurry):
        engine().dispose()
        yield
    engine().dispose()
