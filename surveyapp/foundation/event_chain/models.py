"""Tables of the chain: a seal for each event, and what was removed from the start of the log."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.seals import is_seal_of, seal_of

_REMOVED = "surveyapp/removed-events/v1"


class EventSeal(Base):
    """The seal of one event, made from the seal before it and from all that the event says.

    Seals are numbered in the order in which the worker made them. That is not always the order of the events’
    ids: on PostgreSQL an event may be committed after another with a higher id.
    """

    __tablename__ = "survey_event_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # No foreign key: an event that somebody has deleted must be missed.
    event_id: Mapped[int] = mapped_column(unique=True)
    seal: Mapped[str] = mapped_column(String(64))


class RemovedEvents(Base):
    """Events removed from the start of the log because they were old, and the seal from which it goes on."""

    __tablename__ = "survey_removed_events"

    # Of the last seal that was removed.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seal: Mapped[str] = mapped_column(String(64))
    # How many events have been removed so far, in all, and the UK day from which the log is kept.
    count: Mapped[int]
    before: Mapped[date]
    removed_at: Mapped[datetime]
    # Shows that this program wrote the row.
    mark: Mapped[str] = mapped_column(String(64))

    def sign(self) -> None:
        """Set the mark, once the other values are set."""
        self.mark = seal_of(_REMOVED, *self._values)

    @property
    def has_own_mark(self) -> bool:
        """Whether the mark was made for these values."""
        return is_seal_of(self.mark, _REMOVED, *self._values)

    @property
    def _values(self) -> tuple[str | int, ...]:
        return (self.number, self.seal, self.count, self.before.isoformat())
