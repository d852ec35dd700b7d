"""What a report reads beside the figures: who was asked, what was gathered, what was concluded."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.answering.models import Return
from surveyapp.concluding.models import Finding, FindingQuote
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import (
    FamilyContact,
)
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case
from surveyapp.report.models import ReportText, SavedReport


@dataclass(frozen=True)
class AgencyReturns:
    """One agency, and how many of its requests came back; withdrawn ones are in neither number."""

    name: str
    kind: str
    requests: int
    returned: int
    nil: int


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


def returns_by_agency(audit: Audit) -> list[AgencyReturns]:
    """Each agency that was asked, by the order of kinds and its name."""
    came = case((Return.returned_at.is_not(None), 1), else_=0)
    nil = case((and_(Return.returned_at.is_not(None), Return.nil_reason != ""), 1), else_=0)
    chosen: Any = select(Agency.name, Agency.kind, func.count(), func.sum(came), func.sum(nil))
    rows = session.execute(
        chosen.select_from(AuditRequest)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None))
        .group_by(Agency.id, Agency.name, Agency.kind)
    )
    found = [AgencyReturns(*row) for row in rows]
    return sorted(found, key=lambda each: (list(AGENCY_KINDS).index(each.kind), each.name))


def cited_quote_ids(audit: Audit) -> frozenset[int]:
    """The quotes that a finding of this audit rests on."""
    chosen = select(FindingQuote.quote_id).join(Finding, Finding.id == FindingQuote.finding_id)
    return frozenset(session.scalars(chosen.where(Finding.audit_id == audit.id)))


def talks_by_state(audit: Audit) -> dict[str, int]:
    """How many talks with families stand how: offered, agreed, declined, done."""
    chosen: Any = select(FamilyContact.state, func.count()).join(Case, Case.id == FamilyContact.case_id)
    rows = session.execute(chosen.where(Case.audit_id == audit.id).group_by(FamilyContact.state))
    return {state: count for state, count in rows}
