"""A request is withdrawn for a reason, and the withdrawal can be taken back."""

import pytest

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import LONGEST_REASON, take_back_withdrawal, withdraw_request
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import ACTOR, Queued
from tests.row_maker import Maker


def withdraw(audit_request: AuditRequest, reason: str = "The child was not known") -> None:
    with transaction():
        withdraw_request(audit_request, reason=reason, actor=ACTOR, now=MONDAY_MORNING)


def test_a_withdrawn_request_leaves_the_list_and_can_be_asked_again(make: Maker, asked: Audit) -> None:
    grant = make.grants(asked)[0]
    held = {grant.public_id: grant.version}
    first = make.requests(asked)[0]
    withdraw(first)
    assert len(requests_open_to(held)) == 2
    with pytest.raises(Refused, match="already"):
        withdraw(first)
    with transaction():
        take_back_withdrawal(first, actor=ACTOR, now=MONDAY_MORNING)
    assert len(requests_open_to(held)) == 3


def test_a_withdrawal_has_a_reason(make: Maker, asked: Audit) -> None:
    with pytest.raises(Refused, match="Say why"):
        withdraw(make.requests(asked)[0], reason="  ")


def test_when_the_last_request_is_withdrawn_waiting_mail_is_cancelled(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    grant = make.grants(asked)[0]
    with transaction():
        queue_email(
            "chaser", grant.id, to="lead@police.example", key="chaser:1:2026-12-11", now=MONDAY_MORNING
        )
    requests = make.requests(asked)
    withdraw(requests[0])
    withdraw(requests[1])
    assert [mail.state for mail in outbox()] == ["queued"]
    withdraw(requests[2])
    assert [mail.state for mail in outbox()] == ["cancelled"]


def test_a_long_reason_for_a_withdrawal_is_kept_up_to_its_limit(make: Maker, asked: Audit) -> None:
    audit_request = make.requests(asked)[0]
    withdraw(audit_request, " " + "x" * (LONGEST_REASON + 1))
    assert audit_request.withdrawn_reason == "x" * 300
