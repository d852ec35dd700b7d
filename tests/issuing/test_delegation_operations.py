"""A request is passed to a colleague, taken back, sent back or returned by them."""

from datetime import date, timedelta

import pytest

from surveyapp.answering.delegation.operations import ReturnedAlready
from surveyapp.answering.returns.operations import return_audit, return_nil, save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of, working_revision
from surveyapp.chasing.operations import chase
from surveyapp.chasing.queries import chasing_list
from surveyapp.chasing.slots import Slot
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.access_queries import request_open_to
from surveyapp.issuing.delegation_locks import RequestNoLongerHeld
from surveyapp.issuing.delegation_operations import (
    CheckRequiredBeforeReturn,
    DelegatedAlready,
    send_back_delegation,
    take_back_delegation,
)
from surveyapp.issuing.grant_operations import queue_request_email_by_count
from surveyapp.issuing.link_operations import send_link_again, send_new_link
from surveyapp.issuing.links import DelegatedLinkEnded, LinkUnknown, grant_for_token, link_for
from surveyapp.issuing.withdrawal_operations import take_back_withdrawal, withdraw_request
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import tally
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import GIVEN, LATER, Queued, opened_by, passed, worded
from tests.row_maker import Maker


def test_the_colleague_opens_only_that_case_and_the_passer_only_the_others(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first, *others = make.requests(asked)
    lead = first.grant
    held = {lead.public_id: lead.version}
    theirs = passed(first).to_grant
    assert opened_by(theirs) == [first.id]
    assert opened_by(lead) == [audit_request.id for audit_request in others]
    assert request_open_to(held, first.public_id) is None
    assert (theirs.contact.name, theirs.contact.role) == ("Pat Lowe", "colleague")
    assert first.agency.answering_contact is lead.contact
    mail = outbox()[-1]
    assert (mail.kind, mail.to_addr, mail.state) == ("passed_on", "pat@police.example", "queued")
    assert grant_for_token(link_for(theirs)).id == theirs.id


def test_taking_a_case_back_ends_the_colleagues_link_and_keeps_what_they_saved(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    lead, done = first.grant, passed(first)
    link = link_for(done.to_grant)
    with transaction():
        save_draft(first, GIVEN, ButtonPress.fresh(None), now=LATER)
    with transaction():
        assert take_back_delegation(done, now=LATER)
    with pytest.raises(DelegatedLinkEnded):
        grant_for_token(link)
    assert first.id in opened_by(lead)
    draft = working_revision(return_of(first))
    assert draft is not None
    assert draft.grant_id == done.to_grant_id
    assert [(mail.kind, mail.state) for mail in outbox()] == [("passed_on", "cancelled")]
    with transaction():
        assert not take_back_delegation(done, now=LATER), "A second press does nothing."


def test_a_colleague_with_another_case_keeps_their_link_for_it(make: Maker, asked: Audit) -> None:
    first, second, _third = make.requests(asked)
    one, other = passed(first), passed(second)
    assert one.to_grant_id == other.to_grant_id
    with transaction():
        take_back_delegation(one, now=LATER)
    assert opened_by(other.to_grant) == [second.id]


def test_passing_again_to_the_same_colleague_makes_another_link(make: Maker, asked: Audit) -> None:
    first = make.requests(asked)[0]
    done = passed(first)
    old = link_for(done.to_grant)
    with transaction():
        take_back_delegation(done, now=LATER)
    again = passed(first)
    assert again.to_grant_id == done.to_grant_id
    assert opened_by(again.to_grant) == [first.id]
    with pytest.raises(LinkUnknown):
        grant_for_token(old)


def test_a_return_by_the_colleague_counts_and_the_passer_can_correct_it(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    lead, done = first.grant, passed(first)
    with transaction():
        assert return_audit(first, GIVEN, ButtonPress.fresh(None), now=LATER).kind == "submit"
    assert done.finished_at == LATER
    assert (first.grant_id, opened_by(done.to_grant)) == (lead.id, [])
    assert tally(asked, now=LATER).returned == 1
    receipts = [mail for mail in outbox() if mail.kind == "receipt"]
    theirs, mine = (render_email(email).text for mail in receipts if (email := worded(mail)) is not None)
    assert [mail.to_addr for mail in receipts] == ["pat@police.example", "lead@police.example"]
    assert f"You returned it for {lead.contact.name}" in theirs
    assert "/r/" not in theirs, "Nobody is sent a link that is not their own."
    assert "Pat Lowe returned it for you" in mine
    assert link_for(lead) in mine
    with transaction():
        press = ButtonPress.fresh(return_of(first))
        assert return_audit(first, GIVEN, press, now=LATER + timedelta(hours=1)).kind == "submit"
    assert worded(receipts[0]) is None, "A correction since is the passer’s."


def test_a_colleague_cannot_return_a_case_that_is_to_be_checked(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    lead, done = first.grant, passed(first, sends_back=True)
    with pytest.raises(CheckRequiredBeforeReturn), transaction():
        return_audit(first, GIVEN, ButtonPress.fresh(None), now=LATER)
    with pytest.raises(CheckRequiredBeforeReturn), transaction():
        return_nil(first, "not_known", ButtonPress.fresh(None), now=LATER)
    with transaction():
        save_draft(first, GIVEN, ButtonPress.fresh(None), now=LATER)
        send_back_delegation(first, now=LATER)
    assert (first.grant_id, done.finished_at) == (lead.id, LATER)
    mail = outbox()[-1]
    assert (mail.kind, mail.to_addr) == ("sent_back", "lead@police.example")
    email = worded(mail)
    assert email is not None
    said = render_email(email).text
    assert "Pat Lowe has sent back" in said
    assert link_for(lead) in said
    assert tally(asked, now=LATER).returned == 0
    with pytest.raises(RequestNoLongerHeld), transaction():
        send_back_delegation(first, now=LATER)


def test_a_returned_closed_or_withdrawn_request_is_not_passed_on(make: Maker, asked: Audit) -> None:
    first, second, third = make.requests(asked)
    make.returned(first)
    with pytest.raises(ReturnedAlready):
        passed(first)
    with transaction():
        withdraw_request(second, reason="No", actor="ann", now=LATER)
    with pytest.raises(RequestNoLongerHeld):
        passed(second)
    with transaction():
        close_returns(asked, actor="ann", now=LATER)
    with pytest.raises(ReturnsClosed):
        passed(third)
    assert make.grants(asked) == [third.grant], "What was refused left nothing behind."


def test_a_colleague_cannot_pass_a_case_on_again(make: Maker, asked: Audit) -> None:
    first = make.requests(asked)[0]
    passed(first)
    with pytest.raises(DelegatedAlready):
        passed(first, to=("Kim", "kim@police.example"))


def test_a_delegated_case_is_chased_once_and_with_the_colleague(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    requests = make.requests(asked)
    for audit_request in requests[:2]:
        passed(audit_request)
    with transaction():
        chase(Slot(asked, date(2026, 12, 14)), now=MONDAY_MORNING + timedelta(days=14))
    chasers = {mail.to_addr: worded(mail) for mail in outbox() if mail.kind == "chaser"}
    assert {to: email.words["cases"] for to, email in chasers.items() if email} == {
        "lead@police.example": ["Child 3"],
        "pat@police.example": ["Child 1", "Child 2"],
    }
    lead = make.grants(asked)[0]
    passed(requests[2])
    found = chasing_list(asked, date(2026, 12, 15), working_calendar(), by_hand=True)
    assert {not_due.contact.name: not_due.why for not_due in found.not_due} == {
        lead.contact.name: "has passed everything to a colleague"
    }
    states = {mail.to_addr: mail.state for mail in outbox() if mail.kind == "chaser"}
    assert states["lead@police.example"] == "cancelled", "What they were chased for is with somebody else."


def test_the_request_email_lists_delegated_cases_and_is_sent_once(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    lead = make.grants(asked)[0]
    with transaction():
        assert queue_request_email_by_count(lead, now=LATER)
    passed(make.requests(asked)[0])
    with transaction():
        assert not queue_request_email_by_count(lead, now=LATER), "Passing one on makes no new request."
    for audit_request in make.requests(asked)[1:]:
        passed(audit_request)
    email = worded(next(mail for mail in outbox() if mail.kind == "request"))
    assert email is not None
    assert email.words["cases"] == ["Child 1", "Child 2", "Child 3"]


def test_link_again_new_link_and_withdrawal_reach_the_colleague(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    theirs = passed(first).to_grant
    with transaction():
        assert send_link_again(theirs, seen=0, actor="ann", now=LATER)
    assert outbox()[-1].to_addr == "pat@police.example"
    old = link_for(theirs)
    with transaction():
        assert send_new_link(theirs, seen=theirs.version, actor="ann", now=LATER)
    with pytest.raises(LinkUnknown):
        grant_for_token(old)
    with transaction():
        withdraw_request(first, reason="No", actor="ann", now=LATER)
    assert {mail.state for mail in outbox()} == {"cancelled"}
    with transaction():
        take_back_withdrawal(first, actor="ann", now=LATER)
    assert opened_by(theirs) == [first.id]


def test_a_colleagues_replaced_link_is_unknown_and_not_an_ended_delegation(make: Maker, asked: Audit) -> None:
    theirs = passed(make.requests(asked)[0]).to_grant
    old = link_for(theirs)
    with transaction():
        assert send_new_link(theirs, seen=theirs.version, actor="ann", now=LATER)
    with pytest.raises(LinkUnknown) as unknown:
        grant_for_token(old)
    assert not isinstance(unknown.value, DelegatedLinkEnded)
    assert grant_for_token(link_for(theirs)).id == theirs.id


def test_the_passers_chaser_is_cancelled_with_the_last_case_and_not_before(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first, *others = make.requests(asked)
    with transaction():
        chase(Slot(asked, date(2026, 12, 14)), now=MONDAY_MORNING + timedelta(days=14))

    def state() -> list[str]:
        return [mail.state for mail in outbox() if mail.to_addr == "lead@police.example"]

    passed(first)
    assert state() == ["queued"], "Two cases are with the lead still."
    for audit_request in others:
        passed(audit_request)
    assert state() == ["cancelled"]
