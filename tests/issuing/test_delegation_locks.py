"""The checks under lock before a request is passed on or sent back."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from surveyapp.agencies.operations import ContactHasLeft, note_contact_left
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.delegation_locks import DelegatedToSelf, RequestNoLongerHeld
from surveyapp.issuing.delegation_operations import send_back_delegation, take_back_delegation
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.issuing.conftest import DEPUTY, LATER, opened_by, passed
from tests.row_maker import Maker


@pytest.mark.parametrize("address", ["lead@police.example", " LEAD@Police.Example "])
def test_nobody_passes_a_case_to_themselves(make: Maker, asked: Audit, address: str) -> None:
    with pytest.raises(DelegatedToSelf):
        passed(make.requests(asked)[0], to=("Me", address))


def test_a_press_after_somebody_else_moved_the_request_passes_nothing_on(
    make: Maker, asked: Audit, session: Session
) -> None:
    first = make.requests(asked)[0]
    done = passed(first)
    with transaction():
        take_back_delegation(done, now=LATER)
    assert first.grant.contact.name != "Pat Lowe"
    # Another process moves the request between this page and its press.
    moved = update(AuditRequest).where(AuditRequest.id == first.id).values(grant_id=done.to_grant_id)
    session.execute(moved, execution_options={"synchronize_session": False})
    with pytest.raises(RequestNoLongerHeld):
        passed(first, to=("Kim", "kim@police.example"))


def test_the_same_address_at_another_agency_is_another_contact(make: Maker) -> None:
    agencies = [make.agency(contact="one@police.example"), make.agency(contact="pat@police.example")]
    audit = make.audit(cases=1, agencies=agencies)
    first, second = make.requests(audit)
    done = passed(first)
    assert done.to_grant_id != second.grant_id
    assert done.to_grant.contact.agency_id == first.agency_id
    assert opened_by(second.grant) == [second.id]


def test_a_contact_keeps_their_role_and_one_who_has_left_is_passed_nothing(make: Maker, asked: Audit) -> None:
    first, second, _third = make.requests(asked)
    done = passed(first, to=("Daniel", DEPUTY.upper()))
    assert (done.to_grant.contact.name, done.to_grant.contact.role) == ("Dan Roe", "deputy")
    with transaction():
        note_contact_left(done.to_grant.contact, actor="ann", now=LATER)
    with pytest.raises(ContactHasLeft):
        passed(second, to=("Daniel", DEPUTY))


def test_a_link_replaced_before_the_press_passes_on_and_sends_back_nothing(
    make: Maker, asked: Audit, session: Session
) -> None:
    first, second, _third = make.requests(asked)
    done = passed(second, sends_back=True)

    def replace_link(grant: Grant) -> None:
        """Make a new link as another process, unread by this session."""
        newer = update(Grant).where(Grant.id == grant.id).values(version=grant.version + 1)
        session.execute(newer, execution_options={"synchronize_session": False})

    assert second.open_delegation is not None
    replace_link(done.to_grant)
    with pytest.raises(RequestNoLongerHeld), transaction():
        send_back_delegation(second, now=LATER)
    session.rollback()
    assert second.open_delegation is not None
    replace_link(first.grant)
    with pytest.raises(RequestNoLongerHeld):
        passed(first)
    assert first.open_delegation is None
