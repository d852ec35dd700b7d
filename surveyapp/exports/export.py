"""Exporting an audit: read everything, end the transaction, build the file, note who took it."""

import re
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Self

from surveyapp.archive.archive import ArchiveSnapshot, read_archive, write_archive
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.csv_file import write_csv_file
from surveyapp.exports.json_file import write_json
from surveyapp.exports.returns_pdf.document import write_returns_pdf
from surveyapp.exports.snapshot import AuditSnapshot, begin_repeatable_read, read_audit
from surveyapp.exports.workbook.workbook import write_workbook
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit
from surveyapp.report.operations import record_export
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.queries import saved_template
from surveyapp.report.report import report_of
from surveyapp.report.word.report_word import report_as_word

LONGEST_NAME = 80


SnapshotReader = Callable[[Audit, Filters, DenominatorRule, datetime], Any]


def _figures(audit: Audit, filters: Filters, rule: DenominatorRule, now: datetime) -> AuditSnapshot:
    return read_audit(audit, filters=filters, rule=rule, now=now)


def _archive(audit: Audit, _filters: Filters, _rule: DenominatorRule, now: datetime) -> ArchiveSnapshot:
    # An archive is of the whole audit, whatever a page shows of it.
    return read_archive(audit, now=now)


@dataclass(frozen=True)
class ReportSnapshot:
    """An audit's report as it stood at one moment, and the template it is written by in Word."""

    report: Report
    template: bytes | None

    @property
    def returns_read(self) -> int:
        """How many returns stand behind the report."""
        return self.report.returns

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is held open."""


def _report(audit: Audit, _filters: Filters, _rule: DenominatorRule, now: datetime) -> ReportSnapshot:
    # A report is of the whole audit, by the rule it states.
    return ReportSnapshot(report_of(audit.id, now=now), saved_template(audit))


def _write_word(reading: ReportSnapshot, to: IO[bytes]) -> None:
    to.write(report_as_word(reading.report, reading.template))


def _write_pdf(reading: ReportSnapshot, to: IO[bytes]) -> None:
    to.write(report_as_pdf(reading.report))


@dataclass(frozen=True)
class ExportFormat:
    """One kind of file that an audit can be exported as: how it is read, and how that is written."""

    ending: str
    mimetype: str
    write: Callable[[Any, IO[bytes]], None]
    read: SnapshotReader = _figures
    called: str = "audit"
    # Whether somebody may have gone on writing in a file that was taken before.
    is_edited: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"
EXPORT_FORMATS = {
    each.ending: each
    for each in (
        ExportFormat("xlsx", f"{_OFFICE}.spreadsheetml.sheet", write_workbook),
        ExportFormat("csv", "text/csv", write_csv_file),
        ExportFormat("json", "application/json", write_json),
        ExportFormat(
            "docx", f"{_OFFICE}.wordprocessingml.document", _write_word, _report, "report", is_edited=True
        ),
        ExportFormat("pdf", "application/pdf", _write_pdf, _report, "report"),
        ExportFormat("returns.pdf", "application/pdf", write_returns_pdf),
        ExportFormat("zip", "application/zip", write_archive, _archive),
    )
}


# The learning brief, which brief_exporting.py builds.
BRIEF_EXTENSION = "pptx"


def export_format(file_name: str) -> ExportFormat:
    """What a file's ending asks for. Raises Refused, with the list, for any other."""
    # The longest that fits: a file of returns is a .pdf too.
    fitting = [each for each in EXPORT_FORMATS if file_name.lower().endswith(f".{each}")]
    found = EXPORT_FORMATS[max(fitting, key=len)] if fitting else None
    if found is None:
        raise Refused(
            f"“{file_name}” says no kind of file: end it with "
            f"{', '.join(f'.{one}' for one in (*EXPORT_FORMATS, BRIEF_EXTENSION))}."
        )
    return found


@dataclass(frozen=True)
class Export:
    """A file that was built, to be read from its beginning and closed, and what to call it."""

    file: IO[bytes]
    name: str
    mimetype: str
    returns: int


def export_audit(
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
        file = tempfile.TemporaryFile()
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
