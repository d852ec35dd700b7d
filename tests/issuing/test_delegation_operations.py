"""A case passed to a colleague is with exactly one person, whatever happens, and no count changes."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from surveyapp.agencies.operations import ContactHasLeft, note_contact_left
from surveyapp.answering.delegation.operations import ReturnedAlready, delegate_to_colleague
from surveyapp.answering.models import Return
from surveyapp.answering.returns.operations import return_audit, return_nil, save_draft, take_back_nil
from surveyapp.answering.returns.outstanding_queries import outstanding
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of, working_revision
from surveyapp.chasing.operations import chase
from surveyapp.chasing.queries import chasing_list
from surveyapp.chasing.slots import Slot
from surveyapp.closing.operations import close_returns, reopen
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.outbox import Email, mail_kinds
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing import correction_operations as putting_right
from surveyapp.issuing import delegation_operations as passing_on
from surveyapp.issuing.delegation_operations import (
    CheckRequiredBeforeReturn,
    DelegatedAlready,
    DelegatedToSelf,
    RequestNoLongerHeld,
)
from surveyapp.issuing.delegation_queries import (
    delegations_from_links,
    ended_delegation_to_links,
    open_delegation_from_links,
)
from surveyapp.issuing.grant_operations import queue_request_email_by_count
from surveyapp.issuing.links import DelegatedLinkEnded, LinkUnknown, grant_for_token, link_for
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import live_requests, request_open_to, requests_open_to
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import outstanding_list, tally
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
GIVEN = (GivenAnswer("supervision", option="yes"),)
PAT = ("Pat Lowe", "pat@police.example")
DEPUTY = "deputy@police.example"
LATER = MONDAY_MORNING + timedelta(hours=1)


@pytest.fixture
def asked(make: Maker) -> Audit:
    """An agency with a lead and a deputy, asked about three cases."""
    agency = make.agency("Northside Police", contact="lead@police.example")
    agency.contacts.append(Contact(name="Dan Roe", email=DEPUTY, role="deputy"))
    return make.audit(cases=3, agencies=[agency])


def passed(
    audit_request: AuditRequest, *, to: tuple[str, str] = PAT, sends_back: bool = False, now: datetime = LATER
) -> Delegation:
    with transaction():
        return delegate_to_colleague(audit_request, name=to[0], email=to[1], sends_back=sends_back, now=now)


def opened_by(grant: Grant) -> list[int]:
    """The numbers of the requests that a grant's link opens."""
    return [each.id for each in requests_open_to({grant.public_id: grant.version})]


def worded(mail: Outbox) -> Email | None:
    return mail_kinds()[mail.kind].word(mail.subject_id, mail.to_addr)


