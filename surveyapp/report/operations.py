"""Saves what the author of a report types: its details, the text of a section, a Word template."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.planning.models import Audit
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.report.word.template_trial import try_template

# Characters of the author’s own text in one section: about six pages.
LONGEST_AUTHOR_TEXT = 40_000
LONGEST_NAME = 200


@dataclass(frozen=True)
class ReportDetails:
    """The details of a report as a whole; `criteria` and `references` have one entry on each line."""

    author: str = ""
    dated_on: date | None = None
    population: str = ""
    criteria: str = ""
    references: str = ""


def report_details_digest(report: SavedReport | None) -> str:
    """The digest of the details of a report."""
    if report is None:
        return NO_ROW
    return row_digest(
        author=report.author,
        dated_on=report.dated_on,
        population=report.population,
        criteria=report.criteria,
        references=report.references,
    )


def section_text_digest(stored: ReportText | None) -> str:
    """The digest of the author's own paragraphs in one section."""
    return row_digest(text=stored.text) if stored else NO_ROW


def save_report_details(
    audit: Audit, details: ReportDetails, *, seen: str | None = None, actor: str, now: datetime
) -> SavedReport:
    """Save the details of an audit’s report as a whole.

    Raises EditConflict if `seen`, the digest on the page, is not that of the stored details.
    """
    session.refresh(audit, with_for_update=True)
    before = session.scalar(select(SavedReport).where(SavedReport.audit_id == audit.id))
    check_unchanged(
        seen,
        report_details_digest(before),
        message="Somebody else has changed this since you opened it.",
        way_on="Theirs is above and yours is in the boxes: put them together, then save again.",
    )
    report = _report(audit, now)
    report.author, report.dated_on = details.author[:LONGEST_NAME], details.dated_on
    report.population, report.criteria = details.population, details.criteria
    report.references, report.updated_at = details.references, now
    record_event(actor, "saved_report", f"audit {audit.id}", now=now)
    return report


def _report(audit: Audit, now: datetime) -> SavedReport:
    # The lock keeps two first saves at once from adding two rows.
    session.refresh(audit, with_for_update=True)
    report = session.scalar(select(SavedReport).where(SavedReport.audit_id == audit.id))
    if report is None:
        report = SavedReport(audit_id=audit.id, updated_at=now)
        session.add(report)
        session.flush()
    return report


def save_section_text(  # noqa: PLR0913 — each is one thing the press brings
    audit: Audit, section: str, text: str, *, seen: str, actor: str, now: datetime
) -> ReportText | None:
    """Save the author’s own text of one section; an empty text deletes it.

    Raises EditConflict if `seen`, the digest on the page, is not that of the stored text.
    """
    session.refresh(audit, with_for_update=True)
    report_text = session.scalar(
        select(ReportText).where(ReportText.audit_id == audit.id, ReportText.section == section)
    )
    if report_text is not None and report_text.text == text:
        return report_text
    check_unchanged(
        seen,
        section_text_digest(report_text),
        message="Somebody else has changed this section since you opened it.",
        way_on="Their text is above the box and yours is in it: put them together, then save again.",
    )
    if not text.strip():
        if report_text is not None:
            session.delete(report_text)
            record_event(actor, "removed_report_text", f"audit {audit.id}", section, now=now)
        return None
    if report_text is None:
        report_text = ReportText(audit_id=audit.id, section=section)
        session.add(report_text)
    report_text.text, report_text.updated_at = text, now
    record_event(actor, "saved_report_text", f"audit {audit.id}", section, now=now)
    return report_text


def save_template(audit: Audit, name: str, content: bytes, *, actor: str, now: datetime) -> tuple[str, ...]:
    """Save the partnership’s own Word template for an audit’s report, after filling it with a sample report.

    Returns sentences on what the template leaves out. Raises TemplateRefused, which names the tag that failed
    or the content that is not allowed.
    """
    trial = try_template(content)
    report = _report(audit, now)
    report.template, report.template_name, report.updated_at = trial.content, name[:LONGEST_NAME], now
    record_event(actor, "kept_report_template", f"audit {audit.id}", now=now)
    return trial.notices


def remove_template(audit: Audit, *, actor: str, now: datetime) -> bool:
    """Remove the partnership’s template from an audit’s report; False if there is none."""
    report = _report(audit, now)
    if not report.template_name:
        return False
    report.template, report.template_name, report.updated_at = None, "", now
    record_event(actor, "removed_report_template", f"audit {audit.id}", now=now)
    return True
