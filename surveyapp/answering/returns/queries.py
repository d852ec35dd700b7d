"""The revisions of a return: the one that counts, the one in the form as it opens; and the receipt."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answers_by_question
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation

# The question under which the reason for a nil return is stored; no question of a form can have this name.
NIL_RETURN_QUESTION = "nil-return"
# The kinds of revision with which a form may open. Not a clash, which is shown on the page where it
# happened, and not a nil return, which has no answers.
_FORM_ANSWER_KINDS = ("save", "submit", "late")
# The kind of a revision that a page stored by itself, until it is saved.
AUTOSAVE = "autosave"


def _holds_form_answers() -> ColumnElement[bool]:
    """SQL: whether a revision holds answers to the form; a late nil return holds none."""
    nil = exists().where(Answer.revision_id == Revision.id, Answer.question == NIL_RETURN_QUESTION)
    return and_(Revision.kind.in_(_FORM_ANSWER_KINDS), ~nil)


# The statements of a whole return are built once: building one takes longer than running it.
_RETURN_OF = select(Return).where(Return.request_id == bindparam("request_id"))
_LAST_WITH_FORM_ANSWERS = (
    select(func.max(Revision.id))
    .where(Revision.return_id == bindparam("return_id"), _holds_form_answers())
    .scalar_subquery()
)
_WORKING_REVISION_ID = select(_LAST_WITH_FORM_ANSWERS)
_WORKING_REVISION = (
    select(Revision).where(Revision.id == _LAST_WITH_FORM_ANSWERS).options(joinedload(Revision.answers))
)
_FORM_CONTENTS = (
    select(Revision)
    .where(
        Revision.return_id == bindparam("return_id"),
        or_(
            Revision.kind == AUTOSAVE,
            Revision.id == _LAST_WITH_FORM_ANSWERS,
            and_(
                Revision.kind == "late",
                Revision.seen_version == bindparam("version"),
                _holds_form_answers(),
            ),
        ),
    )
    .options(joinedload(Revision.answers))
    .order_by(Revision.id.desc())
)


_RECEIPT_OF = (
    select(Outbox)
    .where(
        Outbox.kind == "receipt",
        Outbox.subject_id == bindparam("return_id"),
        Outbox.to_addr == bindparam("address"),
    )
    .order_by(Outbox.id.desc())
    .limit(1)
)


def return_of(audit_request: AuditRequest) -> Return | None:
    """The return of a request, or None if nobody has begun it."""
    return session.scalar(_RETURN_OF, {"request_id": audit_request.id})


def receipt_of(audit_return: Return, *, to: str) -> Outbox | None:
    """The last receipt for a return that was queued to this address, whether or not it was delivered."""
    return session.scalar(_RECEIPT_OF, {"return_id": audit_return.id, "address": to})


def revision_answers(revision: Revision | None) -> tuple[GivenAnswer, ...]:
    """The answers stored in a revision, as values; empty for None."""
    stored = revision.answers if revision else ()
    return tuple(GivenAnswer(answer.question, answer.item, answer.option, answer.text) for answer in stored)


def autosaves(audit_return: Return) -> list[Revision]:
    """The texts that pages of a return keep without a Save, with their answers, oldest first."""
    kept = select(Revision).where(Revision.return_id == audit_return.id, Revision.kind == AUTOSAVE)
    return list(session.scalars(kept.options(selectinload(Revision.answers)).order_by(Revision.id)))


def kept_texts(audit_return: Return, *, without: Collection[str] = ()) -> list[tuple[GivenAnswer, ...]]:
    """The answers of every autosave of a return, but for the autosaves with these ids."""
    return [
        revision_answers(autosave)
        for autosave in autosaves(audit_return)
        if autosave.submission_id not in without
    ]


def working_revision(audit_return: Return | None) -> Revision | None:
    """The newest revision with answers to the form; after a nil return, the one saved before it."""
    if audit_return is None:
        return None
    return session.scalars(_WORKING_REVISION, {"return_id": audit_return.id}).unique().one_or_none()


def working_revision_id(audit_return: Return) -> int | None:
    """The id of the `working_revision`; None if there is none."""
    return session.scalar(_WORKING_REVISION_ID, {"return_id": audit_return.id})


def answers_seen(audit_return: Return, version: int) -> tuple[GivenAnswer, ...] | None:
    """The saved answers of a return at this version, as a page opened at that time showed them.

    Empty for the time before the first Save. None if they cannot be told: no such version has been, or text
    saved after the close may have been in the form.
    """
    if version > audit_return.version:
        return None
    of_return = select(Revision).where(Revision.return_id == audit_return.id).order_by(Revision.id.desc())
    # A revision that counts makes the version after the one its page saw (promises 3.7).
    seen = session.scalar(
        of_return.where(Revision.kind.in_(("save", "submit")), Revision.seen_version < version)
        .options(selectinload(Revision.answers))
        .limit(1)
    )
    last_late = session.scalar(of_return.where(Revision.kind == "late", _holds_form_answers()).limit(1))
    if last_late is not None and (seen is None or last_late.id > seen.id):
        return None
    return revision_answers(seen)


@dataclass(frozen=True)
class PutTogether:
    """The answers of an older page put together with those saved since.

    `changed` are the ids of the questions that were changed on the page, `conflicting` of those that were
    also changed, and differently, in what is saved.
    """

    answers: tuple[GivenAnswer, ...]
    changed: frozenset[str]
    conflicting: frozenset[str]


def put_together(
    seen: Iterable[GivenAnswer] | None, mine: Iterable[GivenAnswer], saved: Iterable[GivenAnswer]
) -> PutTogether:
    """Compare an older page with what is saved now, question by question; an answer includes its comment.

    `seen` are the answers with which the page was opened, `mine` those it sent, `saved` those saved since. A
    question that was not changed on the page has the saved answer, any other the page's. If `seen` is None,
    every question counts as changed in both.
    """
    on_page, now_saved = answers_by_question(mine), answers_by_question(saved)
    before = None if seen is None else answers_by_question(seen)
    questions = dict.fromkeys((*on_page, *now_saved, *(before or {})))

    def changed_in(version: dict[str, tuple[GivenAnswer, ...]]) -> frozenset[str]:
        return frozenset(name for name in questions if before is None or _differ(before, version, name))

    changed = changed_in(on_page)
    conflicting = frozenset(
        name for name in changed & changed_in(now_saved) if _differ(on_page, now_saved, name)
    )
    answers = (
        answer for name in questions for answer in (on_page if name in changed else now_saved).get(name, ())
    )
    return PutTogether(tuple(answers), changed, conflicting)


def _differ(
    one: dict[str, tuple[GivenAnswer, ...]], other: dict[str, tuple[GivenAnswer, ...]], question: str
) -> bool:
    return set(one.get(question, ())) != set(other.get(question, ()))


@dataclass(frozen=True)
class FormContents:
    """The revision with which the form opens, the last saved one, and other unsaved texts, the newest first.

    `revision` is `saved` or a later autosave; None if nothing has been stored.
    """

    revision: Revision | None
    saved: Revision | None
    beside: tuple[Revision, ...]

    @property
    def opens_with_autosave(self) -> bool:
        """Whether the form opens with text on which nobody has pressed Save."""
        return self.revision is not None and self.revision.kind == AUTOSAVE


def form_contents(audit_return: Return | None) -> FormContents:
    """The revisions with which the form opens, read in one statement.

    An autosave newer than the last Save comes first. Autosaves begun before that Save are listed in `beside`,
    since whoever saved has not seen them. So are texts saved after the close, until the next Save.
    """
    if audit_return is None:
        return FormContents(None, None, ())
    parameters = {"return_id": audit_return.id, "version": audit_return.version}
    revisions = session.scalars(_FORM_CONTENTS, parameters).unique().all()
    saved = next((revision for revision in revisions if revision.kind != AUTOSAVE), None)
    saved_answers = set(revision_answers(saved))
    others = [
        revision
        for revision in revisions
        if revision is not saved and set(revision_answers(revision)) != saved_answers
    ]
    newest_autosave = next((revision for revision in others if revision.kind == AUTOSAVE), None)
    opening_autosave = (
        newest_autosave
        if newest_autosave is not None and newest_autosave.seen_version == audit_return.version
        else None
    )
    return FormContents(
        opening_autosave or saved,
        saved,
        tuple(revision for revision in others if revision is not opening_autosave),
    )


def returned_revision(audit_return: Return) -> Revision | None:
    """The revision that counts as returned, with its answers; None if nothing is returned."""
    if audit_return.returned_at is None or audit_return.current_revision_id is None:
        return None
    return session.scalar(
        select(Revision)
        .where(Revision.id == audit_return.current_revision_id)
        .options(selectinload(Revision.answers))
    )


def ended_by_return(delegation: Delegation) -> bool:
    """Whether a delegation ended because the colleague returned the case, rather than sending it back."""
    by_colleague = (
        select(Revision.id)
        .join(Return, Return.id == Revision.return_id)
        .where(
            Return.request_id == delegation.request_id,
            Revision.grant_id == delegation.to_grant_id,
            Revision.kind.in_(("submit", "nil")),
            Revision.created_at == delegation.finished_at,
        )
    )
    return delegation.finished_at is not None and session.scalar(by_colleague.limit(1)) is not None
