"""The report and the learning brief in an archive: as they stand now, and as released."""

from typing import IO

from surveyapp.brief.brief import Brief
from surveyapp.brief.pdf import typeset_brief
from surveyapp.brief.queries import current_brief, released_brief, saved_brief
from surveyapp.brief.slide.slide import as_brief_slide
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.errors import NotFound
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.queries import saved_template
from surveyapp.report.release.release import released_report
from surveyapp.report.report import report_of
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sandbox import TemplateRefused


def read_report(audit: Audit, reading: AuditSnapshot) -> tuple[Report, bytes | None]:
    """The report as it stands, and the partnership's Word template, if it has one."""
    return report_of(audit.id, now=reading.read_at), saved_template(audit)


def write_report_word(report_and_template: tuple[Report, bytes | None], output: IO[bytes]) -> None:
    """Write the report as a Word file, by our own template if the partnership's cannot be used any more."""
    report, template = report_and_template
    try:
        output.write(report_as_word(report, template))
    except TemplateRefused:
        # An earlier version kept it. Everything else of the archive must not wait for a better one.
        output.write(report_as_word(report))


def write_report_pdf(report_and_template: tuple[Report, bytes | None], output: IO[bytes]) -> None:
    """Write the report as a PDF."""
    output.write(report_as_pdf(report_and_template[0]))


def read_brief(audit: Audit, reading: AuditSnapshot) -> Brief | None:
    """The brief as it stands, a draft or released; None before it is first saved."""
    return None if saved_brief(audit.id) is None else current_brief(audit.id, now=reading.read_at)


def write_brief_pdf(brief: Brief, output: IO[bytes]) -> None:
    """Write the brief's page as a PDF; one that is too long is cut off."""
    output.write(typeset_brief(brief).pdf)


def read_released_brief(audit: Audit, _reading: AuditSnapshot) -> Brief | None:
    """The public version of the brief; None before its release."""
    try:
        return released_brief(audit.id)
    except NotFound:
        return None


def write_brief_slide(brief: Brief, output: IO[bytes]) -> None:
    """Write a released brief as a slide; it was checked to fit its page."""
    output.write(as_brief_slide(brief))


def read_released_report(audit: Audit, _reading: AuditSnapshot) -> bytes | None:
    """The public version of the report; None before its release."""
    try:
        return released_report(audit.id)
    except NotFound:
        return None


def write_bytes(content: bytes, output: IO[bytes]) -> None:
    """Write the stored file."""
    output.write(content)
