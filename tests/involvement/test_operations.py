"""Asking agencies which children they knew, reminding them once, and storing what they say."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.agencies.operations import note_contact_left
from surveyapp.answering.arrival.operations import send_wanted_links, want_link
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.models import Outbox
from surveyapp.involvement import operations
from surveyapp.involvement.queries import checked_agencies, involvement_check
from surveyapp.issuing.link_operations import replace_all_links
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for, token_in
from surveyapp.issuing.operations import issue_requests
from surveyapp.issuing.queries import grants_in_force, links_mark
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.grid.operations import tick_cells
from surveyapp.planning.grid.queries import planned_grid, ticked_cells
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import listed_audits
from surveyapp.planning.removal.operations import AgenciesAsked, delete_audit, set_audit_aside
from tests.conftest import MONDAY_MORNING
from tests.involvement.conftest import ACTING, grants_of
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]


def says(audit: Audit, place: int, *answers: str) -> None:
    checked = checked_agencies(audit)[place]
    said = dict(zip((case.id for case in audit.cases), answers, strict=False))
    with transaction():
        operations.answer_check(checked, said, seen=operations.answers_digest({}), now=MONDAY_MORNING)


def test_each_contact_gets_one_email_however_often_it_is_pressed(planned: Audit, outbox: Queued) -> None:
    for expected in (2, 0):
        with transaction():
            count = operations.ask_agencies(planned, answer_by=date(2026, 12, 11), **ACTING)
        assert count == expected
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [
        ("involvement_check", "lead@health.example"),
        ("involvement_check", "lead@police.example"),
    ]
    assert planned.involvement_answer_by == date(2026, 12, 11)
    assert planned.involvement_asked_at == MONDAY_MORNING
    assert planned.issued_at is None


def test_an_agency_chosen_later_is_asked_later(asked: Audit, make: Maker, outbox: Queued) -> None:
    school = make.agency("Elm School", kind="school", contact="head@elm.example")
    with transaction():
        cell = planned_grid(asked).cells
        tick_cells(asked, cell | {next(iter(cell))._replace(agency_id=school.id)}, **ACTING)
    with transaction():
        assert operations.ask_agencies(asked, answer_by=None, **ACTING) == 1
    assert outbox()[-1].to_addr == "head@elm.example"


def test_who_follows_a_contact_who_left_is_asked_and_the_old_link_ends(
    asked: Audit, session: Session, outbox: Queued
) -> None:
    first = grants_of(asked)[0]
    old_link = token_in(link_for(first))
    with transaction():
        note_contact_left(first.contact, **ACTING)
        agency = first.contact.agency
        agency.contacts.append(Contact(name="Dan Roe", email="dan@health.example", role="lead"))
    session.expire_all()
    assert [line.agency.name for line in involvement_check(asked).to_ask] == ["Health Visiting"]
    with transaction():
        operations.ask_agencies(asked, answer_by=None, **ACTING)
    assert outbox()[-1].to_addr == "dan@health.example"
    assert grants_of(asked)[0].contact.name == "Dan Roe"
    with pytest.raises(LinkUnknown):
        grant_for_token(old_link)


def test_a_contact_whose_address_was_corrected_is_asked_there_and_the_old_link_ends(
    asked: Audit, session: Session, outbox: Queued
) -> None:
    grant = grants_of(asked)[0]
    old_link, version = token_in(link_for(grant)), grant.version
    outbox()[0].state = "failed"
    session.commit()
    assert [line.agency.name for line in involvement_check(asked).agencies if line.is_refused] == [
        "Health Visiting"
    ]
    grant.contact.email = "right@health.example"
    session.commit()
    assert [line.agency.name for line in involvement_check(asked).to_ask] == ["Health Visiting"]
    for expected in (1, 0):
        with transaction():
            assert operations.ask_agencies(asked, answer_by=None, **ACTING) == expected
    assert [mail.to_addr for mail in outbox()][2:] == ["right@health.example"]
    assert grants_of(asked)[0].version == version + 1
    with pytest.raises(LinkUnknown):
        grant_for_token(old_link)
    says(asked, 0, "known", "known", "known")
    assert not involvement_check(asked).to_ask


def test_an_audit_whose_agencies_were_asked_is_set_aside_and_not_deleted(asked: Audit) -> None:
    with pytest.raises(AgenciesAsked), transaction():
        delete_audit(asked, typed_title=asked.title, **ACTING)
    with transaction():
        set_audit_aside(asked, **ACTING)
    assert [planned.audit for planned in listed_audits(set_aside=True)] == [asked]


def test_a_day_that_has_passed_an_issued_audit_and_an_empty_one_are_refused(
    planned: Audit, make: Maker
) -> None:
    yesterday = MONDAY_MORNING.date() - timedelta(days=1)
    with pytest.raises(operations.DayHasPassed), transaction():
        operations.ask_agencies(planned, answer_by=yesterday, **ACTING)
    with pytest.raises(AlreadyIssued), transaction():
        operations.ask_agencies(make.audit(cases=1, agencies=1), answer_by=None, **ACTING)
    with pytest.raises(operations.NobodyToAsk), transaction():
        operations.ask_agencies(make.audit(cases=0, agencies=1, issued=False), answer_by=None, **ACTING)


def test_whoever_has_something_left_is_reminded_once(asked: Audit, outbox: Queued) -> None:
    says(asked, 0, "known", "known", "not_known")
    says(asked, 1, "known")
    for expected in (1, 0):
        with transaction():
            assert operations.remind_agencies(asked, **ACTING) == expected
    reminders = [mail.to_addr for mail in outbox() if mail.kind == "involvement_reminder"]
    assert reminders == ["lead@police.example"]


def test_agencies_that_knew_no_child_are_told_apart(asked: Audit) -> None:
    says(asked, 0, "not_known", "not_known", "not_known")
    says(asked, 1, "not_known", "not_known", "relative_only")
    check = involvement_check(asked)
    assert [line.agency.name for line in check.not_involved] == ["Health Visiting"]
    assert len(check.answered) == 2
    assert {cell.agency_id for cell in ticked_cells(asked)} == {check.agencies[1].agency.id}


def test_an_answer_of_a_colleague_meanwhile_is_not_replaced_silently(asked: Audit) -> None:
    says(asked, 0, "known")
    with pytest.raises(EditConflict, match="A colleague has answered"):
        says(asked, 0, "not_known")


def test_nothing_is_changed_after_the_issue_and_who_knew_nobody_gets_no_request(
    asked: Audit, outbox: Queued
) -> None:
    says(asked, 0, "not_known", "not_known", "not_known")
    says(asked, 1, "known", "known", "known")
    with transaction():
        issued = issue_requests(asked, **ACTING)
    assert (issued.requests, issued.contacts) == (3, 1)
    assert [mail.to_addr for mail in outbox() if mail.kind == "request"] == ["lead@police.example"]
    with pytest.raises(operations.CheckOver):
        says(asked, 0, "known")
    with pytest.raises(AlreadyIssued), transaction():
        operations.remind_agencies(asked, **ACTING)


def test_a_link_asked_for_again_before_the_issue_brings_the_check_again(
    asked: Audit, outbox: Queued, session: Session
) -> None:
    with transaction():
        want_link("LEAD@police.example", now=MONDAY_MORNING)
    with transaction():
        assert send_wanted_links(MONDAY_MORNING) == 1
    assert [(mail.kind, mail.to_addr) for mail in outbox()][2:] == [
        ("involvement_check", "lead@police.example")
    ]
    assert asked.issued_at is None
    assert len(session.scalars(select(Outbox)).all()) == 3


def test_every_link_of_a_check_ends_at_once_and_the_check_comes_with_new_ones(
    asked: Audit, outbox: Queued, session: Session
) -> None:
    old = [link_for(grant) for grant in grants_of(asked)]
    with transaction():
        note_contact_left(grants_of(asked)[0].contact, **ACTING)
    with transaction():
        seen = links_mark(grants_in_force(asked.id))
        replaced = replace_all_links(asked, seen=seen, **ACTING)
    assert replaced is not None
    assert (replaced.links, replaced.emails) == (2, 1)
    for link in old:
        with pytest.raises(LinkUnknown):
            grant_for_token(link)
    session.expire_all()
    assert [(mail.kind, mail.to_addr, mail.state) for mail in outbox()][2:] == [
        ("involvement_check", grants_of(asked)[1].contact.email, "queued")
    ]


def test_a_check_of_forty_agencies_takes_few_statements(
    make: Maker, session: Session, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit = make.audit(cases=25, agencies=40, issued=False)
    with transaction():
        operations.ask_agencies(audit, answer_by=None, **ACTING)
    session.expire_all()
    with queries(8):
        assert len(involvement_check(audit).asked) == 40
