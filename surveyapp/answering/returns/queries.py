"""What is outstanding, and how far each return has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answered_and_asked
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Case, Involvement

# What is said with a nil return stands under this name, which no question of a form can have.
NIL_RETURN_QUESTION = "nil-return"
# What a form opens with: a clash is offered where it happened, and a nil return has no answers to the form.
_FORM_ANSWER_KINDS = ("save", "submit", "late")
# What a page kept by itself, until that page is saved.
AUTOSAVE = "autosave"


def _holds_form_answers() -> ColumnElement[bool]:
    """Whether a revision holds answers to the form: a nil return that came too late holds none."""
    nil = exists().where(Answer.revision_id == Revision.id, Answer.question == NIL_RETURN_QUESTION)
    return and_(Revision.kind.in_(_FORM_ANSWER_KINDS), ~nil)


def not_returned() -> ColumnElement[bool]:
    """Whether a request is outstanding: neither withdrawn, nor returned, nor a nil return."""
    has_return = exists().where(Return.request_id == AuditRequest.id, Return.returned_at.is_not(None))
    return and_(AuditRequest.withdrawn_at.is_(None), ~has_return)


def is_undecided_late_text() -> ColumnElement[bool]:
    """Whether a revision came after the close and nobody has decided about it, beside its request."""
    return and_(
        Revision.kind == "late", Return.late_allowed_at.is_(None), AuditRequest.withdrawn_at.is_(None)
    )


def outstanding(grant: Grant) -> list[AuditRequest]:
    """All that a contact has still to return, in the order of the audit's cases."""
    waiting = (
        select(AuditRequest)
        .join(AuditRequest.case)
        .where(AuditRequest.grant_id == grant.id, not_returned())
        .options(contains_eager(AuditRequest.case), joinedload(AuditRequest.agency))
        .order_by(Case.position, Case.id, AuditRequest.id)
    )
    return list(session.scalars(waiting))


def has_outstanding(grant_id: int) -> bool:
    """Whether a grant has anything still to return."""
    waiting = select(AuditRequest.id).where(AuditRequest.grant_id == grant_id, not_returned())
    return session.scalar(waiting.limit(1)) is not None


def return_of(audit_request: AuditRequest) -> Return | None:
    """The return of a request, if anybody has begun it."""
    return session.scalar(select(Return).where(Return.request_id == audit_request.id))


def receipt_of(kept: Return, *, to: str) -> Outbox | None:
    """The last receipt queued about a return to this address, whatever has become of it."""
    queued = select(Outbox).where(
        Outbox.kind == "receipt", Outbox.subject_id == kept.id, Outbox.to_addr == to
    )
    return session.scalar(queued.order_by(Outbox.id.desc()).limit(1))


def revision_answers(revision: Revision | None) -> tuple[GivenAnswer, ...]:
    """The answers a revision holds, as they travel."""
    answers = revision.answers if revision else ()
    return tuple(GivenAnswer(each.question, each.item, each.option, each.text) for each in answers)


def working_revision(kept: Return | None) -> Revision | None:
    """What the form opens with: the newest answers saved or returned, a correction under way included.

    A nil return has no answers to the form, so behind one stands what was saved before it.
    """
    if kept is None:
        return None
    newest = (
        select(Revision)
        .where(Revision.return_id == kept.id, _holds_form_answers())
        .options(selectinload(Revision.answers))
        .order_by(Revision.id.desc())
        .limit(1)
    )
    return session.scalar(newest)


@dataclass(frozen=True)
class FormContents:
    """What the form opens with, and what else was typed on it and never saved, the latest first.

    `revision` is `saved`, or what a page kept of its text since; None before anything was kept.
    """

    revision: Revision | None
    saved: Revision | None
    beside: tuple[Revision, ...]

    @property
    def opens_with_autosave(self) -> bool:
        """Whether the form opens with text that nobody has pressed Save on."""
        return self.revision is not None and self.revision.kind == AUTOSAVE


def form_contents(kept: Return | None) -> FormContents:
    """What the form opens with: a text kept since the last Save goes before what was saved.

    One that was begun before the last Save stands beside it: whoever saved has not seen it. So does a text
    that came after the close, until somebody saves: another person’s may have come later. Two statements.
    """
    if kept is None:
        return FormContents(None, None, ())
    last_saved = select(func.max(Revision.id)).where(Revision.return_id == kept.id, _holds_form_answers())
    found = session.scalars(
        select(Revision)
        .where(
            Revision.return_id == kept.id,
            or_(
                Revision.kind == AUTOSAVE,
                Revision.id == last_saved.scalar_subquery(),
                and_(Revision.kind == "late", Revision.seen_version == kept.version, _holds_form_answers()),
            ),
        )
        .options(selectinload(Revision.answers))
        .order_by(Revision.id.desc())
    ).all()
    saved = next((each for each in found if each.kind != AUTOSAVE), None)
    known = set(revision_answers(saved))
    others = [each for each in found if each is not saved and set(revision_answers(each)) != known]
    typed = next((each for each in others if each.kind == AUTOSAVE), None)
    newest = typed if typed is not None and typed.seen_version == kept.version else None
    return FormContents(newest or saved, saved, tuple(each for each in others if each is not newest))


