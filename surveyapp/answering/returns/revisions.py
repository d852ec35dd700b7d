"""Stores what a page sends as a revision of a return, whether or not it will count."""

from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Table, insert, select

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.issuing.models import AuditRequest

SaveOutcomeKind = Literal["save", "submit", "nil", "clash", "late"]
RevisionKind = SaveOutcomeKind | Literal["autosave"]


def lock_or_create_return(audit_request: AuditRequest) -> Return:
    """The return of a request, locked; created if there is none. The caller has locked the request."""
    wanted = select(Return).where(Return.request_id == audit_request.id).with_for_update()
    audit_return = session.scalar(wanted.execution_options(populate_existing=True))
    if audit_return is None:
        audit_return = Return(request_id=audit_request.id, version=0, nil_reason="", is_late=False)
        session.add(audit_return)
        session.flush()
    return audit_return


def add_revision(  # noqa: PLR0913 — one for each column
    audit_return: Return,
    submission_id: str,
    press: ButtonPress,
    kind: RevisionKind,
    *,
    grant_id: int,
    now: datetime,
) -> Revision | None:
    """Store a revision, whether or not it will count; None if the submission id was used before."""
    return insert_once(
        Revision,
        unique=["submission_id"],
        submission_id=submission_id,
        return_id=audit_return.id,
        seen_version=press.seen_version,
        kind=kind,
        grant_id=grant_id,
        created_at=now,
    )


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
        # Through the table: the mapped class starts a new statement wherever texts and choices alternate.
        session.execute(insert(cast("Table", Answer.__table__)), list(rows.values()))
