"""Staff read enquiries and answer them, with or without a later day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveyapp.answering.enquiries.operations import EnquiryContent, make_enquiry
from surveyapp.answering.models import Enquiry
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
NO_DAY = ["", "", ""]


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=3, agencies=[make.agency("Northside Police", contact="audit@police.example")])


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    return make.requests(audit)[0]


def asks(audit_request: AuditRequest, text: str = "Why?", wanted_on: date | None = None) -> str:
    """Ask a question; returns the address of the page that answers it."""
    with transaction():
        asked = EnquiryContent("more_time" if wanted_on else "question", text, wanted_on)
        enquiry = make_enquiry(
            audit_request, asked, f"press-{text}-{audit_request.id}"[:40], now=MONDAY_MORNING
        )
        return f"/audits/{audit_request.audit_id}/enquiries/{enquiry.id}"


def test_enquiries_are_counted_on_the_audits_pages_and_listed_unanswered_first(
    client: PageClient, audit: Audit, make: Maker
) -> None:
    number = audit.id
    assert "Nobody has asked anything" in client.get(f"/audits/{number}/enquiries").text
    answered, *_ = [
        asks(audit_request, f"Question {audit_request.id}") for audit_request in make.requests(audit)[:2]
    ]
    asks(make.requests(audit)[2], "Archive", date(2026, 12, 22))
    assert "3 questions or requests for more time" in client.get("/audits").text
    assert "3 questions or requests for more time" in client.get(f"/audits/{number}").text
    client.post(answered, {"text": "Yes"})
    page = client.get(f"/audits/{number}/enquiries").text
    assert "2 of 3 wait for an answer." in page
    assert page.index("Child 2, Northside") < page.index("Child 3, Northside") < page.index("Child 1, North")
    assert "More time, until Tue 22 December" in page
    assert "2 questions or requests for more time" in client.get(f"/audits/{number}").text


def test_the_day_they_asked_for_is_given_with_one_press(
    client: PageClient,
    audit: Audit,
    first: AuditRequest,
    session: Session,
    outbox: Callable[[], list[Outbox]],
) -> None:
    path = asks(first, "Archive", date(2026, 12, 22))
    page = client.get(path).text
    assert "Give the day they asked for, Tuesday 22 December 2026" in page
    assert "Archive" in page
    assert f"{first.grant.contact.name}, Monday 30 November 2026 at 9:00am" in page
    done = client.follow(client.post(path, {"give": "asked", "text": "", "due_on": NO_DAY}))
    assert "They have until Tuesday 22 December 2026, and are not chased for it before." in done.text
    assert session.get_one(AuditRequest, first.id).due_on == date(2026, 12, 22)
    assert [mail.kind for mail in outbox()] == ["enquiry", "enquiry_answered"]
    request = client.get(f"/audits/{audit.id}/requests/{first.id}").text
    assert "Tuesday 22 December 2026, as it was given more time" in request
    assert "given until Tuesday 22 December 2026" in request
    assert "gave more time" in request
    assert "There is an answer" in request
    outstanding = client.get(f"/audits/{audit.id}/outstanding")
    assert "by Fri 18 December<" in outstanding.text
    assert "by Tue 22 December<" in outstanding.text
    written = client.get(f"/audits/{audit.id}/outstanding.csv").text
    assert [line.count("2026-12-22") for line in written.splitlines()] == [0, 1, 0, 0]
    assert "Given until Tuesday 22 December 2026." in client.get(path).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose whether to give more time"),
        ({"give": "another"}, "Enter the day, such as 15 1 2027"),
        ({"give": "another", "due_on": ["30", "2", "2027"]}, "Which day: enter a real day"),
        ({"give": "another", "due_on": ["18", "1", "2027"]}, "or extend the audit first"),
        ({"give": "another", "due_on": ["25", "12", "2026"]}, "The next one is Tuesday 29 December 2026"),
        ({"give": "asked"}, "Returns close on Friday 15 January 2027"),
        ({"give": "none", "text": " "}, "Say why there is no more time"),
    ],
)
def test_an_unusable_day_is_refused_and_the_words_stay(
    client: PageClient, first: AuditRequest, session: Session, fields: dict[str, Any], words: str
) -> None:
    path = asks(first, "Archive", date(2027, 1, 20))
    sent = {"text": "Ring us first", "due_on": NO_DAY, **fields}
    page = client.post(path, sent, status=422).text
    assert words in page
    assert str(sent["text"]).strip() in page
    assert f"/audits/{first.audit_id}/extend" in page
    assert session.query(Enquiry).one().answered_at is None


def test_another_day_or_none_is_given(client: PageClient, first: AuditRequest, session: Session) -> None:
    another, none = asks(first, "Archive", date(2027, 1, 20)), asks(first, "More", date(2027, 1, 5))
    client.post(another, {"give": "another", "due_on": ["4", "1", "2027"], "text": "A little"})
    assert session.get_one(AuditRequest, first.id).due_on == date(2027, 1, 4)
    client.post(none, {"give": "none", "due_on": ["8", "1", "2027"], "text": "Enough"})
    assert session.get_one(AuditRequest, first.id).due_on == date(2027, 1, 4)
    assert "No more time was given." in client.get(none).text


def test_once_returns_are_closed_the_page_leads_to_reopening(
    client: PageClient, audit: Audit, first: AuditRequest
) -> None:
    path = asks(first, "Archive", date(2026, 12, 22))
    with transaction():
        close_returns(audit, actor="staff 1", now=MONDAY_MORNING)
    assert f"/audits/{audit.id}/reopen" in client.get(path).text
    page = client.post(path, {"give": "asked", "text": "", "due_on": NO_DAY}, status=422)
    assert "Returns closed on Monday 30 November 2026 at 9:00am, so no later day can be given." in page.text
    client.post(path, {"give": "none", "text": "Too late", "due_on": NO_DAY})


def test_a_second_answer_and_one_to_a_withdrawn_request_are_refused(
    client: PageClient, first: AuditRequest, make: Maker, audit: Audit
) -> None:
    path, other = asks(first), asks(make.requests(audit)[1])
    client.post(path, {"text": "Yes"})
    client.post(path, {"text": "Yes"})
    assert "This has been answered meanwhile" in client.post(path, {"text": "No"}, status=409).text
    with transaction():
        withdraw_request(make.requests(audit)[1], reason="Moved", actor="staff 1", now=MONDAY_MORNING)
    refused = client.post(other, {"text": "Yes"}, status=409).text
    assert "This request has been withdrawn already" in refused


def test_markup_in_an_enquiry_is_shown_as_text_on_every_page(client: PageClient, first: AuditRequest) -> None:
    path = asks(first, "<svg onload=alert(1)>{{7*7}}")
    client.post(path, {"text": "<script>x</script>"})
    for page in (
        path,
        f"/audits/{first.audit_id}/enquiries",
        f"/audits/{first.audit_id}/requests/{first.id}",
    ):
        text = client.get(page).text
        assert "<svg onload" not in text
        assert "<script>x" not in text


def test_an_enquiry_of_another_audit_is_not_found(
    client: PageClient, first: AuditRequest, make: Maker
) -> None:
    path = asks(first)
    other = make.audit(cases=1, agencies=1)
    elsewhere = path.replace(f"/audits/{first.audit_id}/", f"/audits/{other.id}/")
    client.get(elsewhere, status=404)
    client.post(elsewhere, {"text": "Yes"}, status=409)


def test_a_list_of_many_takes_few_statements(
    client: PageClient, audit: Audit, make: Maker, queries: Callable[[int], Any]
) -> None:
    path = f"/audits/{audit.id}/enquiries"
    for audit_request in make.requests(audit):
        asks(audit_request)
    client.get(path)
    with queries(9):
        client.get(path)