def test_the_colleague_opens_that_case_alone_and_the_passer_the_others(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first, *others = make.requests(asked)
    lead = first.grant
    held = {lead.public_id: lead.version}
    theirs = passed(first).to_grant
    assert opened_by(theirs) == [first.id]
    assert opened_by(lead) == [each.id for each in others]
    assert request_open_to(held, first.public_id) is None
    assert (theirs.contact.name, theirs.contact.role) == ("Pat Lowe", "colleague")
    assert first.agency.answering_contact is lead.contact
    mail = outbox()[-1]
    assert (mail.kind, mail.to_addr, mail.state) == ("passed_on", "pat@police.example", "queued")
    assert grant_for_token(link_for(theirs)).id == theirs.id


def test_the_email_says_who_passed_it_what_and_by_when_and_nothing_about_the_child(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first, second, _third = make.requests(asked)
    passer = first.grant.contact.name
    passed(first, sends_back=True)
    passed(second)
    email = worded(outbox()[-1])
    assert email is not None
    said = render_email(email)
    link = link_for(make.grants(asked)[-1])
    assert said.subject == f"Passed to you by {passer}: 2 audit returns by 18 December"
    for text in (said.text, said.html):
        plain = " ".join(text.split())
        for words in (
            passer,
            asked.title,
            "Northside Police",
            "Child 1, passed by",
            f"send it back, and {passer} checks and returns it",
            "return it yourself",
            "Friday 18 December 2026",
            link,
        ):
            assert words in plain
        assert "Child 3" not in text
        assert not {"female", "months"} & set(text.split())


def test_taking_it_back_ends_their_link_and_keeps_what_they_saved(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    lead, done = first.grant, passed(first)
    link = link_for(done.to_grant)
    with transaction():
        save_draft(first, GIVEN, ButtonPress.fresh(None), now=LATER)
    with transaction():
        assert passing_on.take_back_delegation(done, now=LATER)
    with pytest.raises(DelegatedLinkEnded):
        grant_for_token(link)
    assert first.id in opened_by(lead)
    draft = working_revision(return_of(first))
    assert draft is not None
    assert draft.grant_id == done.to_grant_id
    assert [(mail.kind, mail.state) for mail in outbox()] == [("passed_on", "cancelled")]
    with transaction():
        assert not passing_on.take_back_delegation(done, now=LATER), "A second press does nothing."


def test_a_colleague_with_another_case_keeps_their_link_for_it(make: Maker, asked: Audit) -> None:
    first, second, _third = make.requests(asked)
    one, other = passed(first), passed(second)
    assert one.to_grant_id == other.to_grant_id
    with transaction():
        passing_on.take_back_delegation(one, now=LATER)
    assert opened_by(other.to_grant) == [second.id]


def test_passing_again_to_the_same_colleague_makes_another_link(make: Maker, asked: Audit) -> None:
    first = make.requests(asked)[0]
    done = passed(first)
    old = link_for(done.to_grant)
    with transaction():
        passing_on.take_back_delegation(done, now=LATER)
    again = passed(first)
    assert again.to_grant_id == done.to_grant_id
    assert opened_by(again.to_grant) == [first.id]
    with pytest.raises(LinkUnknown):
        grant_for_token(old)


def test_what_the_colleague_returns_counts_and_is_the_passers_to_correct(
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


def test_what_is_to_be_checked_is_not_returned_by_the_colleague(
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
        passing_on.send_back_delegation(first, now=LATER)
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
        passing_on.send_back_delegation(first, now=LATER)


def test_what_has_been_returned_closed_or_withdrawn_is_not_passed_on(make: Maker, asked: Audit) -> None:
    first, second, third = make.requests(asked)
    make.returned(first)
    with pytest.raises(ReturnedAlready):
        passed(first)
    with transaction():
        putting_right.withdraw_request(second, reason="No", actor="ann", now=LATER)
    with pytest.raises(RequestNoLongerHeld):
        passed(second)
    with transaction():
        close_returns(asked, actor="ann", now=LATER)
    with pytest.raises(ReturnsClosed):
        passed(third)
    assert make.grants(asked) == [third.grant], "What was refused left nothing behind."


@pytest.mark.parametrize("address", ["lead@police.example", " LEAD@Police.Example "])
def test_nobody_passes_a_case_to_themselves(make: Maker, asked: Audit, address: str) -> None:
    with pytest.raises(DelegatedToSelf):
        passed(make.requests(asked)[0], to=("Me", address))


def test_a_colleague_passes_it_no_further(make: Maker, asked: Audit) -> None:
    first = make.requests(asked)[0]
    passed(first)
    with pytest.raises(DelegatedAlready):
        passed(first, to=("Kim", "kim@police.example"))


def test_a_press_that_comes_after_somebody_else_moved_it_passes_nothing(
    make: Maker, asked: Audit, session: Session
) -> None:
    first = make.requests(asked)[0]
    done = passed(first)
    with transaction():
        passing_on.take_back_delegation(done, now=LATER)
    assert first.grant.contact.name != "Pat Lowe"
    # Another process moves it between this one's look and its press.
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


def test_a_contact_who_is_there_keeps_their_role_and_one_who_has_left_gets_nothing(
    make: Maker, asked: Audit
) -> None:
    first, second, _third = make.requests(asked)
    done = passed(first, to=("Daniel", DEPUTY.upper()))
    assert (done.to_grant.contact.name, done.to_grant.contact.role) == ("Dan Roe", "deputy")
    with transaction():
        note_contact_left(done.to_grant.contact, actor="ann", now=LATER)
    with pytest.raises(ContactHasLeft):
        passed(second, to=("Daniel", DEPUTY))


def test_the_chaser_goes_to_whoever_has_it_and_once(make: Maker, asked: Audit, outbox: Queued) -> None:
    requests = make.requests(asked)
    for each in requests[:2]:
        passed(each)
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
    assert {each.contact.name: each.why for each in found.not_due} == {
        lead.contact.name: "has passed everything to a colleague"
    }
    states = {mail.to_addr: mail.state for mail in outbox() if mail.kind == "chaser"}
    assert states["lead@police.example"] == "cancelled", "What they were chased for is with somebody else."


def test_the_request_email_of_who_passed_all_on_still_names_it_and_leaves_once(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    lead = make.grants(asked)[0]
    with transaction():
        assert queue_request_email_by_count(lead, now=LATER)
    passed(make.requests(asked)[0])
    with transaction():
        assert not queue_request_email_by_count(lead, now=LATER), "Passing one on makes no new request."
    for each in make.requests(asked)[1:]:
        passed(each)
    email = worded(next(mail for mail in outbox() if mail.kind == "request"))
    assert email is not None
    assert email.words["cases"] == ["Child 1", "Child 2", "Child 3"]


def test_a_new_contact_has_back_what_the_old_one_passed_on(make: Maker, asked: Audit, outbox: Queued) -> None:
    first, second, third = make.requests(asked)
    lead = first.grant
    done = [passed(each) for each in (first, second, third)]
    deputy = next(each for each in lead.contact.agency.contacts if each.email == DEPUTY)
    with transaction():
        successor = putting_right.replace_contact(lead, deputy, actor="ann", now=LATER)
    assert successor.queued
    assert {each.from_grant_id for each in done} == {successor.grant.id}
    assert opened_by(done[0].to_grant) == [first.id, second.id, third.id]
    with transaction():
        passing_on.take_back_delegation(done[0], now=LATER)
    assert opened_by(successor.grant) == [first.id]
    assert [mail.to_addr for mail in outbox() if mail.kind == "request"] == [DEPUTY]


def test_a_manager_who_lets_somebody_else_answer_ends_the_pass(make: Maker, asked: Audit) -> None:
    first = make.requests(asked)[0]
    lead, done = first.grant, passed(first)
    with transaction():
        successor = putting_right.replace_contact(done.to_grant, lead.contact, actor="ann", now=LATER)
    assert (successor.grant.id, successor.queued) == (lead.id, True)
    assert done.taken_back_at == LATER
    assert len(opened_by(lead)) == 3
    assert done.to_grant.revoked_at == LATER


def test_link_again_new_link_and_withdrawal_reach_the_colleague(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    theirs = passed(first).to_grant
    with transaction():
        assert putting_right.send_link_again(theirs, seen=0, actor="ann", now=LATER)
    assert outbox()[-1].to_addr == "pat@police.example"
    old = link_for(theirs)
    with transaction():
        assert putting_right.send_new_link(theirs, seen=theirs.version, actor="ann", now=LATER)
    with pytest.raises(LinkUnknown):
        grant_for_token(old)
    with transaction():
        putting_right.withdraw_request(first, reason="No", actor="ann", now=LATER)
    assert {mail.state for mail in outbox()} == {"cancelled"}
    with transaction():
        putting_right.take_back_withdrawal(first, actor="ann", now=LATER)
    assert opened_by(theirs) == [first.id]


# What moves a request from one person to another, and so changes no count; and what else may happen.
MOVES = ("pass", "pass to deputy", "pass to check", "take back", "send back", "ask someone else")
ELSE = ("save", "return", "nil", "take back nil", "withdraw", "ask again", "close", "reopen")
BY_STAFF = {"withdraw", "ask again", "close", "reopen", "ask someone else", "take back"}


@pytest.mark.slow
def test_any_history_leaves_each_request_with_one_person(make: Maker, session: Session) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(MOVES + ELSE), st.integers(0, 2)), max_size=12))
    def check(history: list[tuple[str, int]]) -> None:
        agency = make.agency()
        agency.contacts.append(Contact(name="Dan Roe", email=DEPUTY, role="deputy"))
        audit = make.audit(cases=3, agencies=[agency])
        for minute, (act, number) in enumerate(history, start=1):
            now = MONDAY_MORNING + timedelta(minutes=minute)
            before = tally(audit, now=now)
            with contextlib.suppress(SurveyError), transaction():
                _do(act, make.requests(audit)[number], agency, now)
            assert act not in MOVES or before == tally(audit, now=now), act
            _holds(audit, make, session)

    check()


def _do(act: str, audit_request: AuditRequest, agency: Agency, now: datetime) -> None:
    """Do one thing that somebody might, contacts through the link that opens the request now."""
    holder = audit_request.grant
    mine = request_open_to({holder.public_id: holder.version}, audit_request.public_id)
    if mine is None and act not in BY_STAFF:
        raise Refused("No link opens it.")
    each = mine or audit_request
    press = ButtonPress.fresh(return_of(each))
    deputy = next(one for one in agency.contacts if one.role == "deputy")
    lead = next(one for one in agency.contacts if one.role == "lead")
    if act.startswith("pass"):
        to = ("Dan", DEPUTY) if act == "pass to deputy" else PAT
        delegate_to_colleague(each, name=to[0], email=to[1], sends_back=act == "pass to check", now=now)
    elif act == "take back":
        if each.open_delegation is not None:
            passing_on.take_back_delegation(each.open_delegation, now=now)
    elif act == "ask someone else":
        other = deputy if holder.contact_id != deputy.id else lead
        putting_right.replace_contact(holder, other, actor="ann", now=now)
    else:
        acts: dict[str, Callable[[], object]] = {
            "send back": lambda: passing_on.send_back_delegation(each, now=now),
            "save": lambda: save_draft(each, GIVEN, press, now=now),
            "return": lambda: return_audit(each, GIVEN, press, now=now),
            "nil": lambda: return_nil(each, "not_known", press, now=now),
            "take back nil": lambda: take_back_nil(each, now=now),
            "withdraw": lambda: putting_right.withdraw_request(each, reason="r", actor="ann", now=now),
            "ask again": lambda: putting_right.take_back_withdrawal(each, actor="ann", now=now),
            "close": lambda: close_returns(each.audit, actor="ann", now=now),
            "reopen": lambda: reopen(each.audit, to=date(2027, 1, 15), reason="r", actor="ann", now=now),
        }
        acts[act]()


def _holds(audit: Audit, make: Maker, session: Session) -> None:
    """What is true whatever happened."""
    session.expire_all()
    requests, grants = make.requests(audit), make.grants(audit)
    watched: set[int] = set()
    for each in requests:
        wanted = select(Delegation).where(Delegation.request_id == each.id, Delegation.under_way())
        under_way = session.scalars(wanted).all()
        assert len(under_way) <= 1
        for one in under_way:
            assert each.grant_id == one.to_grant_id != one.from_grant_id
            kept = return_of(each)
            assert kept is None or kept.returned_at is None, "What is returned is with its passer."
            watched.add(one.from_grant_id)
    for grant in grants:
        hangs = grant.id in watched or any(each.grant_id == grant.id for each in requests)
        assert (grant.revoked_at is None) == hangs, "A link is live exactly while something hangs on it."
        assert opened_by(grant) == ([each.id for each in live_requests(grant)] if hangs else [])
    opened = sorted(number for grant in grants for number in opened_by(grant))
    assert opened == [each.id for each in requests if each.withdrawn_at is None]
    waiting = sorted(each.id for grant in grants for each in outstanding(grant))
    assert waiting == sorted(each.request_id for each in outstanding_list(audit))
    returned = (
        select(func.count())
        .select_from(Return)
        .join(AuditRequest, AuditRequest.id == Return.request_id)
        .where(
            AuditRequest.audit_id == audit.id,
            AuditRequest.withdrawn_at.is_(None),
            Return.returned_at.is_not(None),
        )
    )
    found = tally(audit, now=MONDAY_MORNING)
    assert (found.returned, found.outstanding) == (session.scalar(returned), len(waiting))
    mine = [grant.id for grant in grants]
    passes = select(Delegation).where(
        or_(Delegation.from_grant_id.in_(mine), Delegation.to_grant_id.in_(mine))
    )
    for one in session.scalars(passes):
        assert one.finished_at is None or one.taken_back_at is None


def test_only_the_link_in_force_of_a_contact_who_is_there_sees_what_it_passed_on(
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
        passing_on.send_back_delegation(first, now=LATER)
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
    # A link that begins anew for another case is another one: the one that ended tells nothing any more.
    again = passed(second, now=LATER).to_grant
    assert (again.id, again.version) == (theirs.id, seen_version + 2)
    assert ended_delegation_to_links({theirs.public_id: seen_version}, public_id) is None
    assert ended_delegation_to_links({theirs.public_id: seen_version + 1}, public_id) is None


def test_a_passer_keeps_their_link_while_another_case_of_theirs_is_with_a_colleague(
    make: Maker, asked: Audit
) -> None:
    first, second, third = make.requests(asked)
    lead = first.grant
    deputy = next(each for each in lead.contact.agency.contacts if each.email == DEPUTY)
    to_pat = passed(first)
    for audit_request in (second, third):
        passed(audit_request, to=("Kim", "kim@police.example"))
    # The deputy answers instead of Pat, so the lead holds nothing, and watches what is with Kim.
    with transaction():
        putting_right.replace_contact(to_pat.to_grant, deputy, actor="ann", now=LATER)
    assert to_pat.taken_back_at == LATER
    assert lead.revoked_at is None
    assert len(delegations_from_links({lead.public_id: lead.version})) == 2
    # Instead of Kim too: nothing is left to watch, and the lead's link ends.
    with transaction():
        putting_right.replace_contact(second.grant, deputy, actor="ann", now=LATER)
    assert lead.revoked_at == LATER
    assert len(opened_by(first.grant)) == 3


def test_a_link_replaced_between_the_look_and_the_press_passes_on_and_sends_back_nothing(
    make: Maker, asked: Audit, session: Session
) -> None:
    first, second, _third = make.requests(asked)
    done = passed(second, sends_back=True)

    def replace_link(grant: Grant) -> None:
        """Another process makes a new link, which this session has not read."""
        newer = update(Grant).where(Grant.id == grant.id).values(version=grant.version + 1)
        session.execute(newer, execution_options={"synchronize_session": False})

    assert second.open_delegation is not None
    replace_link(done.to_grant)
    with pytest.raises(RequestNoLongerHeld), transaction():
        passing_on.send_back_delegation(second, now=LATER)
    session.rollback()
    assert second.open_delegation is not None
    replace_link(first.grant)
    with pytest.raises(RequestNoLongerHeld):
        passed(first)
    assert first.open_delegation is None


def test_once_returns_have_closed_no_email_says_that_a_case_was_sent_back(
    make: Maker, asked: Audit, outbox: Queued
) -> None:
    first = make.requests(asked)[0]
    passed(first, sends_back=True)
    with transaction():
        passing_on.send_back_delegation(first, now=LATER)
    mail = next(each for each in outbox() if each.kind == "sent_back")
    assert worded(mail) is not None
    with transaction():
        close_returns(asked, actor="ann", now=LATER)
    assert worded(mail) is None


def test_a_case_passed_on_is_announced_only_while_it_is_with_the_colleague_and_returns_are_open(
    make: Maker, asked: Audit, outbox: Queued, session: Session
) -> None:
    done = passed(make.requests(asked)[0])
    theirs = done.to_grant
    mail = next(each for each in outbox() if each.kind == "passed_on")
    assert worded(mail) is not None
    for row, column in ((theirs.contact, "left_at"), (theirs, "revoked_at"), (asked, "closed_at")):
        setattr(row, column, LATER)
        session.flush()
        assert worded(mail) is None, column
        setattr(row, column, None)
        session.flush()
    assert worded(mail) is not None
    theirs.contact.email = "another@police.example"
    assert worded(mail) is None


def test_a_replaced_link_that_holds_another_case_tells_nothing_of_the_one_that_went_back(
    make: Maker, asked: Audit
) -> None:
    first, second, _third = make.requests(asked)
    theirs = passed(first).to_grant
    passed(second)
    held = {theirs.public_id: theirs.version}
    with transaction():
        passing_on.send_back_delegation(first, now=LATER)
    # The second case keeps the link alive, which says where the first one is.
    assert ended_delegation_to_links(held, first.public_id) is not None
    with transaction():
        assert putting_right.send_new_link(theirs, seen=theirs.version, actor="ann", now=LATER)
    assert theirs.revoked_at is None
    assert ended_delegation_to_links(held, first.public_id) is None
    assert ended_delegation_to_links({theirs.public_id: theirs.version}, first.public_id) is not None


def test_a_colleagues_link_that_was_replaced_says_nothing_of_a_case_given_back(
    make: Maker, asked: Audit
) -> None:
    theirs = passed(make.requests(asked)[0]).to_grant
    old = link_for(theirs)
    with transaction():
        assert putting_right.send_new_link(theirs, seen=theirs.version, actor="ann", now=LATER)
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
