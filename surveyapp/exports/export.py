"""Exporting an audit: read everything, end the transaction, build the file, record who took it."""

import re
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.snapshot import begin_repeatable_read
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

LONGEST_NAME = 80

SnapshotReader = Callable[[Audit, Filters, DenominatorRule, datetime], Any]


@dataclass(frozen=True)
class ExportFormat:
    """One kind of file that an audit can be exported as: how it is read, and how that is written."""

    ending: str
    mimetype: str
    write: Callable[[Any, IO[bytes]], None]
    read: SnapshotReader
    called: str = "audit"
    # Whether somebody may have gone on writing in a file that was taken before.
    is_edited: bool = False


@dataclass(frozen=True)
class Export:
    """A file that was built, to be read from its beginning and closed, and what to call it."""

    file: IO[bytes]
    name: str
    mimetype: str
    returns: int


def export_audit(  # noqa: PLR0913 — each is one thing a person chose
    audit_id: int, ending: ExportFormat, *, filters: Filters, rule: DenominatorRule, actor: str, now: datetime
) -> Export:
    """Build a file of an audit, with no transaction open while it is built (promises X6), and note it.

    Raises NoResultFound where there is no such audit.
    """
    with transaction():
        # Nothing: what was read until now ends, so that all that follows is of one moment.
        pass
    with transaction():
        begin_repeatable_read()
        audit = session.get_one(Audit, audit_id)
        reading = ending.read(audit, filters, rule, now)
        name = file_name(audit, ending.ending, called=ending.called, now=now)
    with reading:
        file = tempfile.TemporaryFile()  # noqa: SIM115 — whoever sends it closes it
        try:
            ending.write(reading, file)
            file.seek(0)
            # Its own transaction, which begins as a writer: nothing is read in it before.
            with transaction():
                detail = f".{ending.ending}, {counted(reading.returns_read, 'return')}"
                record_export(audit_id, detail, actor=actor, now=now)
        except BaseException:
            file.close()
            raise
        return Export(file, name, ending.mimetype, reading.returns_read)


def file_name(audit: Audit, ending: str, *, now: datetime, called: str = "audit") -> str:
    """A file name that no system stumbles over: the title's letters and digits (promises X5)."""
    letters = unicodedata.normalize("NFC", audit.title)
    words = re.sub(r"[^\w]+", "-", letters).strip("-_")[:LONGEST_NAME].strip("-_")
    return "-".join(filter(None, (called, str(audit.id), words, local_day(now).isoformat()))) + f".{ending}"


def record_export(audit_id: int, detail: str, *, actor: str, now: datetime) -> None:
    """Note who exported an audit's returns, and as what (stories SA4); `detail` has no word of theirs."""
    record_event(actor, "exported_audit", f"audit {audit_id}", detail, now=now)
