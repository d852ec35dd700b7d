"""The same said about several children at once: not involved, more time, and one question."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.answering.models import Enquiry, Return
from surveyapp.answering.returns.operations import save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.mail.compose import RenderedEmail, render_email
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit
from surveyapp.tracking.staff_tasks import staff_tasks_today
from surveyapp.tracking.task_kinds import TASK_KINDS
from tests.answering.access.sent_codes import newest_code
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
HERE = Path(__file__).parent
OLD: dict[str, Any] = {"csrf_token": "old"}


@pytest.fixture
def requests(make: Maker, audit: Audit) -> list[AuditRequest]:
    """Three cases of one agency."""
    return make.requests(audit)


@pytest.fixture
def sam(person: Person, grant: Grant) -> Person:
    """The agency's contact, who has started."""
    person.starts(grant)
    return person


def opens(person: Person, way: str, *requests: AuditRequest, status: int = 200) -> str:
    ticked = "".join(f"child={audit_request.public_id}&" for audit_request in requests)
    return person.reads(f"/returns/several/?{ticked}do={way}", status=status).text


def fields(page: str) -> dict[str, Any]:
    """The hidden fields of a page, with every case that it is about."""
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    values: dict[str, Any] = dict(found)
    return {**values, "child": [value for name, value in found if name == "child"]}


def presses(person: Person, page: str, where: str, *, status: int = 303, **said: Any) -> Any:
    return person.browser.post(f"/returns/several/{where}", {**fields(page), **said}, status=status)


def of_kind(outbox: Queued, kind: str) -> list[Outbox]:
    return [mail for mail in outbox() if mail.kind == kind]


def worded(mail: Outbox) -> RenderedEmail:
    email = mail_kinds()[mail.kind].word(mail.subject_id, mail.to_addr)
    assert email is not None
    return render_email(email)


def reasons(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Return.nil_reason).order_by(Return.request_id)))


def enquiries_waiting(audit: Audit) -> int:
    """How many questions and requests for more time of an audit wait for an answer."""
    tasks = staff_tasks_today(TASK_KINDS, roles={"business_manager"}, audit=audit, now=MONDAY_MORNING)
    return tasks.count("question or request for more time")


def test_the_list_offers_the_children_who_are_still_to_be_returned(
    sam: Person, requests: list[AuditRequest]
) -> None:
    page = sam.reads("/returns/").text
    assert "The same for several children at once" in page
    for words in ("Not involved with these", "Ask for more time for these", "Ask one question about these"):
        assert words in page
    assert page.count('name="child"') == 3
    sam.presses(requests[0], "not-involved", reason="not_known")
    assert sam.reads("/returns/").text.count('name="child"') == 2


def test_several_are_returned_as_not_involved_with_one_receipt(
    sam: Person, requests: list[AuditRequest], session: Session, outbox: Queued
) -> None:
    page = opens(sam, "nil", *requests[:2])
    assert "This is about Child 1 and Child 2." in page
    answer = presses(sam, page, "not-involved", reason="not_known")
    after = sam.browser.follow(answer).text
    assert "Returned as not involved: Child 1 and Child 2. You get one receipt for all of them." in after
    assert reasons(session) == ["not_known", "not_known"]
    (receipt,) = [mail for mail in outbox() if mail.kind.startswith("receipt")]
    assert (receipt.kind, receipt.to_addr) == ("receipt_several", "audit@police.example")
    # Pressing twice counts once.
    presses(sam, page, "not-involved", reason="not_known")
    assert len([mail for mail in outbox() if mail.kind.startswith("receipt")]) == 1
    assert [kept.version for kept in session.scalars(select(Return)).all()] == [1, 1]


def test_the_receipt_reads_as_agreed_and_leaves_out_what_was_undone(
    sam: Person, requests: list[AuditRequest], session: Session, outbox: Queued
) -> None:
    for number, audit_request in enumerate(requests):
        audit_request.reference = f"7K4-Q2{number}"
    session.commit()
    presses(sam, opens(sam, "nil", *requests[:2]), "not-involved", reason="not_known")
    (receipt,) = of_kind(outbox, "receipt_several")
    mail = worded(receipt)
    link = mail.text.split("here:\n\n")[1].split("\n")[0]
    read = f"Subject: {mail.subject}\n\n{mail.text}".replace(link, "https://audits.example/r/LINK/")
    assert read == (HERE / "receipt_several.txt").read_text(encoding="utf-8")
    sam.presses(requests[0], "involved")
    assert "Child 1" not in worded(receipt).text
    sam.presses(requests[1], "involved")
    assert mail_kinds()[receipt.kind].word(receipt.subject_id, receipt.to_addr) is None


