"""An agency that is asked about three cases, and operations on its requests for tests of delegations."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from surveyapp.agencies.models import Contact
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.mail.outbox import Email, mail_kinds
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

ACTOR = "manager@partnership.example"
Queued = Callable[[], list[Outbox]]
GIVEN = (GivenAnswer("supervision", option="yes"),)
PAT = ("Pat Lowe", "pat@police.example")
DEPUTY = "deputy@police.example"
LATER = MONDAY_MORNING + timedelta(hours=1)


@pytest.fixture
def asked(make: Maker) -> Audit:
    """An agency with a lead and a deputy, asked about three cases."""
    agency = make.agency("Northside Police", contact="lead@police.example")
    agency.contacts.append(Contact(name="Dan Roe", email=DEPUTY, role="deputy"))
    return make.audit(cases=3, agencies=[agency])


def passed(
    audit_request: AuditRequest, *, to: tuple[str, str] = PAT, sends_back: bool = False, now: datetime = LATER
) -> Delegation:
    """Pass a request to a colleague, Pat Lowe if nobody else is named."""
    with transaction():
        return delegate_to_colleague(audit_request, name=to[0], email=to[1], sends_back=sends_back, now=now)


def opened_by(grant: Grant) -> list[int]:
    """The ids of the requests that the link of a grant opens."""
    held = {grant.public_id: grant.version}
    return [audit_request.id for audit_request in requests_open_to(held)]


def worded(mail: Outbox) -> Email | None:
    """The email as it would be sent now; None if it would not be sent."""
    return mail_kinds()[mail.kind].word(mail.subject_id, mail.to_addr)
