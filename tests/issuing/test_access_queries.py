"""The requests that the links of a contact open."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.issuing.access_queries import (
    grants_of_address,
    has_ever_had_access,
    request_open_to,
    requests_open_to,
)
from surveyapp.issuing.models import AuditRequest, Grant
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_grants_of_an_address_are_found_whatever_its_capitals(make: Maker) -> None:
    police = make.agency(contact="Audit@Police.example")
    make.agency(contact="audit@school.example")
    first, second = (make.audit(cases=1, agencies=[police]) for _ in range(2))
    wanted = [*make.grants(first), *make.grants(second)]
    for typed in ("Audit@Police.example", "audit@police.EXAMPLE"):
        assert grants_of_address(typed) == wanted
    assert grants_of_address("police.example") == []
    assert grants_of_address("") == []


def test_no_grant_is_found_for_a_contact_who_has_left_or_a_revoked_link(
    make: Maker, session: Session
) -> None:
    police = make.agency(contact="audit@police.example")
    first, second = (make.audit(cases=1, agencies=[police]) for _ in range(2))
    make.grants(first)[0].revoked_at = MONDAY_MORNING
    session.commit()
    assert grants_of_address("audit@police.example") == make.grants(second)
    police.contacts[0].left_at = MONDAY_MORNING
    session.commit()
    assert grants_of_address("audit@police.example") == []


@pytest.fixture
def grant(make: Maker) -> Grant:
    """The grant of one agency, beside that of another in the same audit."""
    return make.grants(make.audit(cases=2, agencies=2))[0]


def opened_with(held: dict[str, int], audit_request: AuditRequest) -> bool:
    """Whether these links open a request, by the list of returns and by the request's own page alike."""
    listed = audit_request.id in [opened.id for opened in requests_open_to(held)]
    alone = request_open_to(held, audit_request.public_id)
    assert listed == (alone is not None), "The list and the page disagree on what a link opens."
    return listed


def test_a_link_opens_the_requests_of_its_own_grant_and_no_other(make: Maker, grant: Grant) -> None:
    held = {grant.public_id: grant.version}
    mine = [audit_request for audit_request in make.requests(grant.audit) if opened_with(held, audit_request)]
    assert mine == list(grant.requests)
    assert len(mine) == 2
    assert not any(opened_with({}, audit_request) for audit_request in make.requests(grant.audit))


def test_an_earlier_or_a_later_version_of_a_link_opens_nothing(grant: Grant, session: Session) -> None:
    grant.version = 3
    session.commit()
    for version in (0, 1, 2, 4):
        assert not opened_with({grant.public_id: version}, grant.requests[0]), version
    assert opened_with({grant.public_id: 3}, grant.requests[0])


def test_a_contact_who_has_left_opens_nothing_until_they_are_back(grant: Grant, session: Session) -> None:
    held = {grant.public_id: grant.version}
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    assert not opened_with(held, grant.requests[0])
    grant.contact.left_at = None
    session.commit()
    assert opened_with(held, grant.requests[0])


def test_a_revoked_link_opens_nothing_whatever_its_version(grant: Grant, session: Session) -> None:
    grant.revoked_at = MONDAY_MORNING
    session.commit()
    assert not opened_with({grant.public_id: grant.version}, grant.requests[0])


def test_no_link_opens_a_withdrawn_request_and_the_others_stay_open(grant: Grant, session: Session) -> None:
    held = {grant.public_id: grant.version}
    withdrawn, other = grant.requests
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    assert not opened_with(held, withdrawn)
    assert opened_with(held, other)


def test_a_grant_counts_as_earlier_access_only_in_its_own_audit_and_agency(
    make: Maker, grant: Grant, session: Session
) -> None:
    mine, other_agency = (next(iter(other_grant.requests)) for other_grant in make.grants(grant.audit))
    (other_audit,) = make.requests(make.audit(cases=1, agencies=[mine.agency]))
    held = {grant.public_id: grant.version}
    # Even after the grant has ended: it only decides which sentence the page shows, and opens nothing.
    grant.version, grant.revoked_at = 9, MONDAY_MORNING
    session.commit()
    assert has_ever_had_access(held, mine)
    assert not has_ever_had_access(held, other_agency)
    assert not has_ever_had_access(held, other_audit)
    assert not has_ever_had_access({}, mine)
