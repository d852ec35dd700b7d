"""The links that see a delegation, in force or ended."""

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.delegation_operations import send_back_delegation
from surveyapp.issuing.delegation_queries import (
    delegations_from_links,
    ended_delegation_to_links,
    open_delegation_from_links,
)
from surveyapp.issuing.link_operations import send_new_link
from surveyapp.planning.models import Audit
from tests.issuing.conftest import LATER, passed
from tests.row_maker import Maker


def test_only_a_link_in_force_of_a_contact_who_has_not_left_sees_its_delegations(
    make: Maker, asked: Audit, session: Session
) -> None:
    passing = passed(make.requests(asked)[0])
    lead, public_id = passing.from_grant, passing.audit_request.public_id
    old = {lead.public_id: lead.version}

    def seen(held: dict[str, int]) -> bool:
        found = open_delegation_from_links(held, public_id)
        assert (found is not None) == (delegations_from_links(held) != [])
        return found is not None

    assert seen(old)
    assert not seen({passing.to_grant.public_id: passing.to_grant.version})
    lead.contact.left_at = LATER
    session.commit()
    assert not seen(old)
    lead.contact.left_at, lead.version = None, 2
    session.commit()
    assert not seen(old)
    assert seen({lead.public_id: 2})
    lead.revoked_at = LATER
    session.commit()
    assert not seen({lead.public_id: 2})
    lead.revoked_at, passing.audit_request.withdrawn_at = None, LATER
    session.commit()
    assert not seen({lead.public_id: 2})


def test_only_the_colleagues_own_link_is_told_that_a_case_went_back(make: Maker, asked: Audit) -> None:
    first, second, _third = make.requests(asked)
    theirs = passed(first).to_grant
    seen_version, public_id = theirs.version, first.public_id
    assert ended_delegation_to_links({theirs.public_id: seen_version}, public_id) is None
    with transaction():
        send_back_delegation(first, now=LATER)
    assert theirs.version == seen_version + 1
    ended = ended_delegation_to_links({theirs.public_id: seen_version}, public_id)
    assert ended is not None
    for held in (
        {},
        {theirs.public_id: seen_version - 1},
        {theirs.public_id: seen_version + 2},
        {first.grant.public_id: first.grant.version},
    ):
        assert ended_delegation_to_links(held, public_id) is None, held
    # A new delegation has a new link; the ended link shows nothing any more.
    again = passed(second, now=LATER).to_grant
    assert (again.id, again.version) == (theirs.id, seen_version + 2)
    assert ended_delegation_to_links({theirs.public_id: seen_version}, public_id) is None
    assert ended_delegation_to_links({theirs.public_id: seen_version + 1}, public_id) is None


def test_a_replaced_link_does_not_see_a_case_sent_back_before(make: Maker, asked: Audit) -> None:
    first, second, _third = make.requests(asked)
    theirs = passed(first).to_grant
    passed(second)
    held = {theirs.public_id: theirs.version}
    with transaction():
        send_back_delegation(first, now=LATER)
    # A second case keeps the link in force, and it shows where the first one is.
    assert ended_delegation_to_links(held, first.public_id) is not None
    with transaction():
        assert send_new_link(theirs, seen=theirs.version, actor="ann", now=LATER)
    assert theirs.revoked_at is None
    assert ended_delegation_to_links(held, first.public_id) is None
    assert ended_delegation_to_links({theirs.public_id: theirs.version}, first.public_id) is not None
