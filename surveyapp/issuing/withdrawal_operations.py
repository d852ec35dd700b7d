"""Operations that withdraw a request, and take the withdrawal back."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest
from surveyapp.issuing.queries import live_requests, lock_grant

LONGEST_REASON = 300


class RequestWithdrawn(Refused):
    """The request has been withdrawn already."""

    def __init__(self, *, way_on: str = "") -> None:
        """Set the message; `way_on` says what to do first, if anything can be done."""
        super().__init__("This request has been withdrawn already.", way_on=way_on)


class RequestNotWithdrawn(Refused):
    """The request has not been withdrawn, so there is no withdrawal to take back."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This request has not been withdrawn.")


class WithdrawalWithoutReason(Refused):
    """No reason was given for a withdrawal."""

    def __init__(self) -> None:
        """Set the message, which asks for a reason."""
        super().__init__("Say why you withdraw this request.")


def withdraw_request(audit_request: AuditRequest, *, reason: str, actor: str, now: datetime) -> None:
    """Withdraw one request: it disappears from the contact's list, and no figure counts it.

    All its answers stay stored. `now` is UTC. Raises RequestWithdrawn if it is withdrawn already,
    WithdrawalWithoutReason without a reason.
    """
    grant = lock_grant(audit_request.grant_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    if audit_request.withdrawn_at is not None:
        raise RequestWithdrawn
    if not reason.strip():
        raise WithdrawalWithoutReason
    audit_request.withdrawn_at = now
    audit_request.withdrawn_reason = reason.strip()[:LONGEST_REASON]
    session.flush()
    if grant is not None and not live_requests(grant):
        cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why="withdrawn")
    record_event(actor, "withdrew_request", f"request {audit_request.id}", now=now)


def take_back_withdrawal(audit_request: AuditRequest, *, actor: str, now: datetime) -> None:
    """Take back a withdrawal: the request is on the contact's list again, with its saved answers.

    `now` is UTC. Raises RequestNotWithdrawn if it is not withdrawn.
    """
    lock_grant(audit_request.grant_id)
    lock_row(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    if audit_request.withdrawn_at is None:
        raise RequestNotWithdrawn
    audit_request.withdrawn_at, audit_request.withdrawn_reason = None, None
    record_event(actor, "took_back_withdrawal", f"request {audit_request.id}", now=now)
