"""Whether a colleague returned a case or sent it back."""

from datetime import timedelta

from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.answering.returns.operations import return_nil, take_back_nil
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import ended_by_return
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.delegation_operations import send_back_delegation
from surveyapp.issuing.models import AuditRequest, Delegation
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

HOUR = timedelta(hours=1)


def pass_on(audit_request: AuditRequest, *, hours: int) -> Delegation:
    with transaction():
        return delegate_to_colleague(
            audit_request,
            name="Pat Lowe",
            email="pat@police.example",
            sends_back=False,
            now=MONDAY_MORNING + hours * HOUR,
        )


def test_a_delegation_counts_as_returned_only_if_its_own_return_ended_it(make: Maker) -> None:
    (audit_request,) = make.requests(make.audit(cases=1, agencies=1))
    first = pass_on(audit_request, hours=0)
    assert not ended_by_return(first), "It is with the colleague still."
    with transaction():
        return_nil(audit_request, "not_known", ButtonPress("press-number-1", 0), now=MONDAY_MORNING + HOUR)
    assert ended_by_return(first)
    with transaction():
        take_back_nil(audit_request, now=MONDAY_MORNING + 2 * HOUR)
    second = pass_on(audit_request, hours=3)
    with transaction():
        send_back_delegation(audit_request, now=MONDAY_MORNING + 4 * HOUR)
    assert (ended_by_return(first), ended_by_return(second)) == (True, False)
