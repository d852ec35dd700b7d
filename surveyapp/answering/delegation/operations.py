"""Delegates a case to a colleague, as long as it has not been returned."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.answering.models import Return
from surveyapp.answering.returns.outstanding_queries import has_outstanding
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_locks import lock_delegation_parties
from surveyapp.issuing.delegation_operations import start_delegation
from surveyapp.issuing.models import CHASING_MAIL, AuditRequest, Delegation


class ReturnedAlready(Refused):
    """The case has been returned, so it cannot be delegated."""

    way_on = "Read it or change it yourself, until returns close."

    def __init__(self) -> None:
        """Say that there is nothing to delegate."""
        super().__init__("This case has been returned, so there is nothing to pass on.")


def delegate_to_colleague(
    audit_request: AuditRequest, *, name: str, email: str, sends_back: bool, now: datetime
) -> Delegation:
    """Delegate a request with its draft to a colleague of the agency, who gets a link to this request alone.

    `sends_back`: the colleague sends it back to be checked; otherwise they return it. `now` is UTC. Raises
    Refused if it is returned, closed, withdrawn or delegated already, if the address is the contact's own, or
    if the contact no longer holds the request.
    """
    parties = lock_delegation_parties(audit_request, name=name, email=email, now=now)
    returned = select(Return.id).where(Return.request_id == audit_request.id, Return.returned_at.is_not(None))
    if session.scalar(returned) is not None:
        raise ReturnedAlready
    delegation = start_delegation(audit_request, parties, sends_back=sends_back, now=now)
    if not has_outstanding(parties.mine.id):
        cancel_emails(CHASING_MAIL, parties.mine.id, now=now, why="passed on")
    return delegation
