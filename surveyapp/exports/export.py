"""Exporting an audit: reading it at one moment, building the file and recording who exported it."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.snapshot import begin_repeatable_read
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.normal_form import normal_form
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

LONGEST_NAME = 80

SnapshotReader = Callable[[Audit, Filters, DenominatorRule, datetime], Any]


@dataclass(frozen=True)
class ExportFormat:
    """A format in which an audit is exported.

    `ending` is the file extension without its dot; `read` reads the audit in a transaction and `write` writes
    the file from what was read, outside of one. File names begin with `called`.
    """

    ending: str
    mimetype: str
    write: Callable[[Any, IO[bytes]], None]
    read: SnapshotReader
    called: str = "audit"
    # Whether people edit files of this format, so that an existing one must not be overwritten.
    is_edited: bool = False


@dataclass(frozen=True)
class Export:
    """A built file with its name. The file is at its beginning; whoever reads it closes it."""

    file: IO[bytes]
    name: str
    mimetype: str
    returns: int


def export_audit(  # noqa: PLR0913 — the choices of whoever exports
    audit_id: int,
    export_format: ExportFormat,
    *,
    filters: Filters,
    rule: DenominatorRule,
    actor: str,
    now: datetime,
) -> Export:
    """Build a file of an audit without holding a transaction open (promises X6), and record the export.

    Raises NoResultFound for an unknown audit.
    """
    with transaction():
        # Ends the transaction of earlier reads, so that the next one begins at one moment.
        pass
    with transaction():
        begin_repeatable_read()
        audit = session.get_one(Audit, audit_id)
        snapshot = export_format.read(audit, filters, rule, now)
        name = file_name(audit, export_format.ending, called=export_format.called, now=now)
    with snapshot:
        file = tempfile.TemporaryFile()  # noqa: SIM115 — whoever sends it closes it
        try:
            export_format.write(snapshot, file)
            file.seek(0)
            # A transaction of its own, which begins with a write.
            with transaction():
                detail = f".{export_format.ending}, {counted(snapshot.returns_read, 'return')}"
                record_export(audit_id, detail, actor=actor, now=now)
        except BaseException:
            file.close()
            raise
        return Export(file, name, export_format.mimetype, snapshot.returns_read)


def file_name(audit: Audit, ending: str, *, now: datetime, called: str = "audit") -> str:
    """A file name that is safe on every system, from the title's letters and digits (promises X5)."""
    title = normal_form("NFC", audit.title)
    words = re.sub(r"[^\w]+", "-", title).strip("-_")[:LONGEST_NAME].strip("-_")
    return "-".join(filter(None, (called, str(audit.id), words, local_day(now).isoformat()))) + f".{ending}"


def record_export(audit_id: int, detail: str, *, actor: str, now: datetime) -> None:
    """Record who exported an audit's returns (stories SA4); `detail` holds nothing from the returns."""
    record_event(actor, "exported_audit", f"audit {audit_id}", detail, now=now)
