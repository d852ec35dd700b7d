"""Passing one case to a colleague while it has not been returned."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.answering.models import Return
from surveyapp.answering.returns.queries import has_outstanding
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_locks import lock_delegation_parties
from surveyapp.issuing.delegation_operations import start_delegation
from surveyapp.issuing.models import CHASING_MAIL, AuditRequest, Delegation


class ReturnedAlready(Refused):
    """What has come back is with nobody any more."""

    way_on = "Read it or change it yourself, until returns close."

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This case has been returned, so there is nothing to pass on.")


def delegate_to_colleague(
    audit_request: AuditRequest, *, name: str, email: str, sends_back: bool, now: datetime
) -> Delegation:
    """Pass a request with its draft to a colleague of the agency, who gets a link of their own to it alone.

    `sends_back`: they send it back to be checked, else they return it. `now` is UTC. Raises Refused in the
    words of why not: returned, closed, withdrawn, passed before, one’s own address, no longer one’s own.
    """
    pair = lock_delegation_parties(audit_request, name=name, email=email, now=now)
    returned = select(Return.id).where(Return.request_id == audit_request.id, Return.returned_at.is_not(None))
    if session.scalar(returned) is not None:
        raise ReturnedAlready
    passed = start_delegation(audit_request, pair, sends_back=sends_back, now=now)
    if not has_outstanding(pair.mine.id):
        cancel_emails(CHASING_MAIL, pair.mine.id, now=now, why="passed on")
    return passed
