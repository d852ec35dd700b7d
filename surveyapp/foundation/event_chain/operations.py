"""The worker seals events, and removes old ones in such a way that the rest can still be verified."""

import logging
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, insert, select

from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.event_chain.links import (
    SEALED_LOG,
    Chain,
    chain_end,
    chain_start,
    newest_removal,
    sealed_events,
    unsealed_events,
)
from surveyapp.foundation.event_chain.models import EventSeal, RemovedEvents
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event, has_own_mark, record_event
from surveyapp.foundation.words.shares import counted

log = logging.getLogger("surveyapp.worker")

# Most events sealed or removed in one transaction: some 0.2 s, for which SQLite lets nobody else write.
MOST_AT_ONCE = 5_000
# No transaction is open for as long. An event is committed after this long, or never.
_LONGEST_OPEN = timedelta(hours=1)


class LogDoesNotAgree(Refused):
    """An event at the start of the log was changed or is gone, so that nothing is removed there."""

    def __init__(self) -> None:
        """Say how to find out which."""
        super().__init__(
            "The start of the log does not agree with its seals, so nothing was removed.",
            way_on="Run “flask --app wsgi survey log --verify”.",
        )


def seal_events(now: datetime) -> int:
    """Seal the events that have no seal yet, in the order of their ids; returns how many.

    Whoever records an event does not wait for this: only the worker makes links, one after the other. An
    event that this program did not write gets no seal. Once a UK day the newest seal is an event itself, and
    with it a line of the log, so that a separate system has it.
    """
    chain = chain_end()
    links, strangers = [], 0
    for event in unsealed_events(_id_before_which_all_are_sealed(now)):
        if not has_own_mark(event):
            strangers += 1
            continue
        seal = chain.next_seal(event)
        chain.go_on(chain.number + 1, seal)
        links.append({"number": chain.number, "event_id": event["id"], "seal": seal})
        if len(links) == MOST_AT_ONCE:
            break
    if links:
        session.execute(insert(EventSeal), links)
    if len(links) < MOST_AT_ONCE:
        _log_newest_seal(chain, strangers, now)
    return len(links)


def _id_before_which_all_are_sealed(now: datetime) -> int | None:
    """The id of an event below which every event has its seal; None if there is none yet.

    It is the last event with a seal that was recorded an hour before another such event, and not later than
    `now`. When the later one was recorded, all that was committed had its seal, and no transaction that was
    open at the earlier one was open still.
    """
    noted = Event.action == SEALED_LOG
    newest = session.scalar(select(func.max(Event.at)).where(noted, Event.at <= now))
    if newest is None:
        return None
    return session.scalar(select(func.max(Event.id)).where(noted, Event.at < newest - _LONGEST_OPEN))


def _log_newest_seal(chain: Chain, strangers: int, now: datetime) -> None:
    day_began = utc_moment(local_day(now), time.min)
    noted = select(Event.id).where(Event.action == SEALED_LOG, Event.at >= day_began).limit(1)
    if not chain.number or session.scalar(noted) is not None:
        return
    record_event("worker", "sealed_log", f"seal {chain.number}", chain.seal, now=now)
    if strangers:
        log.error(
            "The log has %s that this program did not write. Run: flask survey log --verify",
            counted(strangers, "event"),
        )


def remove_events_before(day: date, *, actor: str, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Remove events of before a UK day from the start of the log, at most `most`; returns how many.

    It ends at the first event that is not older, in the order of the seals, and at one without a seal. What
    is removed is verified first; where the chain then begins, how many events there were and who had them
    removed stays in the database under a mark of ours, and is an event. Raises LogDoesNotAgree.
    """
    chain, removed = chain_start(), newest_removal()
    began, count = utc_moment(day, time.min), 0
    while count < most:
        page = sealed_events(chain.number, min(most - count, MOST_AT_ONCE))
        for row in page:
            if row["id"] is None or row["number"] != chain.number + 1 or not chain.accepts(row, row["seal"]):
                raise LogDoesNotAgree
            if row["at"] >= began:
                page = []
                break
            chain.go_on(row["number"], row["seal"])
            count += 1
        if not page:
            break
    if count:
        before = removed.count if removed else 0
        _remove_through(chain, RemovedEvents(count=before + count, before=day, removed_at=now))
        record_event(actor, "removed_events", f"seal {chain.number}", _in_words(count, day), now=now)
    return count


def _remove_through(chain: Chain, removed: RemovedEvents) -> None:
    """Remove the events up to this place in the chain; the triggers let go what a removal names."""
    removed.number, removed.seal = chain.number, chain.seal
    removed.sign()
    session.add(removed)
    session.flush()
    sealed = select(EventSeal.event_id).where(EventSeal.number <= chain.number)
    for statement in (
        delete(Event).where(Event.id.in_(sealed)),
        delete(EventSeal).where(EventSeal.number <= chain.number),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _in_words(count: int, day: date) -> str:
    return f"{counted(count, 'event')} of before {day.isoformat()}"
