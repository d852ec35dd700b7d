"""Queries for a report: what its author has saved, cited quotes and talks with families."""

from typing import Any

from sqlalchemy import func, select

from surveyapp.concluding.models import Finding, FindingQuote
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import FamilyContact
from surveyapp.planning.models import Audit, Case
from surveyapp.report.models import ReportText, SavedReport


def saved_report(audit: Audit) -> SavedReport | None:
    """The author’s details of an audit’s report; None if none were saved."""
    return session.scalar(select(SavedReport).where(SavedReport.audit_id == audit.id))


def saved_template(audit: Audit) -> bytes | None:
    """The partnership’s own Word template for an audit’s report; None: the default."""
    return session.scalar(select(SavedReport.template).where(SavedReport.audit_id == audit.id))


def author_texts(audit: Audit) -> dict[str, ReportText]:
    """The author’s own texts, by section key."""
    texts = select(ReportText).where(ReportText.audit_id == audit.id).order_by(ReportText.section)
    return {text.section: text for text in session.scalars(texts)}


def cited_quote_ids(audit: Audit) -> frozenset[int]:
    """The ids of the quotes that are evidence of a finding of this audit."""
    cited = select(FindingQuote.quote_id).join(Finding, Finding.id == FindingQuote.finding_id)
    return frozenset(session.scalars(cited.where(Finding.audit_id == audit.id)))


def talks_by_state(audit: Audit) -> dict[str, int]:
    """The number of talks with families in each state: offered, agreed, declined, done."""
    states: Any = select(FamilyContact.state, func.count()).join(Case, Case.id == FamilyContact.case_id)
    rows = session.execute(states.where(Case.audit_id == audit.id).group_by(FamilyContact.state))
    return {state: count for state, count in rows}  # noqa: C416 — rows are not pairs to mypy
