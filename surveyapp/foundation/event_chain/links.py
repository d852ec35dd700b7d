"""The links of the chain: how the seal of an event is worked out, and where the next one continues."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, Select, Table, select

from surveyapp.foundation.event_chain.models import EventSeal, RemovedEvents
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event, EventRow, event_values
from surveyapp.foundation.store.seals import seal_keys, seal_with

_LABEL = "surveyapp/event-seal/v1"
# The action of the event with which the newest seal goes to the log each day, as “seal 359” and its digits.
SEALED_LOG = "sealed_log"
# Rows read at a time: some 3 MB.
PAGE = 2_000

_EVENT: Table = Event.__table__  # type: ignore[assignment]
_SEAL: Table = EventSeal.__table__  # type: ignore[assignment]


@dataclass
class Chain:
    """A place in the chain: the number and the seal of the event before it; 0 and "" at its beginning."""

    number: int = 0
    seal: str = ""
    # Keys from the newest that has been met so far: an older one seals nothing after a newer one.
    keys: tuple[bytes, ...] = field(default_factory=lambda: seal_keys(_LABEL))

    def next_seal(self, event: EventRow) -> str:
        """The seal of the event that comes next, with the newest key."""
        return self._seal(self.keys[0], event)

    def accepts(self, event: EventRow, seal: str) -> bool:
        """Whether a seal is that of the event which comes next; if so, older keys than its own are over."""
        for place, key in reversed(list(enumerate(self.keys))):
            if hmac.compare_digest(self._seal(key, event), seal):
                self.keys = self.keys[: place + 1]
                return True
        return False

    def go_on(self, number: int, seal: str) -> None:
        """Go to the place behind an event: its number and its seal."""
        self.number, self.seal = number, seal

    def _seal(self, key: bytes, event: EventRow) -> str:
        return seal_with(key, self.seal, self.number + 1, event["id"], event["mark"], *event_values(event))


def newest_removal() -> RemovedEvents | None:
    """What was last removed from the start of the log; None if all of it is there."""
    return session.scalar(select(RemovedEvents).order_by(RemovedEvents.number.desc()).limit(1))


def chain_start() -> Chain:
    """The place at which the chain begins: behind what was removed."""
    removed = newest_removal()
    return Chain(removed.number, removed.seal) if removed else Chain()


def chain_end() -> Chain:
    """The place behind the newest seal."""
    newest = select(_SEAL.c.number, _SEAL.c.seal).order_by(_SEAL.c.number.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return Chain(row[0], row[1]) if row else chain_start()


def seal_numbered(number: int) -> str | None:
    """The seal with a number, also of the last event that was removed; None if there is none any more."""
    removed = newest_removal()
    if removed is not None and removed.number == number:
        return removed.seal
    return session.scalar(select(_SEAL.c.seal).where(_SEAL.c.number == number))


def sealed_events(after: int, most: int = PAGE) -> list[RowMapping]:
    """Seals after a number with their events, in order: number, event_id, seal, and the event’s columns.

    The event’s columns are None if it is gone.
    """
    rows = (
        select(_SEAL, _EVENT)
        .join(_EVENT, _EVENT.c.id == _SEAL.c.event_id, isouter=True)
        .where(_SEAL.c.number > after)
        .order_by(_SEAL.c.number)
        .limit(most)
    )
    return list(session.execute(rows).mappings())


def unsealed_events(after: int | None = None) -> Iterator[RowMapping]:
    """Events without a seal, with an id above `after` or all, in the order of their ids; read in pages."""
    while True:
        page = list(session.execute(_unsealed(after).limit(PAGE)).mappings())
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1]["id"]


def _unsealed(after: int | None) -> Select[Any]:
    rows = (
        select(_EVENT)
        .join(_SEAL, _SEAL.c.event_id == _EVENT.c.id, isouter=True)
        .where(_SEAL.c.number.is_(None))
        .order_by(_EVENT.c.id)
    )
    return rows if after is None else rows.where(_EVENT.c.id > after)
