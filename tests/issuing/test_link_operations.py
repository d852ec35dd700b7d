"""A contact is sent their link again, or a new one."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.link_operations import (
    LinkHolderHasLeft,
    replace_all_links,
    send_fresh_links,
    send_link_again,
    send_new_link,
)
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for
from surveyapp.issuing.queries import grants_in_force, links_mark
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import ACTOR, PAT, Queued, passed
from tests.row_maker import Maker


def test_sending_the_link_again_sends_once_for_each_page(make: Maker, asked: Audit, outbox: Queued) -> None:
    grant = make.grants(asked)[0]
    for seen, sent in ((0, True), (0, False), (1, True)):
        with transaction():
            again = send_link_again(grant, seen=seen, actor=ACTOR, now=MONDAY_MORNING)
        assert again is sent
    assert len(outbox()) == 2


def test_a_new_link_kills_the_old_one_and_goes_to_the_address_as_it_is_now(
    make: Maker, asked: Audit, session: Session, outbox: Queued
) -> None:
    grant = make.grants(asked)[0]
    old = link_for(grant)
    with transaction():
        send_link_again(grant, seen=0, actor=ACTOR, now=MONDAY_MORNING)
    grant.contact.email = "right@police.example"
    session.commit()
    for expected in (True, False):
        with transaction():
            sent = send_new_link(grant, seen=1, actor=ACTOR, now=MONDAY_MORNING)
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
    for send in (send_link_again, send_new_link):
        with pytest.raises(Refused, match="Returns closed on Monday"), transaction():
            send(grant, seen=grant.version, actor=ACTOR, now=MONDAY_MORNING)
    assert grant_for_token(link).id == grant.id
    with transaction():
        successor = replace_contact(grant, deputy, actor=ACTOR, now=MONDAY_MORNING)
    assert not successor.queued
    assert outbox() == []


def test_a_fresh_link_is_sent_three_times_a_day_at_most(make: Maker, asked: Audit, outbox: Queued) -> None:
    grant = make.grants(asked)[0]
    sent = []
    for _ in range(5):
        with transaction():
            sent.append(send_fresh_links([grant], now=MONDAY_MORNING))
    assert sent == [1, 1, 1, 0, 0]
    assert {mail.to_addr for mail in outbox()} == {"lead@police.example"}


def test_no_link_is_sent_to_a_contact_who_has_left(make: Maker, asked: Audit, session: Session) -> None:
    grant = make.grants(asked)[0]
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    for send in (send_link_again, send_new_link):
        with pytest.raises(LinkHolderHasLeft, match="has left the agency"), transaction():
            send(grant, seen=1, actor=ACTOR, now=MONDAY_MORNING)


def test_every_link_of_an_audit_ends_at_once_and_whoever_can_answer_gets_one_new_one(
    make: Maker, asked: Audit, session: Session, outbox: Queued
) -> None:
    other = make.audit(cases=1, agencies=[make.agency(contact="health@nhs.example")])
    audit = make.audit(
        cases=1,
        agencies=[make.agency(contact=address) for address in ("a@agency.example", "left@agency.example")],
    )
    passed(make.requests(asked)[0])
    make.grants(audit)[1].contact.left_at = MONDAY_MORNING
    session.commit()
    for one, links, addresses in (
        (asked, 2, {"lead@police.example", PAT[1]}),
        (audit, 2, {"a@agency.example"}),
    ):
        before = {mail.id for mail in outbox()}
        old = [link_for(grant) for grant in grants_in_force(one.id)]
        seen = links_mark(grants_in_force(one.id))
        with transaction():
            replaced = replace_all_links(one, seen=seen, actor=ACTOR, now=MONDAY_MORNING)
        assert replaced is not None
        assert (replaced.links, replaced.emails) == (links, len(addresses))
        for link in old:
            with pytest.raises(LinkUnknown):
                grant_for_token(link)
        assert {mail.to_addr for mail in outbox() if mail.id not in before} == addresses
        with transaction():
            assert replace_all_links(one, seen=seen, actor=ACTOR, now=MONDAY_MORNING) is None
    assert grant_for_token(link_for(make.grants(other)[0])).audit_id == other.id


def test_after_the_close_every_link_can_still_end_and_nobody_is_written_to(
    make: Maker, asked: Audit, session: Session, outbox: Queued
) -> None:
    asked.closed_at = asked.closes_at = MONDAY_MORNING
    session.commit()
    (grant,) = make.grants(asked)
    old = link_for(grant)
    with transaction():
        replaced = replace_all_links(asked, seen=grant.version, actor=ACTOR, now=MONDAY_MORNING)
    assert replaced is not None
    assert (replaced.links, replaced.emails) == (1, 0)
    with pytest.raises(LinkUnknown):
        grant_for_token(old)
    assert outbox() == []
