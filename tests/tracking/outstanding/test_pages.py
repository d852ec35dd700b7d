"""The outstanding list on its page, and giving more time from there."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.tracking.conftest import Post

Queued = Callable[[], list[Outbox]]


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=[make.agency("Northside Police", contact="audit@police.example")])


def contact_of(make: Maker, audit: Audit) -> int:
    return make.grants(audit)[0].contact_id


def test_the_page_is_a_card_for_each_person_with_everything_to_do_from_there(
    client: PageClient, audit: Audit, make: Maker
) -> None:
    page = client.get(f"/audits/{audit.id}/outstanding").text
    stem, contact = f"/audits/{audit.id}", contact_of(make, audit)
    first = make.requests(audit)[0].id
    assert "1 person to ring" in page
    for address in (
        "tel:01234500100",
        f"{stem}/requests/{first}",
        f"{stem}/contacts/{contact}/call",
        f"{stem}/contacts/{contact}/more-time",
        f"{stem}/requests/{first}/change-contact",
        f"{stem}/requests/{first}/send-again#new-link",
    ):
        assert f'href="{address}"' in page, address
    assert "No email yet;" in page
    assert "Nobody matches." in client.get(f"/audits/{audit.id}/outstanding?state=started").text
    assert "1 person to ring" in client.get(f"/audits/{audit.id}/outstanding?state=no&agency=x&page=-3").text


def test_a_card_has_the_latest_automatic_reply_to_the_person(
    client: PageClient, audit: Audit, make: Maker, post: Post, session: Session
) -> None:
    grant = make.grants(audit)[0]
    for kind, said in (("request", "Back on Tuesday."), ("chaser", "On leave until 14 December.")):
        mail = post(grant, kind=kind)
        session.add(Bounce(mail_id=mail.id, kind="away", said=said, read_at=MONDAY_MORNING))
    session.commit()
    page = client.get(f"/audits/{audit.id}/outstanding").text
    assert "Automatic reply on Monday 30 November 2026 at 9:00am:" in page
    assert "On leave until 14 December." in page
    assert "Back on Tuesday." not in page


def test_a_card_of_very_many_cases_says_how_many_it_leaves_out(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=14, agencies=1)
    page = client.get(f"/audits/{audit.id}/outstanding").text
    assert "Child 12</a>" in page
    assert "Child 13</a>" not in page
    assert "and 2 more, which" in page


def test_nothing_outstanding_is_said(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    assert "Nothing is outstanding." in client.get(f"/audits/{audit.id}/outstanding").text
    assert "Nothing is outstanding." in client.get(f"/audits/{audit.id}/outstanding/agencies").text


def test_more_time_is_given_to_some_of_a_persons_cases_and_one_email_says_so(
    client: PageClient, audit: Audit, make: Maker, session: Session, outbox: Queued
) -> None:
    path = f"/audits/{audit.id}/contacts/{contact_of(make, audit)}/more-time"
    first, second = make.requests(audit)
    assert "Child 1, due Friday 18 December 2026" in client.get(path).text
    given = {
        "requests": [str(first.id)],
        "due_on": ["22", "12", "2026"],
        "note": "As agreed",
        "press": "press-1234",
    }
    done = client.follow(client.post(path, given))
    assert "has until Tuesday 22 December 2026 for Child 1, and gets an email that says so." in done.text
    assert "This was given already." in client.follow(client.post(path, given)).text
    assert session.get_one(AuditRequest, first.id).due_on == date(2026, 12, 22)
    assert session.get_one(AuditRequest, second.id).due_on is None
    assert [mail.kind for mail in outbox()] == ["enquiry_answered"]
    page = client.get(f"/audits/{audit.id}/requests/{first.id}").text
    assert "More time, given without being asked" in page
    assert "given until Tuesday 22 December 2026" in page
    # What staff gave by themselves is nothing that was asked.
    assert "Nobody has asked anything" in client.get(f"/audits/{audit.id}/enquiries").text
    chasers = client.get(f"/audits/{audit.id}/chasers?on=2026-12-11").text
    assert "Child 2" in chasers
    assert "Child 1" not in chasers


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (["", "", ""], "Enter the day, such as 15 1 2027"),
        (["18", "12", "2026"], "All returns of this audit are due by Friday 18 December 2026 anyway"),
        (["19", "12", "2026"], "Saturday 19 December 2026 is not a working day"),
        (["18", "1", "2027"], "Returns close on Friday 15 January 2027"),
    ],
)
def test_a_day_that_cannot_be_given_is_refused_beside_its_field(
    client: PageClient, audit: Audit, make: Maker, day: list[str], words: str
) -> None:
    path = f"/audits/{audit.id}/contacts/{contact_of(make, audit)}/more-time"
    ids = [str(audit_request.id) for audit_request in make.requests(audit)]
    page = client.post(path, {"requests": ids, "due_on": day, "note": "Kept"}, status=422).text
    assert words in page
    assert "Kept" in page
    assert {audit_request.due_on for audit_request in make.requests(audit)} == {None}


def test_a_day_is_not_given_twice_and_not_to_nobody(client: PageClient, audit: Audit, make: Maker) -> None:
    path = f"/audits/{audit.id}/contacts/{contact_of(make, audit)}/more-time"
    first = str(make.requests(audit)[0].id)
    day = ["22", "12", "2026"]
    client.post(path, {"requests": [first], "due_on": day})
    again = client.post(path, {"requests": [first], "due_on": day}, status=422).text
    assert "Child 1 has until Tuesday 22 December 2026 already: give a later day" in again
    assert "Tick the cases that get more time" in client.post(path, {"due_on": day}, status=422).text


def test_after_the_close_no_time_is_given(client: PageClient, audit: Audit, make: Maker) -> None:
    path = f"/audits/{audit.id}/contacts/{contact_of(make, audit)}/more-time"
    with transaction():
        close_returns(audit, actor="Ann", now=MONDAY_MORNING)
    assert "Reopen the audit first" in client.get(path).text
    assert "Give until" not in client.get(f"/audits/{audit.id}/outstanding").text
