"""Verifies the event log: that every event is there, as it was written, and in its place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.event_chain.links import (
    SEALED_LOG,
    Chain,
    chain_start,
    newest_removal,
    seal_numbered,
    sealed_events,
    unsealed_events,
)
from surveyapp.foundation.event_chain.models import RemovedEvents
from surveyapp.foundation.event_chain.recorded_end import fault_of_end
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import EventRow, has_own_mark
from surveyapp.foundation.store.lasting_record import lasting_record
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.foundation.words.shares import counted


@dataclass
class LogVerification:
    """What a verification found: how many events, from when to when, and the first that does not agree."""

    sealed: int = 0
    unsealed: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    newest_seal: str = ""
    # A sentence about the first event that does not agree; empty if all do.
    fault: str = ""
    # A sentence about events that were removed because they were old; empty if none were.
    removed: str = ""
    # Whether the seal that was expected is that of an event, or of the last one that was removed.
    has_expected: bool = False

    @property
    def count(self) -> int:
        """How many events were read."""
        return self.sealed + self.unsealed


def verify_log(*, expected: str = "") -> LogVerification:
    """Read every event and compare it with its seal, and one without a seal with its mark.

    Stops at the first that does not agree. Events that were deleted from the end of the log together with
    their seals are missed by the record beside the keys, or by `expected`, a seal that was noted elsewhere.
    Raises LastingRecordUnusable. Reads 2,000 events at
    a time, each in a transaction of its own, so that nobody who writes waits.
    """
    found = LogVerification()
    removed, chain = newest_removal(), chain_start()
    if removed is not None:
        found.removed = _removal_in_words(removed)
        found.has_expected = removed.seal == expected
        if not removed.has_own_mark:
            found.fault = "What the log says of events removed from its start is not ours."
            return found
    _verify_sealed(chain, found, expected)
    if not found.fault:
        _verify_unsealed(found)
    if not found.fault:
        found.fault = fault_of_end(lasting_record().log_end)
    if expected and not found.has_expected and not found.fault:
        found.fault = (
            f"No event has the seal that was expected, “{expected}”: "
            "events were removed from the end of the log, or it is another log."
        )
    session.rollback()
    return found


def _verify_sealed(chain: Chain, found: LogVerification, expected: str) -> None:
    while not found.fault:
        page = sealed_events(chain.number)
        session.rollback()
        for row in page:
            found.fault = _fault_of_sealed(chain, row)
            if found.fault:
                return
            chain.go_on(row["number"], row["seal"])
            found.sealed += 1
            found.newest_seal = chain.seal
            found.has_expected = found.has_expected or chain.seal == expected
            _note_time(found, row)
        if not page:
            return


def _fault_of_sealed(chain: Chain, row: RowMapping) -> str:
    if row["number"] != chain.number + 1:
        return (
            f"The seals {chain.number + 1:,} to {row['number'] - 1:,} are gone, "
            f"before that of event {row['event_id']}."
        )
    if row["id"] is None:
        return f"Event {row['event_id']} is gone."
    if chain.accepts(row, row["seal"]):
        return _fault_of_noted_seal(row)
    if row["mark"] and not has_own_mark(row):
        return f"Event {row['id']} was changed."
    return (
        f"Event {row['id']} does not agree with its seal: it was changed, it stands in the place of "
        "another, or the data key that sealed it is not in the key file."
    )


def _verify_unsealed(found: LogVerification) -> None:
    for event in unsealed_events():
        if not has_own_mark(event):
            found.fault = (
                f"Event {event['id']} was not written by this program, or was changed before its seal."
            )
            return
        found.fault = _fault_of_noted_seal(event)
        if found.fault:
            return
        found.unsealed += 1
        _note_time(found, event)


def _fault_of_noted_seal(event: EventRow) -> str:
    """What is wrong if an event notes a seal, once a day, and that seal is another now; empty if nothing is.

    Whoever deleted an event and every seal, so that the worker made new ones, is found by it.
    """
    if event["action"] != SEALED_LOG:
        return ""
    number = int(event["object"].removeprefix("seal "))
    if number < chain_start().number or seal_numbered(number) == event["detail"]:
        return ""
    return (
        f"Event {event['id']} notes another seal {number:,} than there is now: before it events were changed "
        "or removed, and the log was sealed again."
    )


def _note_time(found: LogVerification, event: EventRow) -> None:
    found.first_at = min(found.first_at or event["at"], event["at"])
    found.last_at = max(found.last_at or event["at"], event["at"])


def _removal_in_words(removed: RemovedEvents) -> str:
    return (
        f"{counted(removed.count, 'event')} of before {document_day(removed.before)} "
        f"{'was' if removed.count == 1 else 'were'} removed, last on "
        f"{document_day(local_day(removed.removed_at))}."
    )
