"""What was asked of the wrong person can be put right."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing import correction_operations as putting_right
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import requests_open_to
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]

ACTOR = "manager@partnership.example"


@pytest.fixture
def asked(make: Maker) -> Audit:
    """An agency with a lead and a deputy, asked about three cases."""
    agency = make.agency("Northside Police", contact="lead@police.example")
    agency.contacts.append(Contact(name="Deputy", email="deputy@police.example", role="deputy"))
    return make.audit(cases=3, agencies=[agency])


def replace(grant: Grant, contact: Contact) -> Grant:
    with transaction():
        return putting_right.replace_contact(grant, contact, actor=ACTOR, now=MONDAY_MORNING).grant


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
    assert [each.id for each in moved] == [each.id for each in make.requests(asked)]
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


def test_a_contact_of_another_agency_cannot_be_put_in(make: Maker, asked: Audit) -> None:
    with pytest.raises(Refused, match="does not answer"):
        replace(make.grants(asked)[0], make.agency().contacts[0])
    with pytest.raises(Refused, match="asked already"):
        replace(make.grants(asked)[0], make.grants(asked)[0].contact)


def withdraw(audit_request: AuditRequest, reason: str = "The child was not known") -> None:
    with transaction():
        putting_right.withdraw_request(audit_request, reason=reason, actor=ACTOR, now=MONDAY_MORNING)


def test_a_withdrawn_request_leaves_the_list_and_can_be_asked_again(make: Maker, asked: Audit) -> None:
    grant = make.grants(asked)[0]
    held = {grant.public_id: grant.version}
    first = make.requests(asked)[0]
    withdraw(first)
    assert len(requests_open_to(held)) == 2
    with pytest.raises(Refused, match="already"):
        withdraw(first)
    with transaction():
        putting_right.take_back_withdrawal(first, actor=ACTOR, now=MONDAY_MORNING)
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


def test_sending_the_link_again_sends_once_for_each_page(make: Maker, asked: Audit, outbox: Queued) -> None:
    grant = make.grants(asked)[0]
    for seen, sent in ((0, True), (0, False), (1, True)):
        with transaction():
            again = putting_right.send_link_again(grant, seen=seen, actor=ACTOR, now=MONDAY_MORNING)
        assert again is sent
    assert len(outbox()) == 2


def test_a_new_link_kills_the_old_one_and_goes_to_the_address_as_it_is_now(
    make: Maker, asked: Audit, session: Session, outbox: Queued
) -> None:
    grant = make.grants(asked)[0]
    old = link_for(grant)
    with transaction():
        putting_right.send_link_again(grant, seen=0, actor=ACTOR, now=MONDAY_MORNING)
    grant.contact.email = "right@police.example"
    session.commit()
    for expected in (True, False):
        with transaction():
            sent = putting_right.send_new_link(grant, seen=1, actor=ACTOR, now=MONDAY_MORNING)
        assert sent is expected
    with pytest.raises(LinkUnknown):
        grant_for_token(old)
    assert grant_for_token(link_for(grant)).id == grant.id
    assert [(mail.to_addr, mail.state) for mail in outbox()] == [
        ("lead@police.example", "cancelled"),
        ("right@police.example", "queued"),
    ]


def test_once_returns_have_closed_no_link_is_sent_and_the_one_there_is_still_opens(
    make: Maker, asked: Audit, session: Session, outbox: Queued
) -> None:
    grant = make.grants(asked)[0]
    deputy = grant.contact.agency.contacts[1]
    link = link_for(grant)
    asked.closed_at = asked.closes_at = MONDAY_MORNING
    session.commit()
    for send in (putting_right.send_link_again, putting_right.send_new_link):
        with pytest.raises(Refused, match="Returns closed on Monday"), transaction():
            send(grant, seen=grant.version, actor=ACTOR, now=MONDAY_MORNING)
    assert grant_for_token(link).id == grant.id
    with transaction():
        successor = putting_right.replace_contact(grant, deputy, actor=ACTOR, now=MONDAY_MORNING)
    assert not successor.queued
    assert outbox() == []


def test_a_fresh_link_is_sent_three_times_a_day_at_most(make: Maker, asked: Audit, outbox: Queued) -> None:
    grant = make.grants(asked)[0]
    sent = []
    for _ in range(5):
        with transaction():
            sent.append(putting_right.send_fresh_links([grant], now=MONDAY_MORNING))
    assert sent == [1, 1, 1, 0, 0]
    assert {mail.to_addr for mail in outbox()} == {"lead@police.example"}


def test_no_link_is_sent_to_who_has_left(make: Maker, asked: Audit, session: Session) -> None:
    grant = make.grants(asked)[0]
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    for send in (putting_right.send_link_again, putting_right.send_new_link):
        with pytest.raises(putting_right.LinkHolderHasLeft, match="has left the agency"), transaction():
            send(grant, seen=1, actor=ACTOR, now=MONDAY_MORNING)


def test_a_contact_who_has_left_cannot_be_put_in(make: Maker, asked: Audit, session: Session) -> None:
    grant = make.grants(asked)[0]
    deputy = grant.contact.agency.contacts[1]
    deputy.left_at = MONDAY_MORNING
    session.commit()
    with pytest.raises(Refused, match="does not answer"):
        replace(grant, deputy)
    assert grant.revoked_at is None


def test_a_long_reason_for_a_withdrawal_is_kept_up_to_its_limit(make: Maker, asked: Audit) -> None:
    audit_request = make.requests(asked)[0]
    withdraw(audit_request, " " + "x" * (putting_right.LONGEST_REASON + 1))
    assert audit_request.withdrawn_reason == "x" * 300
