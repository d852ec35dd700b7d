"""Another contact of the agency is asked instead, and delegations follow."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.delegation_operations import take_back_delegation
from surveyapp.issuing.delegation_queries import delegations_from_links
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for
from surveyapp.issuing.models import Grant
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import ACTOR, DEPUTY, LATER, Queued, opened_by, passed
from tests.row_maker import Maker


def replace(grant: Grant, contact: Contact) -> Grant:
    with transaction():
        return replace_contact(grant, contact, actor=ACTOR, now=MONDAY_MORNING).grant


def test_a_change_of_contact_kills_the_old_link_and_writes_to_the_new_address_only(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    grant = make.grants(asked)[0]
    link, held = link_for(grant), {grant.public_id: grant.version}
    now = clock.now()
    with transaction():
        queue_email("request", grant.id, to="lead@police.example", key="request:1:1:x", now=now)
        queue_email("chaser", grant.id, to="lead@police.example", key="chaser:1:2026-12-11", now=now)
    make.draft(make.requests(asked)[0])
    successor = replace(grant, grant.contact.agency.contacts[1])
    with pytest.raises(LinkUnknown):
        grant_for_token(link)
    assert requests_open_to(held) == []
    assert {(mail.to_addr, mail.state) for mail in outbox()} == {
        ("lead@police.example", "cancelled"),
        ("deputy@police.example", "queued"),
    }
    moved = requests_open_to({successor.public_id: successor.version})
    assert [audit_request.id for audit_request in moved] == [
        audit_request.id for audit_request in make.requests(asked)
    ]
    assert grant_for_token(link_for(successor)).id == successor.id


def test_changing_back_gives_the_first_contact_a_new_link_and_a_new_email(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    grant = make.grants(asked)[0]
    lead, deputy = grant.contact.agency.contacts
    link = link_for(grant)
    back = replace(replace(grant, deputy), lead)
    assert back.id == grant.id
    assert link_for(back) != link
    assert [mail.to_addr for mail in outbox() if mail.state == "queued"] == ["lead@police.example"]


def test_a_contact_of_another_agency_cannot_replace_the_contact(make: Maker, asked: Audit) -> None:
    with pytest.raises(Refused, match="does not answer"):
        replace(make.grants(asked)[0], make.agency().contacts[0])
    with pytest.raises(Refused, match="asked already"):
        replace(make.grants(asked)[0], make.grants(asked)[0].contact)


def test_a_contact_who_has_left_cannot_replace_the_contact(
    make: Maker, asked: Audit, session: Session
) -> None:
    grant = make.grants(asked)[0]
    deputy = grant.contact.agency.contacts[1]
    deputy.left_at = MONDAY_MORNING
    session.commit()
    with pytest.raises(Refused, match="does not answer"):
        replace(grant, deputy)
    assert grant.revoked_at is None


def test_delegated_cases_come_back_to_the_new_contact(make: Maker, asked: Audit, outbox: Queued) -> None:
    first, second, third = make.requests(asked)
    lead = first.grant
    delegations = [passed(audit_request) for audit_request in (first, second, third)]
    deputy = next(contact for contact in lead.contact.agency.contacts if contact.email == DEPUTY)
    with transaction():
        successor = replace_contact(lead, deputy, actor="ann", now=LATER)
    assert successor.queued
    assert {delegation.from_grant_id for delegation in delegations} == {successor.grant.id}
    assert opened_by(delegations[0].to_grant) == [first.id, second.id, third.id]
    with transaction():
        take_back_delegation(delegations[0], now=LATER)
    assert opened_by(successor.grant) == [first.id]
    assert [mail.to_addr for mail in outbox() if mail.kind == "request"] == [DEPUTY]


def test_replacing_the_colleague_ends_the_delegation(make: Maker, asked: Audit) -> None:
    first = make.requests(asked)[0]
    lead, done = first.grant, passed(first)
    with transaction():
        successor = replace_contact(done.to_grant, lead.contact, actor="ann", now=LATER)
    assert (successor.grant.id, successor.queued) == (lead.id, True)
    assert done.taken_back_at == LATER
    assert len(opened_by(lead)) == 3
    assert done.to_grant.revoked_at == LATER


def test_a_passer_keeps_their_link_while_another_case_of_theirs_is_with_a_colleague(
    make: Maker, asked: Audit
) -> None:
    first, second, third = make.requests(asked)
    lead = first.grant
    deputy = next(contact for contact in lead.contact.agency.contacts if contact.email == DEPUTY)
    to_pat = passed(first)
    for audit_request in (second, third):
        passed(audit_request, to=("Kim", "kim@police.example"))
    # The deputy answers instead of Pat, so the lead holds nothing, and watches what is with Kim.
    with transaction():
        replace_contact(to_pat.to_grant, deputy, actor="ann", now=LATER)
    assert to_pat.taken_back_at == LATER
    assert lead.revoked_at is None
    assert len(delegations_from_links({lead.public_id: lead.version})) == 2
    # Instead of Kim too: nothing is left to watch, and the lead's link ends.
    with transaction():
        replace_contact(second.grant, deputy, actor="ann", now=LATER)
    assert lead.revoked_at == LATER
    assert len(opened_by(first.grant)) == 3
