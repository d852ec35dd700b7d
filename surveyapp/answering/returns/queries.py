"""What is outstanding, and how far each return has come."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation

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
