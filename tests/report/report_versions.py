"""The internal and the public version of a report, side by side."""

from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report, Table
from surveyapp.report.report import report_of
from tests.conftest import MONDAY_MORNING
from tests.report.report_readers import words_of


def versions(audit: Audit) -> tuple[Report, Report]:
    """The internal and the public version of an audit's report."""
    return (
        report_of(audit.id, now=MONDAY_MORNING),
        report_of(audit.id, now=MONDAY_MORNING, public=True),
    )


def text_of(report: Report) -> str:
    """All text of a report except tables and charts."""
    return words_of(report.parts())


def rows_of(report: Report, caption: str) -> dict[str, str]:
    """The first two columns of a table; empty where the report has no such table."""
    tables = [part for part in report.parts() if isinstance(part, Table) and part.caption.endswith(caption)]
    return {row[0]: row[1] for table in tables for row in table.rows}