def test_each_child_may_have_a_reason_of_its_own(
    sam: Person, requests: list[AuditRequest], session: Session
) -> None:
    page = opens(sam, "nil", *requests[:2])
    first, second = (f"reason_{audit_request.id}" for audit_request in requests[:2])
    again = presses(sam, page, "not-involved", status=422, reason="each", **{first: "not_known"}).text
    assert "Choose a reason for Child 2" in again
    assert reasons(session) == []
    said: dict[str, Any] = {first: "not_known", second: "moved", "whereabouts": "Southside School"}
    presses(sam, page, "not-involved", reason="each", **said)
    assert reasons(session) == ["not_known", "moved"]
    assert "Southside School" in sam.opens(requests[1], "done").text
    assert "Southside School" not in sam.opens(requests[0], "done").text


def test_the_agency_that_holds_the_file_is_kept_although_no_child_has_moved(
    sam: Person, requests: list[AuditRequest]
) -> None:
    page = opens(sam, "nil", *requests[:2])
    presses(sam, page, "not-involved", reason="not_known", whereabouts="Southside School")
    assert "Southside School" in sam.opens(requests[0], "done").text
    assert "Southside School" in sam.opens(requests[1], "done").text


def test_a_child_saved_elsewhere_meanwhile_stays_as_it_is_and_the_others_count(
    sam: Person, requests: list[AuditRequest], session: Session, outbox: Queued
) -> None:
    page = opens(sam, "nil", *requests)
    with transaction():
        draft = (GivenAnswer("supervision", option="yes"),)
        save_draft(requests[1], draft, ButtonPress("another-page", 0), now=MONDAY_MORNING)
    session.rollback()
    after = sam.browser.follow(presses(sam, page, "not-involved", reason="not_known")).text
    assert "Returned as not involved: Child 1 and Child 3." in after
    assert "Child 2 was saved or returned in another place meanwhile, and is as it was." in after
    kept = return_of(requests[1])
    assert kept is not None
    assert not kept.has_returned
    assert "Child 2" not in worded(of_kind(outbox, "receipt_several")[0]).text


def test_a_colleague_returns_what_was_passed_to_them_and_the_passer_gets_one_receipt_too(
    people: Callable[[], Person], requests: list[AuditRequest], session: Session, outbox: Queued
) -> None:
    for audit_request in requests[:2]:
        with transaction():
            delegate_to_colleague(
                audit_request,
                name="Pat Lowe",
                email="pat@police.example",
                sends_back=False,
                now=MONDAY_MORNING,
            )
    pat = people()
    pat.starts(session.scalars(select(Delegation)).all()[0].to_grant)
    session.rollback()
    answer = presses(pat, opens(pat, "nil", *requests[:2]), "not-involved", reason="not_known")
    assert "given-back" in answer.headers["Location"]
    receipts = {mail.to_addr: worded(mail).text for mail in of_kind(outbox, "receipt_several")}
    assert sorted(receipts) == ["audit@police.example", "pat@police.example"]
    assert "Pat Lowe returned them for you." in receipts["audit@police.example"]
    assert "There is nothing more for you to do about them." in receipts["pat@police.example"]
    assert not of_kind(outbox, "receipt")


def test_one_question_about_several_is_one_email_and_one_answer(
    sam: Person, requests: list[AuditRequest], audit: Audit, outbox: Queued, client: PageClient
) -> None:
    page = opens(sam, "question", *requests)
    answer = presses(sam, page, "question", text="Does the file of 2019 count?")
    after = sam.browser.follow(answer).text
    assert "Your question about Child 1, Child 2 and Child 3 goes to" in after
    presses(sam, page, "question", text="Does the file of 2019 count?")
    (told,) = of_kind(outbox, "enquiry")
    assert "has a question about 3 of its returns." in worded(told).text
    assert enquiries_waiting(audit) == 1
    listed = client.get(f"/audits/{audit.id}/enquiries").text
    assert "Answer Child 1, Child 2 and Child 3, Northside Police" in listed
    path = f"/audits/{audit.id}/enquiries/{told.subject_id}"
    assert "This was asked about 3 children at once." in client.get(path).text
    client.post(path, {"text": "Yes, it does."})
    (answered,) = of_kind(outbox, "enquiry_answered")
    assert "The cases: Child 1, Child 2 and Child 3" in worded(answered).text
    for audit_request in requests:
        assert "Yes, it does." in sam.opens(audit_request).text
    assert enquiries_waiting(audit) == 0


