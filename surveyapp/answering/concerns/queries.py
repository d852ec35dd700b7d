"""The current practice concerns of an audit, their outcomes, and the report's sentence about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import contains_eager

from surveyapp.answering.models import Concern, Return, Revision
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit

# What a contact reads on the form and the list until the email about their concern has been sent.
NOT_TOLD = "The partnership has not been told yet"


@dataclass(frozen=True)
class RaisedConcern:
    """One concern, the case it is about, and who wrote its outcome, by the name in the event log."""

    concern: Concern
    case_id: int
    written_by: str = ""

    @property
    def is_taken_back(self) -> bool:
        """Whether the auditor has taken it back."""
        return self.concern.taken_back_at is not None

    @property
    def has_outcome(self) -> bool:
        """Whether staff have written its outcome; one written before it was raised again does not count."""
        written_at = self.concern.outcome_at
        return written_at is not None and written_at >= self.concern.raised_at

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for its outcome and has not been taken back."""
        return not self.is_taken_back and not self.has_outcome


def waits_for_outcome() -> ColumnElement[bool]:
    """`RaisedConcern.is_waiting` in SQL."""
    unwritten = or_(Concern.outcome_at.is_(None), Concern.outcome_at < Concern.raised_at)
    return and_(Concern.taken_back_at.is_(None), unwritten)


_CONCERN_OF = select(Concern).where(Concern.request_id == bindparam("request_id"))


def concern_of_request(request_id: int) -> Concern | None:
    """The concern of a request, open or taken back; None if it never had one."""
    return session.scalar(_CONCERN_OF, {"request_id": request_id})


def emails_about(kind: str, concern_id: int) -> int:
    """How many emails of a kind have been queued about a concern, whatever became of them."""
    emails = select(func.count()).where(Outbox.kind == kind, Outbox.subject_id == concern_id)
    return session.scalar(emails) or 0


def is_believed_open(concern_id: int) -> bool:
    """Whether the last email about a concern that left, or is to leave, says that it was raised."""
    about = select(Outbox.kind).where(
        Outbox.kind.in_(("concern", "concern_taken_back")),
        Outbox.subject_id == concern_id,
        Outbox.state.in_(("queued", "sending", "sent", "doubtful")),
    )
    return session.scalar(about.order_by(Outbox.id.desc()).limit(1)) == "concern"


def is_told_by_request(request_ids: Sequence[int]) -> dict[int, bool]:
    """Whether the partnership has been told of the concern about each request, in one statement.

    True once the email about an open concern was sent; False while it was not, and while a ticked concern
    stands in text that nobody has saved yet. Requests without a concern are left out.
    """
    told: dict[int, bool] = {}
    for request_id, is_told in session.execute(_TOLD, {"request_ids": list(request_ids)}):
        told[request_id] = bool(is_told) and told.get(request_id, True)
    return told


def _told() -> CompoundSelect[int, bool]:
    """Select whether the email was sent of each open concern, and false of each tick that is only kept."""
    is_sent = exists().where(
        Outbox.kind == "concern",
        Outbox.subject_id == Concern.id,
        Outbox.state == "sent",
        Outbox.created_at >= Concern.raised_at,
    )
    of_requests: BindParameter[Sequence[int]] = bindparam("request_ids", expanding=True)
    open_concerns = select(Concern.request_id, is_sent).where(
        Concern.request_id.in_(of_requests), Concern.taken_back_at.is_(None)
    )
    kept_ticks = (
        select(Return.request_id, false())
        .join(Revision, Revision.return_id == Return.id)
        .where(Return.request_id.in_(of_requests), Revision.concern_since.is_not(None))
    )
    return union_all(open_concerns, kept_ticks)


_TOLD = _told()


def told_in_words(*, is_told: bool | None) -> str:
    """Whether the partnership has been told of a concern, for the contact; empty if there is no concern."""
    if is_told is None:
        return ""
    return "The partnership has been told by email." if is_told else f"{NOT_TOLD}."


def concerns_of(audit: Audit) -> list[RaisedConcern]:
    """Every concern raised in an audit, first those that wait, then the newest; two statements."""
    newest = _with_requests(audit.id).order_by(Concern.raised_at.desc(), Concern.id.desc())
    concerns = session.scalars(newest).all()
    written_by = _outcome_authors(concerns)
    raised = [
        RaisedConcern(
            concern, concern.audit_request.case_id, written_by.get(f"request {concern.request_id}", "")
        )
        for concern in concerns
    ]
    return sorted(raised, key=lambda concern: not concern.is_waiting)


def concern_of(audit_id: int, request_id: int) -> RaisedConcern:
    """The concern of one request of an audit. Raises NotFound if there is none."""
    concern = session.scalar(_with_requests(audit_id).where(AuditRequest.id == request_id))
    if concern is None:
        raise NotFound
    written_by = _outcome_authors([concern]).get(f"request {concern.request_id}", "")
    return RaisedConcern(concern, concern.audit_request.case_id, written_by)


def _with_requests(audit_id: int) -> Select[Concern]:
    with_request = contains_eager(Concern.audit_request)
    return (
        select(Concern)
        .join(Concern.audit_request)
        .where(AuditRequest.audit_id == audit_id)
        .options(with_request.joinedload(AuditRequest.case), with_request.joinedload(AuditRequest.agency))
    )


def _outcome_authors(concerns: Iterable[Concern]) -> dict[str, str]:
    """Who last wrote the outcome of each of these concerns, by the event's object, such as "request 12"."""
    about = [f"request {concern.request_id}" for concern in concerns if concern.outcome_at is not None]
    if not about:
        return {}
    written = select(Event.object, Event.actor).where(
        Event.action == "wrote_concern_outcome", Event.object.in_(about)
    )
    return {row[0]: row[1] for row in session.execute(written.order_by(Event.id))}


def requests_with_concern(audit: Audit) -> set[int]:
    """Ids of the requests of an audit with a concern that has not been taken back."""
    requests = select(Concern.request_id).join(AuditRequest, AuditRequest.id == Concern.request_id)
    return set(
        session.scalars(requests.where(AuditRequest.audit_id == audit.id, Concern.taken_back_at.is_(None)))
    )


@dataclass(frozen=True)
class ConcernCounts:
    """Concerns not taken back, those of them that wait for an outcome, their cases and the referred cases."""

    raised: int
    waiting: int
    cases: int
    referred: int


def counts_of(concerns: Iterable[RaisedConcern]) -> ConcernCounts:
    """The counts in the report's sentence.

    Concerns that were taken back are left out. One concern with a referral makes its case a referred one.
    """
    open_concerns = [concern for concern in concerns if not concern.is_taken_back]
    referred = [concern for concern in open_concerns if concern.has_outcome and concern.concern.was_referred]
    return ConcernCounts(
        raised=len(open_concerns),
        waiting=sum(concern.is_waiting for concern in open_concerns),
        cases=len({concern.case_id for concern in open_concerns}),
        referred=len({concern.case_id for concern in referred}),
    )


def concerns_in_words(concerns: Iterable[RaisedConcern]) -> str:
    """The report's sentence on current practice concerns, by case, as in R2014 2.1.10."""
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
