"""The end of the log in the record beside the keys, by which a log that was cut off there is found."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.event_chain.links import chain_end, chain_start, seal_numbered
from surveyapp.foundation.store.db import read_transaction, session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.lasting_record import LogEnd, lasting_record, record_log_end
from surveyapp.foundation.words.dates_and_lists import clock_time, document_day


class LogCutOff(SurveyError):
    """Events were removed from the end of the log, with their seals; the worker says so each minute."""

    status = 500


def record_newest_seal(now: datetime) -> bool:
    """Record the newest seal, if it is not recorded yet; returns whether it was. `now` is UTC.

    Raises LogCutOff while the log lacks the seal that was recorded before, which stays; and
    LastingRecordUnusable.
    """
    with read_transaction():
        end, recorded = chain_end(), lasting_record().log_end
        fault = fault_of_end(recorded)
    if fault:
        raise LogCutOff(fault)
    if not end.number or (recorded is not None and recorded.seal == end.seal):
        return False
    record_log_end(LogEnd(end.number, end.seal, now))
    return True


def fault_of_end(recorded: LogEnd | None) -> str:
    """A sentence if the log lacks the seal that was recorded; empty if it has it, or none was recorded.

    A restored backup ends earlier; its log says that it was restored since. Old events are removed with their
    seals.
    """
    if (
        recorded is None
        or seal_numbered(recorded.number) == recorded.seal
        or recorded.number < chain_start().number
        or _was_restored_since(recorded.at)
    ):
        return ""
    return (
        f"On {document_day(local_day(recorded.at))} at {clock_time(recorded.at)} the log had seal "
        f"{recorded.number:,}, as the record beside the keys says, and has not got it now: events were "
        "removed from its end, or an older database was put in its place without “survey restore”. Once you "
        "know why, take the line of “log” out of that record."
    )


def _was_restored_since(moment: datetime) -> bool:
    restored = select(Event.id).where(Event.action == "restored_backup", Event.at >= moment)
    return session.scalar(restored.limit(1)) is not None
