"""A change before the hand-over cancels a chaser; after it, the chaser is sent (promises M16, M17)."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from surveyapp.answering.returns.operations import return_audit
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.chasing.operations import chase_now
from surveyapp.closing.operations import close_returns
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.mail.delivery import begin_delivery
from surveyapp.foundation.mail.leases import ClaimedEmail, claim_email
from surveyapp.foundation.mail.outbox import expire_emails
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.models import Audit
from tests.chasing.conftest import Queued
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

GIVEN = (GivenAnswer("supervision", option="yes"),)


def return_all(audit: Audit, make: Maker) -> None:
    for audit_request in make.requests(audit):
        with transaction():
            return_audit(
                audit_request, GIVEN, ButtonPress.fresh(return_of(audit_request)), now=MONDAY_MORNING
            )


def close(audit: Audit, _make: Maker) -> None:
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)


def withdraw(audit: Audit, make: Maker) -> None:
    for audit_request in make.requests(audit):
        with transaction():
            withdraw_request(audit_request, reason="r", actor="manager", now=MONDAY_MORNING)


def revoke(audit: Audit, make: Maker) -> None:
    with transaction():
        make.grants(audit)[0].revoked_at = MONDAY_MORNING


def change_address(audit: Audit, make: Maker) -> None:
    with transaction():
        make.grants(audit)[0].contact.email = "other@agency.example"


ENDINGS = (return_all, close, withdraw, revoke, change_address)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """An audit with one contact, who has two cases and has been chased."""
    audit = make.audit(cases=2, agencies=1)
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    return audit


def claimed_chaser() -> ClaimedEmail:
    found = claim_email(now=MONDAY_MORNING)
    while found is not None and found.kind != "chaser":
        found = claim_email(now=MONDAY_MORNING)
    assert found is not None
    return found


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__)
def test_a_change_before_the_hand_over_cancels_the_chaser(
    make: Maker, audit: Audit, outbox: Queued, session: Session, end: Callable[[Audit, Maker], None]
) -> None:
    chaser = claimed_chaser()
    end(audit, make)
    assert begin_delivery(chaser, now=MONDAY_MORNING) is None
    session.expire_all()
    assert [mail.state for mail in outbox() if mail.kind == "chaser"] == ["cancelled"]


def test_a_chaser_for_two_cases_is_sent_for_the_one_left(make: Maker, audit: Audit) -> None:
    chaser = claimed_chaser()
    first, _second = make.requests(audit)
    with transaction():
        return_audit(first, GIVEN, ButtonPress.fresh(return_of(first)), now=MONDAY_MORNING)
    message = begin_delivery(chaser, now=MONDAY_MORNING)
    assert message is not None
    assert b"You have 1 still to return" in message


def test_a_return_after_the_hand_over_does_not_call_the_chaser_back(
    make: Maker, audit: Audit, outbox: Queued, session: Session
) -> None:
    chaser = claimed_chaser()
    assert begin_delivery(chaser, now=MONDAY_MORNING) is not None
    return_all(audit, make)
    session.expire_all()
    (mail,) = [mail for mail in outbox() if mail.kind == "chaser"]
    assert (mail.state, mail.handed_over_at) == ("sending", MONDAY_MORNING)


def test_a_chaser_ends_by_itself_at_the_closing_hour(audit: Audit, outbox: Queued, session: Session) -> None:
    closes_at = audit.closes_at
    assert closes_at is not None
    with transaction():
        expire_emails(now=closes_at)
    assert claim_email(now=closes_at) is None
    session.expire_all()
    assert [mail.state for mail in outbox()] == ["expired"]
