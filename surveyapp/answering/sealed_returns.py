"""Verifies returns: that what is stored of each is what was sent, and that the right text of it counts."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    LargeBinary,
    Row,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    select,
    type_coerce,
)

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.answering.revision_seals import SealedRevision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.encrypted_text import decrypt_text
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.text_cipher import UnreadableText
from surveyapp.foundation.words.dates_and_lists import clock_time, document_day
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit

AnyRow = Row[*tuple[Any, ...]]
AnyQuery = Select[*tuple[Any, ...]]

_PLACE = "survey_answer.text"
# The events after which a request is returned, and the one that takes that back.
_RETURNED = ("returned_audit", "returned_nil", "keyed_in_return", "keyed_in_nil_return")
_TAKEN_BACK = "took_back_nil_return"
# What the event of a purge says of one after which every return is still there (`surveyapp/retention/`).
_PURGE_OF_DRAFTS = "drafts"
# Revisions read at a time, with their answers: a few megabytes.
PAGE = 500


@dataclass
class ReturnsVerification:
    """What a verification found: how many returns and texts there are, and a sentence for each fault."""

    returns: int = 0
    texts: int = 0
    faults: list[str] = field(default_factory=list)


def verify_returns(audit: Audit | None = None) -> ReturnsVerification:
    """Compare each text of each return of an audit, or of all audits, with its seal.

    Reads 500 texts at a time, each time in a transaction of its own, so that nobody who writes waits. What a
    return says of itself, when it came and why it is nil, is compared with the text that counts. Then
    every return that the log has is looked for: one that was deleted, or is returned no more, is named too. A
    text that was deleted whole is missed only if it was the newest returned and the one before it counts.
    """
    audit_id = audit.id if audit is not None else None
    found, last = ReturnsVerification(), 0
    while rows := session.execute(_revisions(audit_id, after=last)).all():
        answers = _stored_answers([row.id for row in rows])
        session.rollback()
        for row in rows:
            fault = _fault(row, answers[row.id])
            if fault:
                found.faults.append(f"The text of {_when(row)}, for request {row.request_id}, {fault}.")
        found.texts += len(rows)
        last = rows[-1].id
    _count_returns(found, audit_id)
    found.faults += [
        f"Request {request_id} was returned, as the log has it, and its return is not there."
        for request_id in session.scalars(_missing_returns(audit_id))
    ]
    session.rollback()
    return found


def _revisions(audit_id: int | None, *, after: int) -> AnyQuery:
    columns = (Revision.id, Revision.seal, Revision.submission_id, Revision.kind, Revision.created_at)
    rows = (
        select(*columns, Return.request_id)
        .join(Return, Return.id == Revision.return_id)
        .where(Revision.id > after)
        .order_by(Revision.id)
        .limit(PAGE)
    )
    return _of_audit(rows, audit_id)


def _of_audit(rows: AnyQuery, audit_id: int | None) -> AnyQuery:
    if audit_id is None:
        return rows
    return rows.join(AuditRequest, AuditRequest.id == Return.request_id).where(
        AuditRequest.audit_id == audit_id
    )


def _stored_answers(revision_ids: list[int]) -> defaultdict[int, list[AnyRow]]:
    """The answers of revisions, with their texts as they are stored."""
    # The type of the column would decrypt them while the transaction is open.
    text = type_coerce(Answer.text, LargeBinary).label("text")
    columns = (Answer.revision_id, Answer.question, Answer.item, Answer.option, text)
    by_revision: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in session.execute(select(*columns).where(Answer.revision_id.in_(revision_ids))):
        by_revision[row.revision_id].append(row)
    return by_revision


def _fault(row: AnyRow, stored: list[AnyRow]) -> str:
    """What is wrong with a text, as the end of a sentence; empty if it agrees with its seal."""
    try:
        answers = [
            GivenAnswer(
                answer.question,
                answer.item,
                answer.option,
                None if answer.text is None else decrypt_text(answer.text, _PLACE),
            )
            for answer in stored
        ]
    except UnreadableText:
        return "does not open"
    sealed = SealedRevision(row.request_id, row.submission_id, row.kind, row.created_at, answers)
    return "" if sealed.has_seal(row.seal) else "is not as it was stored"


def _when(row: AnyRow) -> str:
    return f"{document_day(local_day(row.created_at))} at {clock_time(row.created_at)}"


def _count_returns(found: ReturnsVerification, audit_id: int | None) -> None:
    """Count the returns that are in, and name each that does not agree with the text last returned."""
    newest = (
        select(func.max(Revision.id))
        .where(Revision.return_id == Return.id, Revision.kind.in_(("submit", "nil")))
        .correlate(Return)
        .scalar_subquery()
    )
    reason = and_(
        Answer.revision_id == Revision.id, Answer.question == NIL_RETURN_QUESTION, Answer.item == "reason"
    )
    returned = (
        select(
            Return.request_id,
            Return.current_revision_id.is_not_distinct_from(newest).label("counts"),
            (Return.returned_at == Revision.created_at).label("has_its_time"),
            (Return.nil_reason == func.coalesce(Answer.option, "")).label("has_its_reason"),
        )
        .outerjoin(Revision, Revision.id == Return.current_revision_id)
        .outerjoin(Answer, reason)
        .where(Return.returned_at.is_not(None))
    )
    for row in session.execute(_of_audit(returned, audit_id).order_by(Return.id)):
        found.returns += 1
        if not row.counts:
            found.faults.append(f"For request {row.request_id}, another text counts than was last returned.")
        elif not row.has_its_time:
            found.faults.append(
                f"For request {row.request_id}, the time at which it was returned was changed."
            )
        elif not row.has_its_reason:
            found.faults.append(f"For request {row.request_id}, the reason of a nil return was changed.")


def _missing_returns(audit_id: int | None) -> Select[int]:
    """The requests of which the newest event says that they are returned, and which are not.

    Those of an audit whose answers a purge removed are left out: the log says that it began, so that
    nobody can hide a return by marking its audit as purged.
    """
    newest = (
        select(func.max(Event.id))
        .where(
            Event.object == literal("request ") + cast(AuditRequest.id, String),
            Event.action.in_((*_RETURNED, _TAKEN_BACK)),
        )
        .correlate(AuditRequest)
        .scalar_subquery()
    )
    purge = (
        exists()
        .where(
            Event.object == literal("audit ") + cast(Audit.id, String),
            Event.action == "began_purge",
            Event.detail != _PURGE_OF_DRAFTS,
        )
        .correlate(Audit)
    )
    missing = (
        select(AuditRequest.id)
        .join(Audit, Audit.id == AuditRequest.audit_id)
        .join(Event, Event.id == newest)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .where(~purge, Event.action != _TAKEN_BACK, Return.returned_at.is_(None))
        .order_by(AuditRequest.id)
    )
    return missing if audit_id is None else missing.where(AuditRequest.audit_id == audit_id)
