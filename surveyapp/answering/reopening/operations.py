"""Operations that open one return again for correction, and take that back (stories BM13)."""

from datetime import datetime

from surveyapp.answering.access.locks import lock_request_rows
from surveyapp.answering.models import REOPENING_REASONS, Return
from surveyapp.answering.reopening.emails import RETURN_REOPENED
from surveyapp.answering.returns.revision_operations import lock_or_create_return
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails, queue_email
from surveyapp.foundation.store.event_log import record_event
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import emails_queued
from surveyapp.issuing.withdrawal_operations import RequestWithdrawn

LONGEST_NOTE = 1_000


class NothingToReopen(Refused):
    """The request has not been returned, so there is nothing to correct."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "This has not been returned, so there is nothing to open again.",
            way_on="The contact can change their draft as it is.",
        )


class ReopenedAlready(Refused):
    """The return is open for correction already."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This return is open for correction already. No second email was sent.")


class NobodyToTell(Refused):
    """The contact has left the agency, so no email can ask them."""

    way_on = "Choose who takes over from them first."

    def __init__(self, name: str) -> None:
        """Name the contact."""
        super().__init__(f"{name} has left the agency, so nobody would read why.")


def reopen_return(
    audit_request: AuditRequest, reason: str, *, note: str = "", actor: str, now: datetime
) -> Return:
    """Open a return for correction, for one of REOPENING_REASONS; the contact gets an email that says why.

    What was returned stays returned and counted until they return it again, also after the close. The note is
    shown on the contact's page and is in no email. `now` is UTC. Raises Refused without a reason,
    NothingToReopen, ReopenedAlready, RequestWithdrawn, NobodyToTell.
    """
    if reason not in REOPENING_REASONS:
        raise Refused("Choose why the return needs correcting.")
    grant = lock_request_rows(audit_request)
    if audit_request.withdrawn_at is not None:
        raise RequestWithdrawn
    audit_return = lock_or_create_return(audit_request)
    if not audit_return.has_returned:
        raise NothingToReopen
    if audit_return.waits_for_correction:
        raise ReopenedAlready
    if grant.contact.left_at is not None:
        raise NobodyToTell(grant.contact.name)
    audit_return.reopened_at, audit_return.reopening_reason = now, reason
    audit_return.reopening_note = note.strip()[:LONGEST_NOTE] or None
    number = emails_queued(RETURN_REOPENED.name, audit_return.id) + 1
    key = f"{RETURN_REOPENED.name}:{audit_return.id}:number-{number}"
    queue_email(RETURN_REOPENED.name, audit_return.id, to=grant.contact.email, key=key, now=now)
    record_event(actor, "reopened_return", f"request {audit_request.id}", reason, now=now)
    return audit_return


def take_back_reopening(audit_request: AuditRequest, *, actor: str, now: datetime) -> bool:
    """Close a return that was opened for correction, as it was returned; an email still waiting is cancelled.

    False if it is not open for correction any more. `now` is UTC.
    """
    lock_request_rows(audit_request)
    audit_return = lock_or_create_return(audit_request)
    if not (audit_return.waits_for_correction and audit_return.has_returned):
        return False
    audit_return.reopened_at, audit_return.reopening_reason = None, ""
    audit_return.reopening_note = None
    cancel_emails((RETURN_REOPENED.name,), audit_return.id, now=now, why="The correction was taken back.")
    record_event(actor, "took_back_reopening", f"request {audit_request.id}", now=now)
    return True
