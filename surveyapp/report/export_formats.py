"""The formats of the report’s downloads: Word and PDF."""

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
    """An audit’s report at one moment, with the Word template to write it with."""

    report: Report
    template: bytes | None

    @property
    def returns_read(self) -> int:
        """The number of returns with answers in the report."""
        return self.report.returns

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Close nothing: the report is plain values."""


def _read_report(audit: Audit, _filters: Filters, _rule: DenominatorRule, now: datetime) -> ReportSnapshot:
    # A report covers all returns by the denominator rule that it states, whatever the page’s filters.
    return ReportSnapshot(report_of(audit.id, now=now), saved_template(audit))


def _write_word(snapshot: ReportSnapshot, output: IO[bytes]) -> None:
    output.write(report_as_word(snapshot.report, snapshot.template))


def _write_pdf(snapshot: ReportSnapshot, output: IO[bytes]) -> None:
    output.write(report_as_pdf(snapshot.report))


DOCX = ExportFormat(
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    _write_word,
    _read_report,
    "report",
    is_edited=True,
)
PDF = ExportFormat("pdf", "application/pdf", _write_pdf, _read_report, "report")
