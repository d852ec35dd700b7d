"""Operations on returns: save a draft, return an audit, make or undo a nil return.

Each press is stored first; whether it counts is decided afterwards.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, cast

from sqlalchemy import select

from surveyapp.answering.access.locks import lock_request_for_contact, lock_request_rows
from surveyapp.answering.concerns.operations import update_concern
from surveyapp.answering.keyed_in import KeyedBy
from surveyapp.answering.models import NIL_REASONS, Return, Revision
from surveyapp.answering.outstanding_queries import has_outstanding
from surveyapp.answering.returns.emails import RECEIPT
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import (
    NIL_RETURN_QUESTION,
    kept_texts,
    revision_answers,
    working_revision,
)
from surveyapp.answering.returns.revision_operations import (
    SaveOutcomeKind,
    add_answers,
    add_revision,
    is_stored_already,
    lock_or_create_return,
    make_current_if_unchanged,
    seal_again,
)
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails, queue_email
from surveyapp.foundation.signals import announce, audit_returned
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.issuing.delegation_operations import CheckRequiredBeforeReturn, finish_delegation
from surveyapp.issuing.models import CHASING_MAIL, AuditRequest, Grant
from surveyapp.issuing.withdrawal_operations import RequestWithdrawn
from surveyapp.planning.errors import ReturnsClosed

LONGEST_WHERE = 500


@dataclass(frozen=True)
class SaveOutcome:
    """The result of a press: saved, returned, a nil return, a clash with another press, or late."""

    kind: SaveOutcomeKind
    revision: Revision
    audit_return: Return
    # Whether it raised a current practice concern, which is emailed to the partnership.
    raised_concern: bool = False


def save_draft(
    audit_request: AuditRequest, answers: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> SaveOutcome:
    """Save answers as a draft, or after a return as a correction that does not count yet.

    `now` is UTC. Raises LinkWithdrawn if the link or the request was withdrawn since the page was opened.
    """
    return _save_revision(audit_request, tuple(answers), press, "save", now=now)


def return_audit(
    audit_request: AuditRequest, answers: Iterable[GivenAnswer], press: ButtonPress, *, now: datetime
) -> SaveOutcome:
    """Return an audit, or correct one that has been returned; the contact gets a receipt.

    `now` is UTC. Raises LinkWithdrawn as `save_draft` does, CheckRequiredBeforeReturn if the case is to be
    sent back and checked first.
    """
    return _save_revision(audit_request, tuple(answers), press, "submit", now=now)


def return_nil(  # noqa: PLR0913 — what was pressed, and on what
    audit_request: AuditRequest,
    reason: str,
    press: ButtonPress,
    *,
    whereabouts: str = "",
    sends_receipt: bool = True,
    now: datetime,
) -> SaveOutcome:
    """Make a nil return for one of NIL_REASONS; `whereabouts` is stored with whichever reason it came.

    The contact gets a receipt, unless it is a nil return already or, with `sends_receipt` false, the caller
    sends one for several. `now` is UTC. Raises Refused without a reason, else as `return_audit` does.
    """
    if reason not in NIL_REASONS:
        raise Refused("Choose why your agency has nothing to audit.")
    nil_answers = [GivenAnswer(NIL_RETURN_QUESTION, item="reason", option=reason)]
    if whereabouts.strip():
        nil_answers.append(
            GivenAnswer(NIL_RETURN_QUESTION, item="whereabouts", text=whereabouts.strip()[:LONGEST_WHERE])
        )
    return _save_revision(
        audit_request, tuple(nil_answers), press, "nil", reason=reason, sends_receipt=sends_receipt, now=now
    )


def take_back_nil(audit_request: AuditRequest, *, now: datetime) -> None:
    """Undo a nil return: the request is outstanding again, with the draft it had.

    `now` is UTC. Raises LinkWithdrawn as `save_draft` does, ReturnsClosed once answers no longer count.
    """
    grant = lock_request_for_contact(audit_request)
    audit_return = lock_or_create_return(audit_request)
    if not audit_return.nil_reason:
        return
    _check_open(audit_request, audit_return, now)
    draft = working_revision(audit_return)
    if not audit_return.waits_for_correction:
        # Otherwise the agency was asked to correct a return that was in time, and stays so.
        audit_return.first_returned_at, audit_return.is_late = None, False
    audit_return.returned_at, audit_return.nil_reason = None, ""
    audit_return.current_revision_id = draft.id if draft else None
    audit_return.version += 1
    record_event(f"grant {grant.id}", "took_back_nil_return", f"request {audit_request.id}", now=now)


def allow_late_return(audit_request: AuditRequest, *, actor: str, now: datetime) -> None:
    """Allow one request to be returned although returns have closed; it will be marked late. `now` is UTC."""
    lock_request_rows(audit_request)
    audit_return = lock_or_create_return(audit_request)
    audit_return.late_allowed_at = audit_return.late_allowed_at or now
    record_event(actor, "allowed_late_return", f"request {audit_request.id}", now=now)


def takes_answers(audit_request: AuditRequest, audit_return: Return | None, *, now: datetime) -> bool:
    """Whether answers still count: until returns close, and later if staff allowed or asked for them."""
    is_allowed = audit_return is not None and audit_return.counts_after_close
    return is_allowed or not audit_request.audit.is_closed(now)


def _check_open(audit_request: AuditRequest, audit_return: Return, now: datetime) -> None:
    if not takes_answers(audit_request, audit_return, now=now):
        raise ReturnsClosed(audit_request.audit, way_on="You can still read your copy.")


def _save_revision(  # noqa: PLR0913 — what was pressed, and on what
    audit_request: AuditRequest,
    answers: tuple[GivenAnswer, ...],
    press: ButtonPress,
    kind: Literal["save", "submit", "nil"],
    *,
    now: datetime,
    reason: str = "",
    sends_receipt: bool = True,
) -> SaveOutcome:
    grant = _lock(audit_request, press)
    delegation = audit_request.open_delegation
    if delegation is not None and delegation.sends_back and kind != "save":
        raise CheckRequiredBeforeReturn(delegation.passer)
    audit_return = lock_or_create_return(audit_request)
    # A second nil return corrects the reason, of which the receipt says nothing.
    sends_receipt = sends_receipt and not (kind == "nil" and audit_return.nil_reason)
    closed = audit_request.audit.is_closed(now)
    can_count = takes_answers(audit_request, audit_return, now=now)
    outcome_kind: SaveOutcomeKind = kind if can_count else "late"
    revision = add_revision(
        audit_return,
        press.submission_id,
        press,
        outcome_kind,
        answers=answers,
        grant_id=grant.id,
        now=now,
    )
    if revision is None:
        earlier = session.scalars(select(Revision).where(Revision.submission_id == press.submission_id)).one()
        fresh_id = secrets.token_urlsafe(16)
        if earlier.kind == "late" and earlier.return_id == audit_return.id and can_count:
            # Reopened since: the same page counts now, so it takes over the id of its late text.
            earlier.submission_id, fresh_id = fresh_id, press.submission_id
            seal_again(earlier, audit_return, revision_answers(earlier))
            session.flush()
        elif is_stored_already(earlier, audit_return, answers, kind):
            return SaveOutcome(cast("SaveOutcomeKind", earlier.kind), earlier, audit_return)
        # The page was used before for something else: with another id its text is stored too.
        stored_again = add_revision(
            audit_return, fresh_id, press, outcome_kind, answers=answers, grant_id=grant.id, now=now
        )
        revision = cast("Revision", stored_again)
    add_answers(revision, answers)
    if can_count and not make_current_if_unchanged(audit_return, revision, reason, is_late=closed):
        outcome_kind = revision.kind = "clash"
        seal_again(revision, audit_return, answers)
    # A nil return says nothing about a concern that was raised before.
    raised = kind != "nil" and update_concern(
        audit_request,
        answers,
        grant_id=grant.id,
        actor=press.keyed_by.name if press.keyed_by else "",
        counts=outcome_kind == kind,
        kept=partial(kept_texts, audit_return, without=press.supersedes),
        now=now,
    )
    if outcome_kind in {"submit", "nil"}:
        _follow_up_return(
            grant,
            audit_request,
            audit_return,
            outcome_kind,
            keyed_by=press.keyed_by,
            sends_receipt=sends_receipt,
            now=now,
        )
    return SaveOutcome(outcome_kind, revision, audit_return, raised_concern=raised)


def _lock(audit_request: AuditRequest, press: ButtonPress) -> Grant:
    """Lock the rows that a press depends on, and check that whoever pressed may answer the request.

    A contact needs their link; staff who key in on their behalf need a request that is not withdrawn.
    """
    if press.keyed_by is None:
        return lock_request_for_contact(audit_request)
    grant = lock_request_rows(audit_request)
    if audit_request.withdrawn_at is not None:
        raise RequestWithdrawn(way_on="Ask again for this return first.")
    return grant


def _follow_up_return(  # noqa: PLR0913 — what was returned, and by whom
    grant: Grant,
    audit_request: AuditRequest,
    audit_return: Return,
    outcome_kind: SaveOutcomeKind,
    *,
    keyed_by: KeyedBy | None,
    sends_receipt: bool,
    now: datetime,
) -> None:
    """Cancel chasers once nothing is outstanding, queue the receipt, record the return and announce it."""
    if not has_outstanding(grant.id):
        cancel_emails(CHASING_MAIL, grant.id, now=now, why="returned")
    key, source = f"receipt:{audit_return.id}:{audit_return.version}", f"grant {grant.id}"
    if sends_receipt:
        queue_email(RECEIPT.name, audit_return.id, to=grant.contact.email, key=key, now=now, source=source)
    if keyed_by is None:
        action = "returned_nil" if outcome_kind == "nil" else "returned_audit"
        record_event(source, action, f"request {audit_request.id}", now=now)
    else:
        by_staff = "keyed_in_nil_return" if outcome_kind == "nil" else "keyed_in_return"
        record_event(keyed_by.name, by_staff, f"request {audit_request.id}", keyed_by.received_by, now=now)
    was_delegated = audit_request.open_delegation is not None
    if was_delegated and finish_delegation(audit_request, now=now) is not None and sends_receipt:
        # The contact who delegated the case has it again, can correct it, and gets a receipt too.
        key, address = f"{key}:passed", audit_request.grant.contact.email
        queue_email(RECEIPT.name, audit_return.id, to=address, key=key, now=now, source=source)
    announce(audit_returned, audit_id=audit_request.audit_id, request_id=audit_request.id)
