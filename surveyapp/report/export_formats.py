"""The formats in which an audit's report leaves: Word and PDF."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Self

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.export import ExportFormat
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.queries import saved_template
from surveyapp.report.report import report_of
from surveyapp.report.word.report_word import report_as_word


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


DOCX = ExportFormat(
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    _write_word,
    _report,
    "report",
    is_edited=True,
)
PDF = ExportFormat("pdf", "application/pdf", _write_pdf, _report, "report")
