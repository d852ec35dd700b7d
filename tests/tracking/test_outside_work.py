"""Addresses to which cases were passed and that do not look like the agency's are shown to the manager."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.agencies.work_addresses import outside_work
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.delegation_operations import accept_address, take_back_delegation
from surveyapp.issuing.models import Delegation
from surveyapp.planning.models import Audit
from surveyapp.tracking.staff_tasks import staff_tasks_today
from surveyapp.tracking.task_kinds import TASK_KINDS
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

PRIVATE = "Anybody can have a mailbox at outlook.com."
OTHER = "No contact whom you entered for this agency has an address at met.police.uk."


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("pat@kent.police.uk", ""),
        ("pat@CID.Kent.Police.uk", ""),
        ("pat@met.police.uk", OTHER),
        ("pat@Outlook.com", PRIVATE),
        ("pat@gmail.com", "Anybody can have a mailbox at gmail.com."),
    ],
)
def test_an_address_outside_work_is_named_with_the_reason(address: str, why: str) -> None:
    assert outside_work(address, {"kent.police.uk", "gmail.com"}) == why


@pytest.fixture
def audit(make: Maker) -> Audit:
    agency = make.agency("Northside Police", contact="audit@kent.police.uk")
    return make.audit(cases=3, agencies=[agency])


def pass_on(make: Maker, audit: Audit, case: int, email: str) -> Delegation:
    with transaction():
        return delegate_to_colleague(
            make.requests(audit)[case], name="Pat Lowe", email=email, sends_back=False, now=MONDAY_MORNING
        )


def shown() -> list[tuple[str, str]]:
    return [
        (delegation.to_grant.contact.email, why)
        for delegation, why in staff_tasks_today(
            TASK_KINDS, roles={"business_manager"}, now=MONDAY_MORNING
        ).outside_work
    ]


def test_the_page_of_the_request_and_todays_list_show_it_until_staff_say_that_it_is_right(
    client: PageClient, make: Maker, audit: Audit
) -> None:
    delegation = pass_on(make, audit, 0, "pat@outlook.com")
    path = f"/audits/{audit.id}/requests/{delegation.request_id}"
    page = client.get("/audits").text
    assert "Child 1, Northside Police, was passed to pat@outlook.com</a>. Anybody can have a mailbox" in page
    assert f"Look at the address: {PRIVATE}" in client.get(path).text
    accepted = client.follow(client.post(f"{path}/accept-address")).text
    assert "The address is right, as you say." in accepted
    assert PRIVATE not in accepted
    assert "pat@outlook.com</a>" not in client.get("/audits").text


def test_colleagues_of_the_agencys_domain_closed_audits_and_cases_taken_back_are_left_out(
    make: Maker, audit: Audit, session: Session
) -> None:
    pass_on(make, audit, 0, "pat@kent.police.uk")
    assert shown() == []
    other = pass_on(make, audit, 1, "pat@met.police.uk")
    back = pass_on(make, audit, 2, "pat@outlook.com")
    assert shown() == [("pat@met.police.uk", OTHER), ("pat@outlook.com", PRIVATE)]
    with transaction():
        take_back_delegation(back, now=MONDAY_MORNING)
        accept_address(other, actor="staff 1", now=MONDAY_MORNING)
    assert shown() == []
    audit.closed_at = MONDAY_MORNING
    session.commit()
    assert shown() == []


def test_a_colleague_added_by_passing_a_case_makes_no_domain_known(
    make: Maker, audit: Audit, session: Session
) -> None:
    pass_on(make, audit, 0, "pat@met.police.uk")
    pass_on(make, audit, 1, "kim@met.police.uk")
    assert [address for address, _why in shown()] == ["pat@met.police.uk", "kim@met.police.uk"]
    contact: Any = session.scalars(select(Contact).where(Contact.email == "kim@met.police.uk")).one()
    contact.role = "deputy"
    session.commit()
    assert shown() == []
