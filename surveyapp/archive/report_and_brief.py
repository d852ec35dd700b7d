"""What an archive holds of the audit's own outputs: its report and its learning brief."""

from typing import IO

from surveyapp.brief.brief import Brief
from surveyapp.brief.pdf import typeset_brief
from surveyapp.brief.queries import current_brief, released_brief, saved_brief
from surveyapp.brief.slide import as_brief_slide
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.errors import NotFound
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.queries import saved_template
from surveyapp.report.release import released_report
from surveyapp.report.report import report_of
from surveyapp.report.word.report_word import report_as_word


def read_report(audit: Audit, reading: AuditSnapshot) -> tuple[Report, bytes | None]:
    """The report as it stands, and the template it is written by in Word."""
    return report_of(audit.id, now=reading.read_at), saved_template(audit)


def write_report_word(found: tuple[Report, bytes | None], to: IO[bytes]) -> None:
    """Write the report for Word."""
    to.write(report_as_word(*found))


def write_report_pdf(found: tuple[Report, bytes | None], to: IO[bytes]) -> None:
    """Write the report as a PDF."""
    to.write(report_as_pdf(found[0]))


def read_brief(audit: Audit, reading: AuditSnapshot) -> Brief | None:
    """The brief as it stands, a draft or released; None where nobody has written one."""
    return None if saved_brief(audit.id) is None else current_brief(audit.id, now=reading.read_at)


def write_brief_pdf(brief: Brief, to: IO[bytes]) -> None:
    """Write the brief's page: of one that is too long, as much as there is room for."""
    to.write(typeset_brief(brief).pdf)


def read_released_brief(audit: Audit, _reading: AuditSnapshot) -> Brief | None:
    """The public version of the brief; None before its release."""
    try:
        return released_brief(audit.id)
    except NotFound:
        return None


def write_brief_slide(brief: Brief, to: IO[bytes]) -> None:
    """Write the brief as a slide; what was released fits its page."""
    to.write(as_brief_slide(brief))


def read_released_report(audit: Audit, _reading: AuditSnapshot) -> bytes | None:
    """The public version of the report; None before its release."""
    try:
        return released_report(audit.id)
    except NotFound:
        return None


def write_bytes(content: bytes, to: IO[bytes]) -> None:
    """Write what was kept as a file."""
    to.write(content)