def returned_revision(kept: Return) -> Revision | None:
    """What counts as returned, with its answers."""
    if kept.returned_at is None or kept.current_revision_id is None:
        return None
    return session.scalar(
        select(Revision)
        .where(Revision.id == kept.current_revision_id)
        .options(selectinload(Revision.answers))
    )


def ended_by_return(passed: Delegation) -> bool:
    """Whether the colleague ended a pass by returning the request, and not by sending it back."""
    theirs = (
        select(Revision.id)
        .join(Return, Return.id == Revision.return_id)
        .where(
            Return.request_id == passed.request_id,
            Revision.grant_id == passed.to_grant_id,
            Revision.kind.in_(("submit", "nil")),
            Revision.created_at == passed.finished_at,
        )
    )
    return passed.finished_at is not None and session.scalar(theirs.limit(1)) is not None


def references_by_request(requests: Sequence[AuditRequest]) -> dict[int, str]:
    """What the agency calls its file, by request; only of audits that ask for a code, and one statement.

    Where staff chose that no code is asked for, nobody sees a reference (stories 4.4).
    """
    wanted = [each.id for each in requests if each.audit.asks_for_code]
    if not wanted:
        return {}
    rows = session.execute(
        select(AuditRequest.id, Involvement.own_reference)
        .join(
            Involvement,
            and_(
                Involvement.case_id == AuditRequest.case_id, Involvement.agency_id == AuditRequest.agency_id
            ),
        )
        .where(AuditRequest.id.in_(wanted), Involvement.own_reference.is_not(None))
    )
    return {request_id: reference for request_id, reference in rows if reference}


@dataclass(frozen=True)
class ReturnProgress:
    """How far one request has come: its return, how many questions are answered, when it was saved last.

    `has_unreturned_changes`: it is returned, and changes were saved since that nobody has returned.
    """

    audit_request: AuditRequest
    kept: Return | None
    answered: int
    questions: int
    saved_at: datetime | None
    has_unreturned_changes: bool = False

    @property
    def has_returned(self) -> bool:
        """Whether it counts as returned, nil or not."""
        return self.kept is not None and self.kept.has_returned

    def has_started_since(self, moment: datetime) -> bool:
        """Whether anything has been saved since a moment, such as that of passing it on."""
        return self.saved_at is not None and self.saved_at >= moment


def return_progress(requests: Sequence[AuditRequest]) -> list[ReturnProgress]:
    """How far each of these requests has come, in the order given; four statements for any number."""
    ids = [audit_request.id for audit_request in requests]
    returns = {
        kept.request_id: kept
        for kept in session.scalars(select(Return).where(Return.request_id.in_(ids)).order_by(Return.id))
    }
    drafts = _drafts([kept.id for kept in returns.values() if not kept.has_returned])
    waiting = _with_unreturned_changes([kept.id for kept in returns.values() if kept.has_returned])
    found = []
    for audit_request in requests:
        kept = returns.get(audit_request.id)
        given, saved_at = drafts.get(kept.id, ((), None)) if kept else ((), None)
        done, of = answered_and_asked(audit_request.audit.form, audit_request.agency.kind, given)
        waits = kept is not None and kept.id in waiting
        found.append(ReturnProgress(audit_request, kept, done, of, saved_at, has_unreturned_changes=waits))
    return found


def _with_unreturned_changes(return_ids: Sequence[int]) -> set[int]:
    """Which of these returns, all returned, have had changes saved since; none where not involved."""
    if not return_ids:
        return set()
    since = exists().where(
        Revision.return_id == Return.id,
        Revision.kind == "save",
        Revision.id > Return.current_revision_id,
    )
    chosen = select(Return.id).where(Return.id.in_(return_ids), Return.nil_reason == "", since)
    return set(session.scalars(chosen))


def _drafts(return_ids: Sequence[int]) -> dict[int, tuple[tuple[GivenAnswer, ...], datetime]]:
    """What the forms of these returns open with, without decrypting what was written."""
    newest = (
        select(func.max(Revision.id))
        .where(Revision.return_id.in_(return_ids), or_(_holds_form_answers(), Revision.kind == AUTOSAVE))
        .group_by(Revision.return_id)
    )
    rows = session.execute(
        select(Revision.return_id, Revision.created_at, Answer.question, Answer.item, Answer.option)
        .outerjoin(Answer, Answer.revision_id == Revision.id)
        .where(Revision.id.in_(newest))
        .order_by(Revision.return_id, Answer.id)
    )
    found: dict[int, tuple[tuple[GivenAnswer, ...], datetime]] = {}
    for return_id, saved_at, question, item, option in rows:
        before, _at = found.get(return_id, ((), saved_at))
        more = (GivenAnswer(question, item or "", option or ""),) if question is not None else ()
        found[return_id] = ((*before, *more), saved_at)
    return found
