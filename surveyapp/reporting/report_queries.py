"""What a report reads beside the figures: who was asked, what was gathered, what was concluded."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.agencies.models import KINDS, Agency
from surveyapp.answering.models import Return
from surveyapp.collating.filters import Filters
from surveyapp.collating.models import Benchmark
from surveyapp.collating.queries import with_answers
from surveyapp.concluding.models import Action, Conclusion, Finding, FindingQuote, Recommendation
from surveyapp.foundation.db import session
from surveyapp.gathering.models import (
    CONCERN,
    SOURCES,
    STRENGTH,
    Attendance,
    FamilyContact,
    Narrative,
    PracticeTheme,
    Quote,
    ReadComment,
    ReadCommentTheme,
    Workshop,
)
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case
from surveyapp.reporting.models import Report, ReportText
from surveyapp.reporting.report_parts import Quoted


@dataclass(frozen=True)
class AgencyAsked:
    """One agency, and how many of its requests came back; withdrawn ones are in neither number."""

    name: str
    kind: str
    requests: int
    returned: int
    nil: int


@dataclass(frozen=True)
class ThemeMentioned:
    """In how many returns the comments speak of a theme, and how often as a strength or a concern."""

    name: str
    returns: int
    strengths: int
    concerns: int


def report_of_audit(audit: Audit) -> Report | None:
    """What was said of an audit's report as a whole, if anything."""
    return session.scalar(select(Report).where(Report.audit_id == audit.id))


def template_of(audit: Audit) -> bytes | None:
    """The partnership's own Word template for an audit's report; None for ours."""
    return session.scalar(select(Report.template).where(Report.audit_id == audit.id))


def own_texts(audit: Audit) -> dict[str, ReportText]:
    """The author's own paragraphs, by section."""
    found = select(ReportText).where(ReportText.audit_id == audit.id).order_by(ReportText.section)
    return {each.section: each for each in session.scalars(found)}


def cases_in_order(audit: Audit) -> list[Case]:
    """The cases of an audit, in their order."""
    return list(
        session.scalars(select(Case).where(Case.audit_id == audit.id).order_by(Case.position, Case.id))
    )


def agencies_with_returns(audit: Audit) -> list[AgencyAsked]:
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
    found = [AgencyAsked(*row) for row in rows]
    return sorted(found, key=lambda each: (list(KINDS).index(each.kind), each.name))


def returns_with_answers(audit: Audit) -> int:
    """How many returns stand behind the figures: those with answers, and not withdrawn."""
    chosen: Any = select(func.count())
    return session.scalar(with_answers(chosen, audit, Filters())) or 0


def quotes_cited(audit: Audit) -> frozenset[int]:
    """The quotes that a finding of this audit rests on."""
    chosen = select(FindingQuote.quote_id).join(Finding, Finding.id == FindingQuote.finding_id)
    return frozenset(session.scalars(chosen.where(Finding.audit_id == audit.id)))


def benchmark_of(audit: Audit) -> Benchmark | None:
    """The places an audit is compared with, if it has them."""
    return session.scalar(select(Benchmark).where(Benchmark.audit_id == audit.id))


def workshops_of(audit: Audit) -> list[Workshop]:
    """The workshops of an audit with who came, in the order in which they were held."""
    who = selectinload(Workshop.attendances).joinedload(Attendance.agency)
    chosen = select(Workshop).where(Workshop.audit_id == audit.id).options(who)
    return list(session.scalars(chosen.order_by(Workshop.held_on, Workshop.id)))


def talks_by_state(audit: Audit) -> dict[str, int]:
    """How many talks with families stand how: offered, agreed, declined, done."""
    chosen: Any = select(FamilyContact.state, func.count()).join(Case, Case.id == FamilyContact.case_id)
    rows = session.execute(chosen.where(Case.audit_id == audit.id).group_by(FamilyContact.state))
    return {state: count for state, count in rows}  # noqa: C416 — rows are not pairs to mypy


