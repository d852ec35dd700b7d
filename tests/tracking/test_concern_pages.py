"""Staff see whom the contacts told, and are reminded until they write the outcome."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Concern
from surveyapp.answering.returns.operations import save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.concern import CURRENT_CONCERN
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.former_names import keep_former_name
from surveyapp.issuing.models import AuditRequest
from surveyapp.tracking.event_sentences import staff_names
from surveyapp.tracking.request_detail import request_detail
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient, seen_digest
from tests.row_maker import Maker

RAISED = (
    GivenAnswer(CURRENT_CONCERN, "raised", "yes"),
    GivenAnswer(CURRENT_CONCERN, "told_whom", text="Our <lead>"),
    GivenAnswer(CURRENT_CONCERN, "told_when", text="today, 10am"),
)
OUTCOME = {"outcome": "Seen by the team.", "was_referred": "no", "seen": ""}


@pytest.fixture
def asked(make: Maker) -> AuditRequest:
    """A request about which a concern was raised."""
    audit_request = make.requests(make.audit(cases=2, agencies=[make.agency("Northside Police")]))[0]
    press(audit_request, RAISED, 0)
    return audit_request


def press(audit_request: AuditRequest, given: tuple[GivenAnswer, ...], seen: int) -> None:
    with transaction():
        save_draft(
            audit_request,
            given,
            ButtonPress(f"press-number-{seen}", seen),
            now=MONDAY_MORNING + timedelta(minutes=seen),
        )


def page_of(audit_request: AuditRequest, one: bool = False) -> str:  # noqa: FBT001, FBT002 — which of two
    path = f"/audits/{audit_request.audit_id}/concerns"
    return f"{path}/{audit_request.id}" if one else path


def test_an_audit_without_a_concern_says_so(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = client.get(f"/audits/{audit.id}/concerns").text
    assert "Nobody has raised a concern." in page
    assert "No auditor raised a current practice concern." in page
    home = client.get(f"/audits/{audit.id}").text
    assert "for an outcome" not in home
    assert f'href="/audits/{audit.id}/concerns"' in home


def test_a_concern_waits_until_its_outcome_is_written(
    client: PageClient, asked: AuditRequest, session: Session
) -> None:
    audit_id, request_id = asked.audit_id, asked.id
    home = f"/audits/{audit_id}"
    assert "1 current practice concern waits for an outcome" in client.get(home).text
    assert "1 current practice concern without an outcome" in client.get("/audits").text
    page = client.get(page_of(asked)).text
    for words in ("Child 1, Northside Police", "Our &lt;lead&gt;", "today, 10am", "Waits for you"):
        assert words in page
    assert "It waits for an outcome." in page
    client.get(page_of(asked, one=True))
    page = client.follow(client.post(page_of(asked, one=True), OUTCOME)).text
    for words in ("The outcome is written down.", "Seen by the team.", "Not referred for immediate action"):
        assert words in page
    assert "at 9:00am by you" in page
    assert "The case did not need referring for immediate action." in page
    assert "for an outcome" not in client.get(home).text
    assert "without an outcome" not in client.get("/audits").text
    event = session.scalars(select(Event).where(Event.action == "wrote_concern_outcome")).one()
    assert event.object == f"request {request_id}"
    assert event.detail == ""
    done = client.get(f"{home}/requests/{request_id}").text
    assert "You wrote what came of the current practice concern" in done
    assert "raised a current practice concern" in done


def test_the_page_says_that_a_concern_was_taken_back(client: PageClient, asked: AuditRequest) -> None:
    press(asked, (), 1)
    page = client.get(page_of(asked)).text
    assert "The auditor unticked it on Monday 30 November 2026 at 9:01am" in page
    assert "No concern waits for an outcome" in page
    assert "unticked" in client.get(page_of(asked, one=True)).text


def test_a_concern_raised_again_shows_its_earlier_outcome_as_such(
    client: PageClient, asked: AuditRequest
) -> None:
    client.post(page_of(asked, one=True), OUTCOME)
    press(asked, (), 1)
    press(asked, RAISED, 2)
    page = client.get(page_of(asked)).text
    assert "Outcome before it was raised again" in page
    assert "Waits for you" in page
    form = client.get(page_of(asked, one=True)).text
    assert "Outcome written before" in form
    assert "checked" not in form


def test_missing_fields_are_named_and_what_was_typed_stays(
    client: PageClient, asked: AuditRequest, session: Session
) -> None:
    page = client.post(page_of(asked, one=True), {"outcome": "Half a thought"}, status=422).text
    assert "Say whether the case was referred for immediate action" in page
    assert "Half a thought" in page
    page = client.post(page_of(asked, one=True), {"was_referred": "yes"}, status=422).text
    assert "Write what came of it" in page
    assert session.scalars(select(Concern)).one().outcome is None


def test_two_managers_see_each_others_outcome_and_lose_neither(
    client: PageClient, asked: AuditRequest, session: Session
) -> None:
    client.post(page_of(asked, one=True), OUTCOME)
    page = client.post(page_of(asked, one=True), {**OUTCOME, "outcome": "Mine, later."}, status=409).text
    for words in ("Someone else wrote an outcome", "Seen by the team.", "Mine, later."):
        assert words in page
    again = {**OUTCOME, "outcome": "Mine, later.", "seen": seen_digest(page)}
    client.post(page_of(asked, one=True), again)
    assert session.scalars(select(Concern)).one().outcome == "Mine, later."


def test_an_expired_page_gives_the_text_back(client: PageClient, asked: AuditRequest) -> None:
    path = page_of(asked, one=True)
    page = client.post(path, {**OUTCOME, "csrf_token": "old"}, status=400).text
    assert "Seen by the team." in page


def test_a_concern_of_another_audit_and_a_request_without_one_are_not_found(
    client: PageClient, asked: AuditRequest, make: Maker
) -> None:
    other = make.audit(cases=1, agencies=1)
    calm = make.requests(other)[0]
    for path in (f"/audits/{other.id}/concerns/{asked.id}", f"/audits/{other.id}/concerns/{calm.id}"):
        client.get(path, status=404)
        client.post(path, OUTCOME, status=409)


def test_the_email_is_listed_with_the_others_about_its_request(asked: AuditRequest) -> None:
    found = request_detail(asked.audit_id, asked.id)
    assert [(mail.kind, mail.to) for mail in found.request_emails] == [
        ("Word of a current concern", "audits@partnership.example")
    ]


@pytest.mark.usefixtures("session")
def test_the_writer_of_an_outcome_is_named_as_today_within_a_sentence() -> None:
    with transaction():
        keep_former_name("Ann Lee", "ann lee", known_as="Ann Brown")
    assert staff_names(["Ann Lee", "Bo Finch"], reader="Bo Finch") == {
        "Ann Lee": "Ann Brown",
        "Bo Finch": "you",
    }
