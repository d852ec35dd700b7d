"""The event log: who did what and when, in rows that are never changed (promises 3.10)."""

import json
import logging
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Index, RowMapping, String, insert, select
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base, after_commit, session
from surveyapp.foundation.store.seals import is_seal_of, seal_of

log = logging.getLogger("surveyapp.events")

# An event by the names of its columns, as read or as it is inserted.
EventRow = RowMapping | dict[str, Any]

_MARK = "surveyapp/event-mark/v1"
# Hexadecimal digits that make the marks of two equal events differ.
_SALT_DIGITS = 16


def _mark_of_row(context: DefaultExecutionContext) -> str:
    row: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return _marked(secrets.token_hex(_SALT_DIGITS // 2), row)


class Event(Base):
    """One act in ids and fixed words; never an email address, an answer or anything about a child."""

    __tablename__ = "survey_event"
    # Of a person, of a kind of act, or about one row, in the order of time.
    __table_args__ = (
        Index("ix_survey_event_actor", "actor", "at"),
        Index("ix_survey_event_action", "action", "at"),
        Index("ix_survey_event_object", "object", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(String(500), default="")
    # Shows that this program wrote the row, with a salt before it.
    # Any INSERT through the table makes it, without a statement of its own.
    mark: Mapped[str] = mapped_column(String(80), default=_mark_of_row)


def event_values(row: EventRow) -> tuple[str, ...]:
    """What an event says, as its mark and its seal cover it: time (UTC), actor, action, object and detail."""
    at = row["at"].astimezone(UTC).isoformat()
    return (at, row["actor"], row["action"], row["object"], row.get("detail") or "")


def has_own_mark(row: EventRow) -> bool:
    """Whether the mark of an event, a row by the names of its columns, was made for what it says."""
    salt, seal = row["mark"][:_SALT_DIGITS], row["mark"][_SALT_DIGITS:]
    return is_seal_of(seal, _MARK, salt, *event_values(row))


def _marked(salt: str, row: EventRow) -> str:
    return salt + seal_of(_MARK, salt, *event_values(row))


def record_event(actor: str, action: str, about: str, detail: str = "", *, now: datetime) -> None:
    """Add one event, and write it to the log once it is committed.

    `actor` is the host's name for the person, "grant 12" or "worker"; `about` names a row, such as "audit 3".
    """
    event = Event(at=now, actor=actor[:200], action=action, object=about, detail=detail[:500])
    session.add(event)
    line = json.dumps(
        {"at": now.isoformat(), "actor": actor, "action": action, "object": about, "detail": detail}
    )
    after_commit(lambda: log.info(line))


def record_events(actor: str, acts: Sequence[tuple[str, str, str]], *, now: datetime) -> None:
    """Add many events in one statement: of each its action, what it is about, and its detail."""
    rows = [
        {"at": now, "actor": actor[:200], "action": action, "object": about, "detail": detail[:500]}
        for action, about, detail in acts
    ]
    if not rows:
        return
    session.execute(insert(Event), rows)
    lines = [json.dumps({**row, "at": now.isoformat(), "actor": actor}) for row in rows]

    def write() -> None:
        for line in lines:
            log.info(line)

    after_commit(write)


def record_event_once(actor: str, action: str, about: str, *, since: datetime, now: datetime) -> None:
    """Add one event as `record_event` does, unless the same one was recorded since then (UTC).

    For acts that somebody can repeat without end.
    """
    same = select(Event.id).where(
        Event.actor == actor, Event.action == action, Event.object == about, Event.at >= since
    )
    if session.scalar(same.limit(1)) is None:
        record_event(actor, action, about, now=now)
