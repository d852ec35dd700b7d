"""Issuing sends each request once, and a test copy once for each press."""

import contextvars
import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.signals import requests_issued
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing import operations
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.operations import NotReady
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit, Case, Involvement
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import ACTOR, Queued
from tests.row_maker import Maker


def issue(audit: Audit, now: datetime = MONDAY_MORNING) -> int:
    with transaction():
        return operations.issue_requests(audit, actor=ACTOR, now=now).requests


def test_every_ticked_cell_becomes_a_request_and_every_contact_gets_one_email(
    make: Maker, session: Session, outbox: Queued
) -> None:
    audit = make.audit(cases=15, agencies=6, issued=False)
    assert issue(audit) == 90
    assert session.query(AuditRequest).filter_by(audit_id=audit.id).count() == 90
    mails = outbox()
    assert [mail.kind for mail in mails] == ["request"] * 6
    assert len({mail.to_addr for mail in mails}) == 6
    assert audit.is_issued
    assert audit.form.form == "repeat_child_protection_plans_2014"


def test_references_can_be_read_out_and_none_is_given_twice(make: Maker, session: Session) -> None:
    issue(make.audit(cases=15, agencies=6, issued=False))
    references = list(session.scalars(select(AuditRequest.reference)))
    assert len(set(references)) == 90
    assert all(
        re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{3}-[2-9A-HJKMNP-TV-Z]{3}", reference) for reference in references
    )


def test_issuing_twice_sends_nothing_twice(make: Maker, outbox: Queued) -> None:
    audit = make.audit(issued=False)
    assert issue(audit) == 6
    before = [mail.dedupe_key for mail in outbox()]
    assert issue(audit) == 0
    assert [mail.dedupe_key for mail in outbox()] == before


def test_four_managers_pressing_at_once_issue_once(
    make: Maker, app: Flask, session: Session, outbox: Queued
) -> None:
    audit = make.audit(cases=5, agencies=4, issued=False)
    audit_id = audit.id
    session.rollback()
    counts: list[int] = []
    start = threading.Barrier(4)

    def press() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                counts.append(
                    operations.issue_requests(
                        session.get_one(Audit, audit_id), actor=ACTOR, now=MONDAY_MORNING
                    ).requests
                )
            app.extensions["sqlalchemy"].session.remove()

    _in_threads(press, 4)
    assert sorted(counts) == [0, 0, 0, 20]
    assert len(outbox()) == 4