def narratives_of(audit: Audit) -> dict[str, Narrative]:
    """The longer texts of an audit, by kind."""
    chosen = select(Narrative).where(Narrative.audit_id == audit.id).options(joinedload(Narrative.case))
    return {each.kind: each for each in session.scalars(chosen.order_by(Narrative.id))}


def quotes_of(audit: Audit) -> dict[int, tuple[str, Quoted]]:
    """The quotes chosen, by their ids: the question each stands with, and how it prints.

    Auditors first, then practitioners, then parents; within each in the order in which they were chosen.
    """
    chosen: Any = select(Quote, Agency.kind)
    rows = session.execute(
        chosen.outerjoin(ReadComment, ReadComment.id == Quote.read_comment_id)
        .outerjoin(AuditRequest, AuditRequest.id == ReadComment.request_id)
        .outerjoin(Agency, Agency.id == AuditRequest.agency_id)
        .where(Quote.audit_id == audit.id)
    )
    order = list(SOURCES)
    found = sorted(rows, key=lambda row: (order.index(row[0].source), row[0].id))
    return {quote.id: (quote.question, _printed(quote, kind)) for quote, kind in found}


def _printed(quote: Quote, agency_kind: str | None) -> Quoted:
    source = SOURCES[quote.source]
    if quote.names_agency_kind and agency_kind:
        source = f"{source}, {KINDS.get(agency_kind, agency_kind)}"
    return Quoted(quote.printed, source)


def themes_mentioned(audit: Audit) -> list[ThemeMentioned]:
    """In how many returns comments speak of each theme of practice, in the audit's own order of themes.

    Only returns that count: with answers, and not withdrawn. A theme nobody mentions is left out.
    """
    chosen: Any = select(PracticeTheme.id, PracticeTheme.name, ReadComment.request_id, ReadComment.judgement)
    rows = session.execute(
        chosen.join(ReadCommentTheme, ReadCommentTheme.theme_id == PracticeTheme.id)
        .join(ReadComment, ReadComment.id == ReadCommentTheme.read_comment_id)
        .join(AuditRequest, AuditRequest.id == ReadComment.request_id)
        .join(Return, Return.request_id == AuditRequest.id)
        .where(
            PracticeTheme.audit_id == audit.id,
            AuditRequest.withdrawn_at.is_(None),
            Return.returned_at.is_not(None),
            Return.nil_reason == "",
        )
        .order_by(PracticeTheme.position, PracticeTheme.id)
    )
    names: dict[int, str] = {}
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for theme_id, name, request_id, judgement in rows:
        names[theme_id] = name
        found[theme_id].append((request_id, judgement))
    return [
        ThemeMentioned(
            names[theme_id],
            len({request for request, _ in said}),
            len({request for request, judgement in said if judgement == STRENGTH}),
            len({request for request, judgement in said if judgement == CONCERN}),
        )
        for theme_id, said in found.items()
    ]


def findings_of(audit: Audit) -> list[Finding]:
    """The findings of an audit with their evidence, in their order."""
    evidence = (
        selectinload(Finding.questions),
        selectinload(Finding.themes),
        selectinload(Finding.quotes).load_only(Quote.id),
    )
    chosen = select(Finding).where(Finding.audit_id == audit.id).options(*evidence)
    return list(session.scalars(chosen.order_by(Finding.position, Finding.id)))


def recommendations_of(audit: Audit) -> list[Recommendation]:
    """The recommendations of an audit, in their order, each with what it repeats."""
    repeated = joinedload(Recommendation.repeated_from).joinedload(Recommendation.audit)
    chosen = select(Recommendation).where(Recommendation.audit_id == audit.id).options(repeated)
    return list(session.scalars(chosen.order_by(Recommendation.position, Recommendation.id)))


def actions_of(audit: Audit) -> list[Action]:
    """The action plan, by the day each step is due."""
    chosen = select(Action).where(Action.audit_id == audit.id).options(joinedload(Action.agency))
    return list(session.scalars(chosen.order_by(Action.due_on, Action.id)))


def conclusion_of(audit: Audit) -> Conclusion | None:
    """What holds for an audit's conclusions as a whole, if anything was said."""
    return session.scalar(select(Conclusion).where(Conclusion.audit_id == audit.id))
