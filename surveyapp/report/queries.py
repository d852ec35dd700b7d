"""What a report reads beside the figures: who was asked, what was gathered, what was concluded."""

from typing import Any

from sqlalchemy import func, select

from surveyapp.concluding.models import Finding, FindingQuote
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import (
    FamilyContact,
)
from surveyapp.planning.models import Audit, Case
from surveyapp.report.models import ReportText, SavedReport


def saved_report(audit: Audit) -> SavedReport | None:
    """What was said of an audit's report as a whole, if anything."""
    return session.scalar(select(SavedReport).where(SavedReport.audit_id == audit.id))


def saved_template(audit: Audit) -> bytes | None:
    """The partnership's own Word template for an audit's report; None for ours."""
    return session.scalar(select(SavedReport.template).where(SavedReport.audit_id == audit.id))


def author_texts(audit: Audit) -> dict[str, ReportText]:
    """The author's own paragraphs, by section."""
    found = select(ReportText).where(ReportText.audit_id == audit.id).order_by(ReportText.section)
    return {each.section: each for each in session.scalars(found)}


def cited_quote_ids(audit: Audit) -> frozenset[int]:
    """The quotes that a finding of this audit rests on."""
    chosen = select(FindingQuote.quote_id).join(Finding, Finding.id == FindingQuote.finding_id)
    return frozenset(session.scalars(chosen.where(Finding.audit_id == audit.id)))


def talks_by_state(audit: Audit) -> dict[str, int]:
    """How many talks with families stand how: offered, agreed, declined, done."""
    chosen: Any = select(FamilyContact.state, func.count()).join(Case, Case.id == FamilyContact.case_id)
    rows = session.execute(chosen.where(Case.audit_id == audit.id).group_by(FamilyContact.state))
    return {state: count for state, count in rows}  # noqa: C416 — rows are not pairs to mypy