def _in_threads(press: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=contextvars.Context().run, args=(press,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_box_ticked_later_is_issued_later_and_only_that_contact_is_emailed(
    make: Maker, session: Session, outbox: Queued
) -> None:
    audit = make.audit(cases=2, agencies=2, issued=False)
    issue(audit)
    newcomer = make.agency("Northside School", kind="school")
    old = make.requests(audit)[0].agency
    session.add(Involvement(case=audit.cases[0], agency=newcomer))
    session.commit()
    assert issue(audit) == 1
    assert [mail.to_addr for mail in outbox()][2:] == [newcomer.contacts[0].email]
    extra = Case(audit_id=audit.id, position=3, pseudonym="Child 3", gender="male")
    extra.involvements = [Involvement(agency=old)]
    session.add(extra)
    session.commit()
    assert issue(audit) == 1
    assert [mail.to_addr for mail in outbox()][3:] == [old.contacts[0].email]


def test_the_form_is_frozen_when_the_audit_is_issued(make: Maker, session: Session) -> None:
    audit = make.audit(issued=False)
    assert audit.form_definition == ""
    issue(audit)
    frozen = audit.form_definition
    session.commit()
    issue(audit)
    assert audit.form_definition == frozen


def test_an_agency_without_a_contact_waits_until_it_has_one(make: Maker, session: Session) -> None:
    nobody = make.agency("GP practice", kind="gp", contact=None)
    audit = make.audit(cases=2, agencies=[make.agency(), nobody], issued=False)
    assert issue(audit) == 2
    nobody.contacts = [Contact(name="Dr Lee", email="lee@gp.example", role="deputy")]
    session.commit()
    assert issue(audit) == 2


def test_an_audit_without_dates_or_closed_is_not_issued(make: Maker, session: Session) -> None:
    audit = make.audit(issued=False)
    audit.due_on = None
    session.commit()
    with pytest.raises(NotReady, match="does not say when returns are due"):
        issue(audit)
    closed = make.audit(issued=False)
    closed.closed_at = MONDAY_MORNING
    session.commit()
    with pytest.raises(Refused, match="closed"):
        issue(closed)


def test_an_audit_whose_due_day_has_passed_is_not_issued(make: Maker, outbox: Queued) -> None:
    audit = make.audit(issued=False)
    with pytest.raises(NotReady) as refusal:
        issue(audit, MONDAY_MORNING + timedelta(days=30))
    assert refusal.value.problems == ("Returns would be due on Friday 18 December 2026, which has passed.",)
    assert outbox() == []


def test_a_case_without_an_agency_refuses_the_first_issue_and_no_later_one(
    make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    agency = audit.cases[1].involvements[0].agency
    session.delete(audit.cases[1].involvements[0])
    session.commit()
    with pytest.raises(NotReady, match="No agency is ticked for Child 2"):
        issue(audit)
    session.add(Involvement(case=audit.cases[1], agency=agency))
    session.commit()
    assert issue(audit) == 2
    session.add(Case(audit_id=audit.id, position=3, pseudonym="Child 3"))
    session.add(Involvement(case=audit.cases[1], agency=make.agency()))
    session.commit()
    assert issue(audit, MONDAY_MORNING + timedelta(days=30)) == 1


def test_an_audit_with_nobody_to_ask_is_not_issued(make: Maker) -> None:
    silent = make.agency("GP practice", contact=None)
    with pytest.raises(NotReady, match="GP practice is ticked and has nobody to ask"):
        issue(make.audit(agencies=[silent], issued=False))
    with pytest.raises(NotReady, match="has no cases yet"):
        issue(make.audit(cases=0, issued=False))


def test_the_host_hears_of_it_after_the_commit(make: Maker, app: Flask) -> None:
    audit = make.audit(issued=False)
    heard = []

    def listen(_app: Flask, **facts: int) -> None:
        heard.append(facts)

    with requests_issued.connected_to(listen, sender=app):
        issue(audit)
    assert heard == [{"audit_id": audit.id, "count": 6}]


def test_issuing_is_in_the_log_with_ids_only(make: Maker, session: Session) -> None:
    audit = make.audit(issued=False)
    issue(audit)
    event = session.scalars(select(Event).where(Event.action == "issued_requests")).one()
    assert (event.actor, event.object, event.detail) == (
        ACTOR,
        f"audit {audit.id}",
        "6 requests to 2 contacts",
    )


def test_a_test_copy_is_sent_once_for_each_page_and_issues_nothing(
    make: Maker, session: Session, outbox: Queued
) -> None:
    audit = make.audit(issued=False)
    for expected in (True, False):
        with transaction():
            sent = operations.send_test_copy(
                audit, to="me@partnership.example", press="abcdefgh", actor=ACTOR, now=MONDAY_MORNING
            )
        assert sent is expected
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [("test_copy", "me@partnership.example")]
    assert session.query(Grant).count() == 0


def test_nothing_is_issued_from_the_closing_hour_on_although_no_worker_has_closed_it(
    make: Maker, outbox: Queued
) -> None:
    audit = make.audit()
    closes_at = audit.closes_at
    assert closes_at is not None
    assert issue(audit, closes_at - timedelta(seconds=1)) == 0
    with pytest.raises(ReturnsClosed):
        issue(audit, closes_at)
    assert outbox() == []


def test_start_is_noted_the_first_time_it_is_pressed(make: Maker, session: Session) -> None:
    grant = make.grants(make.audit())[0]
    for minutes in (0, 5):
        with transaction():
            operations.note_start(grant, now=MONDAY_MORNING + timedelta(minutes=minutes))
    assert grant.started_at == MONDAY_MORNING
    started = select(Event).where(Event.action == "started_answering")
    assert len(session.scalars(started).all()) == 1


def test_no_reference_of_an_earlier_audit_is_drawn_again(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two letters make 64 references, of which the first audit takes 40.
    monkeypatch.setattr(operations, "REFERENCE_LETTERS", "AB")
    audits = [make.audit(cases=cases, agencies=2, issued=False) for cases in (20, 8)]
    assert [issue(audit) for audit in audits] == [40, 16]
    assert len({audit_request.reference for audit in audits for audit_request in make.requests(audit)}) == 56


@pytest.mark.parametrize("press", ["", "short", "a" * 61, "with spaces in it", "abcdefgh\n"])
def test_a_garbled_press_sends_no_test_copy(make: Maker, outbox: Queued, press: str) -> None:
    audit = make.audit(issued=False)
    with pytest.raises(NotFound), transaction():
        operations.send_test_copy(
            audit, to="me@partnership.example", press=press, actor=ACTOR, now=MONDAY_MORNING
        )
    assert outbox() == []