def test_more_time_for_several_is_asked_and_given_once(
    sam: Person,
    requests: list[AuditRequest],
    session: Session,
    outbox: Queued,
    client: PageClient,
) -> None:
    page = opens(sam, "more_time", *requests[:2])
    day: dict[str, Any] = {"wanted_on": ["22", "12", "2026"], "text": "The files are in the archive."}
    again = presses(sam, page, "more-time", status=422, wanted_on=["1", "12", "2026"], text="Archive").text
    assert "You have until Friday 18 December 2026 already for Child 1: enter a later day" in again
    presses(sam, page, "more-time", **day)
    (told,) = of_kind(outbox, "enquiry")
    client.post(f"/audits/{requests[0].audit_id}/enquiries/{told.subject_id}", {"give": "asked", "text": ""})
    session.rollback()
    days = [session.get_one(AuditRequest, audit_request.id).due_on for audit_request in requests]
    assert [str(each) for each in days] == ["2026-12-22", "2026-12-22", "None"]
    assert len(of_kind(outbox, "enquiry_answered")) == 1


def test_asking_about_several_counts_as_one_question_towards_the_hour(
    sam: Person, requests: list[AuditRequest], session: Session
) -> None:
    for number in range(5):
        presses(sam, opens(sam, "question", *requests), "question", text=f"Question {number}?")
    again = presses(sam, opens(sam, "question", *requests), "question", status=429, text="One more?").text
    assert "You have asked 5 times within an hour" in again
    assert "One more?" in again
    session.rollback()
    assert len(session.scalars(select(Enquiry)).all()) == 15


def test_nothing_ticked_or_returned_already_is_said_and_leads_back_to_the_choice(
    sam: Person, requests: list[AuditRequest]
) -> None:
    assert "Tick the children first" in opens(sam, "nil", status=422)
    assert "Press one of the buttons" in opens(sam, "fax", requests[0], status=422)
    sam.presses(requests[0], "not-involved", reason="not_known")
    assert "Tick children that are still to be returned" in opens(sam, "nil", requests[0], status=422)
    page = opens(sam, "nil", requests[0], requests[1])
    assert "It leaves out Child 1: returned already" in page


def test_another_agencys_child_is_not_found(sam: Person, requests: list[AuditRequest], make: Maker) -> None:
    theirs = make.requests(make.audit(cases=1, agencies=1))[0]
    opens(sam, "nil", requests[0], theirs, status=404)
    page = opens(sam, "nil", requests[0])
    presses(sam, page, "not-involved", status=404, child=[theirs.public_id], reason="not_known")


def test_a_page_that_was_open_too_long_keeps_what_was_typed(
    sam: Person, requests: list[AuditRequest], session: Session
) -> None:
    page = opens(sam, "question", *requests[:2])
    again = presses(sam, page, "question", status=400, **OLD, text="Which year?").text
    assert "Nothing has been sent yet." in again
    assert "Which year?" in again
    assert session.scalars(select(Enquiry)).all() == []


@pytest.mark.parametrize("where", ["question", "more-time", "not-involved"])
@pytest.mark.parametrize("token", [{}, OLD])
def test_a_page_open_too_long_without_a_child_to_answer_for_leads_to_the_choice_with_its_text(
    sam: Person, people: Callable[[], Person], requests: list[AuditRequest], where: str, token: dict[str, Any]
) -> None:
    typed = {"text": "Which year?", "whereabouts": "Southside School"}
    path = f"/returns/several/{where}"
    token = token or {"csrf_token": ""}
    sam.presses(requests[0], "not-involved", reason="not_known")
    for child in ([], [requests[0].public_id]):
        page = sam.browser.post(path, {**token, **typed, "child": child}, status=400).text
        assert "This page had been open too long. Tick children that are still to be returned" in page
        assert "Which year?" in page
        assert "Southside School" in page
    page = people().browser.post(path, {**token, **typed}, status=404).text
    assert "Open the link from your email again" in page
    assert "Which year?" in page


def test_the_text_stays_when_the_only_child_was_returned_meanwhile(
    sam: Person, requests: list[AuditRequest]
) -> None:
    page = opens(sam, "question", requests[0])
    sam.presses(requests[0], "not-involved", reason="not_known")
    again = presses(sam, page, "question", status=422, text="Which year?").text
    assert "Tick children that are still to be returned" in again
    assert "Which year?" in again


@pytest.mark.parametrize("ticked", [2, 0])
def test_text_about_several_is_sent_once_the_code_is_entered(
    sam: Person, requests: list[AuditRequest], audit: Audit, session: Session, ticked: int
) -> None:
    page = opens(sam, "question", *requests[:2])
    audit.ask_for_code = True
    session.commit()
    posted = {**fields(page), "text": "Which year?"}
    if not ticked:
        del posted["child"]
    path = "/returns/several/question"
    assert "Which year?" in sam.browser.post(path, posted, status=403).text
    wrong = sam.browser.post(path, {**posted, "proof-code": "0000 0000"}, status=403).text
    assert "This code is not right" in wrong
    after = sam.browser.post(path, {**posted, "proof-code": newest_code()}, status=303 if ticked else 422)
    if not ticked:
        assert "Which year?" in after.text
    assert len(session.scalars(select(Enquiry)).all()) == ticked
