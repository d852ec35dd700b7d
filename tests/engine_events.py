"""Listeners on the engine that last for one block, since other tests use the same engine."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event

from surveyapp.foundation.store.db import engine


@contextlib.contextmanager
def engine_listener(event_name: str, listener: Callable[..., object]) -> Iterator[None]:
    """Call `listener` on an event of SQLAlchemy’s engine or pool, such as "after_cursor_execute"."""
    listened_to = engine()
    event.listen(listened_to, event_name, listener)
    try:
        yield
    finally:
        event.remove(listened_to, event_name, listener)


@contextlib.contextmanager
def short_lock_timeouts(milliseconds: int = 50) -> Iterator[None]:
    """Shorten the wait for a lock, which is otherwise five or ten seconds, on every connection."""
    on_sqlite = engine().dialect.name == "sqlite"
    statement = (
        f"PRAGMA busy_timeout={milliseconds}" if on_sqlite else f"SET lock_timeout = '{milliseconds}ms'"
    )

    def shorten(raw: Any, _record: object) -> None:
        raw.cursor().execute(statement)
        if not on_sqlite:
            raw.commit()

    with engine_listener("connect", shorten):
        engine().dispose()
        yield
    engine().dispose()
