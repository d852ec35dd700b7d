"""Revisions of a return: the texts that presses and the keeping of what is typed store, and which counts."""

from datetime import datetime
from functools import cache
from typing import Any, Literal, cast

from sqlalchemy import Table, Update, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import revision_answers
from surveyapp.answering.revision_seals import SealedRevision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import ConcurrentChange
from surveyapp.foundation.store.db import insert_once, session, update_rows
from surveyapp.issuing.models import AuditRequest

SaveOutcomeKind = Literal["save", "submit", "nil", "clash", "late"]
RevisionKind = SaveOutcomeKind | Literal["autosave"]


# Built once, as are the statements of `queries.py`.
_LOCKED_RETURN = (
    select(Return)
    .where(Return.request_id == bindparam("request_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
# Through the table: the mapped class starts a new statement wherever texts and choices alternate.
_ANSWERS = insert(cast("Table", Answer.__table__))
_RETURN = cast("Table", Return.__table__)


def lock_or_create_return(audit_request: AuditRequest) -> Return:
    """The return of a request, locked; created if there is none. The caller has locked the request."""
    audit_return = session.scalar(_LOCKED_RETURN, {"request_id": audit_request.id})
    if audit_return is None:
        audit_return = insert_once(Return, unique=["request_id"], request_id=audit_request.id)
    if audit_return is None:
        raise ConcurrentChange
    return audit_return


def add_revision(  # noqa: PLR0913 — one for each column
    audit_return: Return,
    submission_id: str,
    press: ButtonPress,
    kind: RevisionKind,
    *,
    answers: tuple[GivenAnswer, ...],
    grant_id: int,
    now: datetime,
    concern_since: datetime | None = None,
) -> Revision | None:
    """Store a revision, whether or not it will count; None if the submission id was used before.

    `answers` are those that `add_answers` is about to store; the revision is sealed with them.
    """
    return insert_once(
        Revision,
        unique=["submission_id"],
        submission_id=submission_id,
        return_id=audit_return.id,
        seen_version=press.seen_version,
        kind=kind,
        grant_id=grant_id,
        created_at=now,
        keyed_by=press.keyed_by.name if press.keyed_by else "",
        received_by=press.keyed_by.received_by if press.keyed_by else "",
        concern_since=concern_since,
        seal=SealedRevision(audit_return.request_id, submission_id, kind, now, answers).seal,
    )


def seal_again(revision: Revision, audit_return: Return, answers: tuple[GivenAnswer, ...]) -> None:
    """Seal a revision whose kind or submission id has changed."""
    revision.seal = SealedRevision(
        audit_return.request_id, revision.submission_id, revision.kind, revision.created_at, answers
    ).seal


def add_answers(revision: Revision, answers: tuple[GivenAnswer, ...]) -> None:
    """Store the answers of a revision in one statement."""
    rows = {
        (answer.question, answer.item, answer.option): {
            "revision_id": revision.id,
            "question": answer.question,
            "item": answer.item,
            "option": answer.option,
            "text": answer.text,
        }
        for answer in answers
    }
    if rows:
        session.execute(_ANSWERS, list(rows.values()))


def is_stored_already(
    earlier: Revision, audit_return: Return, answers: tuple[GivenAnswer, ...], kind: str
) -> bool:
    """Whether this press has been stored before: the same page, the same button, the same answers."""
    same_button = earlier.kind in {kind, "clash", "late"}
    if earlier.kind == "nil" and not audit_return.nil_reason:
        # The nil return was undone since, so this press makes it again.
        return False
    return (
        earlier.return_id == audit_return.id
        and same_button
        and set(revision_answers(earlier)) == set(answers)
    )


def make_current_if_unchanged(
    audit_return: Return, revision: Revision, reason: str, *, is_late: bool
) -> bool:
    """Let a revision count, if the return still stands as its page saw it (promises 3.7)."""
    values: dict[str, Any] = {"version": revision.seen_version + 1}
    if revision.kind != "save":
        values |= {
            "current_revision_id": revision.id,
            "returned_at": revision.created_at,
            "first_returned_at": audit_return.first_returned_at or revision.created_at,
            "nil_reason": reason,
            # It is corrected, if it was open for that.
            "reopened_at": None,
            "reopening_note": None,
            "reopening_reason": "",
            "is_late": is_late if audit_return.first_returned_at is None else audit_return.is_late,
        }
    elif audit_return.returned_at is None:
        # Otherwise it waits: a return stays returned while its correction is being written (promises A22).
        values["current_revision_id"] = revision.id
    session.flush()
    where = {"of_return": audit_return.id, "seen_version": revision.seen_version}
    if update_rows(_update_if_unchanged(tuple(values)), {**values, **where}) == 0:
        return False
    for name, value in values.items():
        set_committed_value(audit_return, name, value)
    return True


@cache
def _update_if_unchanged(columns: tuple[str, ...]) -> Update:
    unchanged = (_RETURN.c.id == bindparam("of_return"), _RETURN.c.version == bindparam("seen_version"))
    return update(_RETURN).where(*unchanged).values({name: bindparam(name) for name in columns})
