"""Queries for a report: what its author has saved, cited quotes and talks with families."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, or_, select

from surveyapp.concluding.models import Action, Finding, FindingQuote, Recommendation
from surveyapp.foundation.store.db import session
from surveyapp.gathering.comment_index import reading_counts
from surveyapp.gathering.models import FamilyContact, Narrative
from surveyapp.planning.models import Audit, Case
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.sampling.models import Sampling


def saved_report(audit: Audit) -> SavedReport | None:
    """The author’s details of an audit’s report; None if none were saved."""
    return session.scalar(select(SavedReport).where(SavedReport.audit_id == audit.id))


@dataclass(frozen=True)
class ReportCounts:
    """What the outline of a report says of its sections: how much is there, and how much is left."""

    unread: int
    findings: int
    findings_without_action: int
    recommendations: int
    has_sample: bool
    has_case_example: bool


def report_counts(audit: Audit) -> ReportCounts:
    """The counts for the outline of an audit’s report. One statement."""
    findings = select(func.count()).where(Finding.audit_id == audit.id)
    # An action answers a finding, or a recommendation made from it.
    answered = or_(
        Action.finding_id == Finding.id,
        Action.recommendation_id.in_(
            select(Recommendation.id).where(Recommendation.finding_id == Finding.id)
        ),
    )
    # Before issue there is no comment, and the form is still a file that may have mistakes.
    reading = reading_counts(audit).c if audit.is_issued else None
    row = session.execute(
        select(
            reading.total - reading.read if reading is not None else literal(0),
            findings.scalar_subquery(),
            findings.where(~select(Action.id).where(answered).exists()).scalar_subquery(),
            select(func.count()).where(Recommendation.audit_id == audit.id).scalar_subquery(),
            select(func.count()).where(Sampling.audit_id == audit.id).scalar_subquery(),
            select(func.count())
            .where(Narrative.audit_id == audit.id, Narrative.kind == "case_example")
            .scalar_subquery(),
        )
    ).one()
    return ReportCounts(row[0], row[1], row[2], row[3], bool(row[4]), bool(row[5]))


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
