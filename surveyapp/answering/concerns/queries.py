"""The current practice concerns of an audit: which were raised, what came of them, the report's sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import contains_eager

from surveyapp.answering.models import Concern
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class RaisedConcern:
    """One concern: which child's, and who wrote its outcome, by the name that events keep."""

    concern: Concern
    case_id: int
    written_by: str = ""

    @property
    def is_taken_back(self) -> bool:
        """Whether the auditor has taken it back."""
        return self.concern.taken_back_at is not None

    @property
    def has_outcome(self) -> bool:
        """Whether staff have said what came of it; what they said of an earlier raising does not count."""
        written_at = self.concern.outcome_at
        return written_at is not None and written_at >= self.concern.raised_at

    @property
    def is_waiting(self) -> bool:
        """Whether it stands and waits for its outcome."""
        return not self.is_taken_back and not self.has_outcome


def waits_for_outcome() -> ColumnElement[bool]:
    """`Raised.is_waiting` in SQL."""
    unwritten = or_(Concern.outcome_at.is_(None), Concern.outcome_at < Concern.raised_at)
    return and_(Concern.taken_back_at.is_(None), unwritten)


def concerns_of(audit: Audit) -> list[RaisedConcern]:
    """Every concern raised in an audit, those that wait first, then the newest; two statements."""
    newest = _with_requests(audit.id).order_by(Concern.raised_at.desc(), Concern.id.desc())
    found = session.scalars(newest).all()
    written_by = _outcome_authors(found)
    raised = [
        RaisedConcern(each, each.audit_request.case_id, written_by.get(f"request {each.request_id}", ""))
        for each in found
    ]
    return sorted(raised, key=lambda each: not each.is_waiting)


def concern_of(audit_id: int, request_id: int) -> RaisedConcern:
    """The concern of one request of an audit. Raises NotFound where there is none."""
    found = session.scalar(_with_requests(audit_id).where(AuditRequest.id == request_id))
    if found is None:
        raise NotFound
    return RaisedConcern(
        found, found.audit_request.case_id, _outcome_authors([found]).get(f"request {found.request_id}", "")
    )


def _with_requests(audit_id: int) -> Select[Concern]:
    mine = contains_eager(Concern.audit_request)
    return (
        select(Concern)
        .join(Concern.audit_request)
        .where(AuditRequest.audit_id == audit_id)
        .options(mine.joinedload(AuditRequest.case), mine.joinedload(AuditRequest.agency))
    )


def _outcome_authors(concerns: Iterable[Concern]) -> dict[str, str]:
    """Who wrote the outcome that stands, by "request 12": the last to have written one."""
    about = [f"request {each.request_id}" for each in concerns if each.outcome_at is not None]
    if not about:
        return {}
    written = select(Event.object, Event.actor).where(
        Event.action == "wrote_concern_outcome", Event.object.in_(about)
    )
    return {row[0]: row[1] for row in session.execute(written.order_by(Event.id))}


def requests_with_concern(audit: Audit) -> set[int]:
    """The numbers of the requests of an audit about which a concern stands."""
    standing = select(Concern.request_id).join(AuditRequest, AuditRequest.id == Concern.request_id)
    return set(
        session.scalars(standing.where(AuditRequest.audit_id == audit.id, Concern.taken_back_at.is_(None)))
    )


@dataclass(frozen=True)
class ConcernCounts:
    """How many concerns stand and how many of them wait; about how many cases, of which so many referred."""

    raised: int
    waiting: int
    cases: int
    referred: int


def counts_of(concerns: Iterable[RaisedConcern]) -> ConcernCounts:
    """What the report's sentence counts.

    What was taken back is not in it. A case counts as referred once one concern about it was.
    """
    standing = [each for each in concerns if not each.is_taken_back]
    return ConcernCounts(
        raised=len(standing),
        waiting=sum(each.is_waiting for each in standing),
        cases=len({each.case_id for each in standing}),
        referred=len({each.case_id for each in standing if each.has_outcome and each.concern.was_referred}),
    )


def concerns_in_words(concerns: Iterable[RaisedConcern]) -> str:
    """The report's sentence on current practice concerns, out of cases, as R2014 2.1.10 has it."""
    counts = counts_of(concerns)
    count, waiting = counts.raised, counts.waiting
    if not count:
        return "No auditor raised a current practice concern."
    were = counted(count, "current practice concern was", "current practice concerns were")
    raised = f"{were} raised, about {counted(counts.cases, 'case')}."
    outcome = _referred(counts.referred, counts.cases)
    if not waiting:
        return f"{raised} {outcome}"
    if waiting == count:
        return f"{raised} {'It waits' if count == 1 else 'All of them wait'} for an outcome."
    wait = f"{waiting} of them {'waits' if waiting == 1 else 'wait'} for an outcome."
    return f"{raised} {wait} So far {outcome[:1].lower()}{outcome[1:]}"


def _referred(referred: int, cases: int) -> str:
    if cases == 1:
        return f"The case {'was referred' if referred else 'did not need referring'} for immediate action."
    if not referred:
        return "None of the cases needed referring for immediate action."
    if referred == cases:
        return "All of the cases were referred for immediate action."
    were = "was" if referred == 1 else "were"
    return f"{referred} of the {cases} cases {were} referred for immediate action."
