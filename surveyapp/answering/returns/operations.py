"""Answering: save a draft, return an audit, say that one was not involved: insert first, decide after."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.answering.concerns.operations import update_concern
from surveyapp.answering.emails import RECEIPT
from surveyapp.answering.models import NIL_REASONS, Answer, Return, Revision
from surveyapp.answering.returns.queries import (
    NIL_RETURN_QUESTION,
    has_outstanding,
    revision_answers,
    working_revision,
)
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.mail.outbox import cancel_emails, queue_email
from surveyapp.foundation.signals import announce, audit_returned
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row, lock_row_if_there
from surveyapp.issuing.delegation_operations import (
    CheckRequiredBeforeReturn,
    finish_delegation,
    lock_holding_grants,
)
from surveyapp.issuing.models import CHASING_MAIL, AuditRequest, Grant
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import ReturnsClosed

LONGEST_WHERE = 500
_SUBMISSION_ID = re.compile(r"[a-zA-Z0-9_-]{8,40}")

SaveOutcomeKind = Literal["save", "submit", "nil", "clash", "late"]
RevisionKind = SaveOutcomeKind | Literal["autosave"]


class LinkWithdrawn(SurveyError):
    """The link from which this page was opened has been withdrawn, or the request has."""

    status = 410
    way_on = "Nothing was stored. What you typed is below, so that you can copy it."

    def __init__(self) -> None:
        """Say so, and name nobody who may be asked instead."""
        super().__init__("This link has been withdrawn.")


@dataclass(frozen=True)
class ButtonPress:
    """What comes with a page: its own id, so that pressing twice is once, and the version it showed."""

    submission_id: str
    seen_version: int

    @classmethod
    def fresh(cls, kept: Return | None) -> "ButtonPress":
        """For a page about to be shown."""
        return cls(secrets.token_urlsafe(16), kept.version if kept else 0)

    @classmethod
    def read(cls, submission_id: str, seen_version: str) -> "ButtonPress":
        """From what a page sent; what it garbled becomes a press of its own that has seen nothing."""
        version = int(seen_version) if re.fullmatch(r"[0-9]{1,9}", seen_version) else 0
        right = _SUBMISSION_ID.fullmatch(submission_id)
        return cls(submission_id if right else secrets.token_urlsafe(16), version)


@dataclass(frozen=True)
class SaveOutcome:
    """What became of a press: saved, returned, a clash with what somebody else did, or late; never lost."""

    became: SaveOutcomeKind
    revision: Revision
    audit_return: Return
    # Whether a current concern was raised by it, of which the partnership is told.
    raised_concern: bool = False


def save_draft(
    audit_request: AuditRequest, given: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> SaveOutcome:
    """Keep answers as a draft; on a request that has been returned they wait as a correction.

    `now` is UTC. Raises LinkWithdrawn when the link or the request was withdrawn since the page was opened.
    """
    return _save_revision(audit_request, tuple(given), press, "save", now=now)


def return_audit(
    audit_request: AuditRequest, given: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> SaveOutcome:
    """Return an audit, or correct one that has been returned; the contact gets a receipt.

    `now` is UTC. Raises LinkWithdrawn as `save_draft` does.
    """
    return _save_revision(audit_request, tuple(given), press, "submit", now=now)


def return_nil(
    audit_request: AuditRequest, reason: str, press: ButtonPress, *, whereabouts: str = "", now: datetime
) -> SaveOutcome:
    """Return that the agency was not involved, for one of NIL_REASONS; `whereabouts` counts only for "moved".

    Raises Refused without a reason, LinkWithdrawn as `save_draft` does.
    """
    if reason not in NIL_REASONS:
        raise Refused("Choose why your agency has nothing to audit.")
    said = [GivenAnswer(NIL_RETURN_QUESTION, item="reason", option=reason)]
    if reason == "moved" and whereabouts.strip():
        said.append(
            GivenAnswer(NIL_RETURN_QUESTION, item="whereabouts", text=whereabouts.strip()[:LONGEST_WHERE])
        )
    return _save_revision(audit_request, tuple(said), press, "nil", reason=reason, now=now)


def take_back_nil(audit_request: AuditRequest, *, now: datetime) -> None:
    """Undo a nil return until returns close: the request is outstanding again, with the draft it had."""
    grant = lock_request_for_contact(audit_request)
    kept = lock_or_create_return(audit_request)
    if not kept.nil_reason:
        return
    _check_open(audit_request, kept, now)
    draft = working_revision(kept)
    kept.returned_at, kept.first_returned_at, kept.nil_reason, kept.is_late = None, None, "", False
    kept.current_revision_id = draft.id if draft else None
    kept.version += 1
    record_event(f"grant {grant.id}", "took_back_nil_return", f"request {audit_request.id}", now=now)


def allow_late_return(audit_request: AuditRequest, *, actor: str, now: datetime) -> None:
    """Let one request be returned although returns have closed; it will be marked late."""
    lock_request_rows(audit_request)
    kept = lock_or_create_return(audit_request)
    kept.late_allowed_at = kept.late_allowed_at or now
    record_event(actor, "allowed_late_return", f"request {audit_request.id}", now=now)


def takes_answers(audit_request: AuditRequest, kept: Return | None, *, now: datetime) -> bool:
    """Whether answers still count: before returns close, and after that where a late return was allowed."""
    late = kept is not None and kept.late_allowed_at is not None
    return late or not audit_request.audit.is_closed(now)


def _check_open(audit_request: AuditRequest, kept: Return, now: datetime) -> None:
    if not takes_answers(audit_request, kept, now=now):
        raise ReturnsClosed(audit_request.audit, way_on="You can still read your copy.")


def _save_revision(  # noqa: PLR0913 — what was pressed, and on what
    audit_request: AuditRequest,
    given: tuple[GivenAnswer, ...],
    press: ButtonPress,
    kind: Literal["save", "submit", "nil"],
    *,
    now: datetime,
    reason: str = "",
) -> SaveOutcome:
    grant = lock_request_for_contact(audit_request)
    passed = audit_request.open_delegation
    if passed is not None and passed.sends_back and kind != "save":
        raise CheckRequiredBeforeReturn(passed.passer)
    kept = lock_or_create_return(audit_request)
    closed = audit_request.audit.is_closed(now)
    open_to_it = takes_answers(audit_request, kept, now=now)
    became: SaveOutcomeKind = kind if open_to_it else "late"
    revision = add_revision(kept, press.submission_id, press, became, grant_id=grant.id, now=now)
    if revision is None:
        earlier = session.scalars(select(Revision).where(Revision.submission_id == press.submission_id)).one()
        fresh_id = secrets.token_urlsafe(16)
        if earlier.kind == "late" and earlier.return_id == kept.id and open_to_it:
            # Opened again since: the same page counts now, and what came too late gives its id up to it.
            earlier.submission_id, fresh_id = fresh_id, press.submission_id
            session.flush()
        elif _is_same(earlier, kept, given, kind):
            return SaveOutcome(cast("SaveOutcomeKind", earlier.kind), earlier, kept)
        # A stale page's id is replaced, so that its text is kept too.
        again = add_revision(kept, fresh_id, press, became, grant_id=grant.id, now=now)
        revision = cast("Revision", again)
    add_answers(revision, given)
    if open_to_it and not _make_current_if_unchanged(kept, revision, reason, is_late=closed):
        became = revision.kind = "clash"
    # Who says that the agency was not involved says nothing of a concern that was raised before.
    raised = kind != "nil" and update_concern(
        audit_request, given, grant_id=grant.id, counts=became == kind, press=revision.id, now=now
    )
    if became in {"submit", "nil"}:
        _follow_up_return(grant, audit_request, kept, became, now=now)
    return SaveOutcome(became, revision, kept, raised_concern=raised)


def lock_request_for_contact(audit_request: AuditRequest) -> Grant:
    """Lock what the answers hang on, and check once more that this link still opens it (promises 3.1, P7)."""
    seen_grant, seen_version = audit_request.grant_id, audit_request.grant.version
    grant = lock_request_rows(audit_request)
    withdrawn = audit_request.withdrawn_at is not None or grant.revoked_at is not None
    if withdrawn or audit_request.grant_id != seen_grant or grant.version != seen_version:
        raise LinkWithdrawn
    return grant


def lock_request_rows(audit_request: AuditRequest) -> Grant:
    # The audit's row is shared by all who answer; closing takes it alone, and no return slips past it.
    audit = lock_row(select(Audit).where(Audit.id == audit_request.audit_id), shared=True)
    grants = {each.id: each for each in lock_holding_grants(audit_request)}
    grant = grants[audit_request.grant_id]
    request_row = select(AuditRequest).where(AuditRequest.id == audit_request.id)
    lock_row(request_row.options(joinedload(AuditRequest.open_delegation)), of=AuditRequest)
    # Read afresh, the request has forgotten what it belongs to: given back here, nothing is read twice.
    set_committed_value(audit_request, "audit", audit)
    if audit_request.grant_id == grant.id:
        set_committed_value(audit_request, "grant", grant)
    return audit_request.grant


def lock_or_create_return(audit_request: AuditRequest) -> Return:
    """The return of a request whose row is locked, made now if nobody has saved before."""
    kept = lock_row_if_there(select(Return).where(Return.request_id == audit_request.id))
    if kept is None:
        kept = Return(request_id=audit_request.id, version=0, nil_reason="", is_late=False)
        session.add(kept)
        session.flush()
    return kept


def _is_same(earlier: Revision, kept: Return, given: tuple[GivenAnswer, ...], kind: str) -> bool:
    """Whether this press has been counted: the same page, the same button, the same answers."""
    same_button = earlier.kind in {kind, "clash", "late"}
    if earlier.kind == "nil" and not kept.nil_reason:
        # Taken back since: the press means it again.
        return False
    return earlier.return_id == kept.id and same_button and set(revision_answers(earlier)) == set(given)


def add_revision(  # noqa: PLR0913 — one for each column
    kept: Return, submission_id: str, press: ButtonPress, kind: RevisionKind, *, grant_id: int, now: datetime
) -> Revision | None:
    """Store that something came, whatever becomes of it; nothing where this id has come before."""
    return insert_once(
        Revision,
        unique=["submission_id"],
        submission_id=submission_id,
        return_id=kept.id,
        seen_version=press.seen_version,
        kind=kind,
        grant_id=grant_id,
        created_at=now,
    )


def add_answers(revision: Revision, given: tuple[GivenAnswer, ...]) -> None:
    """Store what was answered: one statement, however full the form is."""
    rows = {
        (each.question, each.item, each.option): {
            "revision_id": revision.id,
            "question": each.question,
            "item": each.item,
            "option": each.option,
            "text": each.text,
        }
        for each in given
    }
    if rows:
        # Through the table: the mapped class begins a new statement wherever texts and choices alternate.
        session.execute(insert(cast("Table", Answer.__table__)), list(rows.values()))


def _make_current_if_unchanged(kept: Return, revision: Revision, reason: str, *, is_late: bool) -> bool:
    """Let a revision count, if the return still stands as its page saw it (promises 3.7)."""
    values: dict[Any, Any] = {Return.version: Return.version + 1}
    if revision.kind != "save":
        values[Return.current_revision_id] = revision.id
        values[Return.returned_at] = revision.created_at
        values[Return.first_returned_at] = func.coalesce(Return.first_returned_at, revision.created_at)
        values[Return.nil_reason] = reason
        values[Return.is_late] = is_late if kept.first_returned_at is None else kept.is_late
    elif kept.returned_at is None:
        # Otherwise it waits: a return stays returned while its correction is being written (promises A22).
        values[Return.current_revision_id] = revision.id
    moved = update(Return).where(Return.id == kept.id, Return.version == revision.seen_version)
    read_back = {"synchronize_session": False, "populate_existing": True}
    result = session.scalars(moved.values(values).returning(Return), execution_options=read_back)
    return result.one_or_none() is not None


def _follow_up_return(
    grant: Grant, audit_request: AuditRequest, kept: Return, became: SaveOutcomeKind, *, now: datetime
) -> None:
    """What follows from a return: no chasers once nothing is outstanding, a receipt, an event, a signal."""
    if not has_outstanding(grant.id):
        cancel_emails(CHASING_MAIL, grant.id, now=now, why="returned")
    queue_email(
        RECEIPT.name, kept.id, to=grant.contact.email, key=f"receipt:{kept.id}:{kept.version}", now=now
    )
    action = "returned_nil" if became == "nil" else "returned_audit"
    record_event(f"grant {grant.id}", action, f"request {audit_request.id}", now=now)
    if audit_request.open_delegation is not None:
        _return_to_passer(audit_request, kept, now=now)
    announce(audit_returned, audit_id=audit_request.audit_id, request_id=audit_request.id)


def _return_to_passer(audit_request: AuditRequest, kept: Return, *, now: datetime) -> None:
    """Give what a colleague returned to the one who passed it on, who can correct it and is told so."""
    if finish_delegation(audit_request, now=now) is not None:
        to, key = audit_request.grant.contact.email, f"receipt:{kept.id}:{kept.version}:passed"
        queue_email(RECEIPT.name, kept.id, to=to, key=key, now=now)
