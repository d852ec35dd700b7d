import re
from datetime import UTC, datetime

import time_machine
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from tests.chasing.conftest import Queued
from tests.page_client import PageClient
from tests.row_maker import Maker


def text_of(page: str) -> str:
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def test_the_page_shows_the_slots_and_the_recipients(client: PageClient, make: Maker) -> None:
    police = make.agency("Police", contact="p@police.example")
    health = make.agency("Health", kind="health", contact="h@nhs.example")
    audit = make.audit(cases=2, agencies=[police, health])
    make.returned(make.requests(audit)[2])
    make.returned(make.requests(audit)[3])
    page = text_of(client.get(f"/audits/{audit.id}/chasers").text)
    assert "Fri 11 December 5 working days before the day to return by 1 contact as things stand" in page
    assert "Fri 18 December On the day to return by 1 contact as things stand" in page
    assert "Wed 23 December 3 working days after the day to return by" in page
    assert "Friday 11 December 2026 1 contact has something outstanding and will get one email" in page
    assert "p@police.example Child 1 and Child 2" in page
    assert "Who gets none, and why Agency Contact Why Health Lead 2 Everything returned" in page
    assert "Send" not in page


def test_chase_now_says_how_many_it_sends_and_pressing_twice_sends_once(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(cases=2, agencies=3)
    path = f"/audits/{audit.id}/chasers"
    assert "Send 3 chasers" in client.get(f"{path}?on=2026-11-30").text
    page = client.follow(client.post(path)).text
    assert "3 chasers queued. Each leaves within minutes, unless the return comes in first." in page
    assert "No chaser was queued" in client.follow(client.post(path)).text
    assert len(outbox()) == 3
    after = text_of(client.get(f"{path}?on=2026-11-30").text)
    assert "Send" not in after.replace("Sent by hand", "")
    assert "Mon 30 November Sent by hand 0 sent, 3 not sent" in after
    assert "Waiting to be sent" in after


def test_a_slot_that_escalates_shows_who_gets_the_copy(
    client: PageClient, make: Maker, session: Session
) -> None:
    police = make.agency("Police")
    police.contacts.append(Contact(name="Chief Constable", email="chief@police.example", role="escalation"))
    audit = make.audit(cases=1, agencies=[police])
    audit.escalate_from = 3
    session.commit()
    path = f"/audits/{audit.id}/chasers"
    assert "Chief Constable" not in client.get(f"{path}?on=2026-12-18").text
    assert "Chief Constable" in client.get(f"{path}?on=2026-12-23").text


def test_on_a_day_off_the_page_names_the_next_working_day(
    client: PageClient, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=1, agencies=1)
    clock.move_to(datetime(2026, 12, 25, 9, tzinfo=UTC))
    client.sign_in()
    page = text_of(client.get(f"/audits/{audit.id}/chasers?on=2026-12-25").text)
    assert "This is not a working day, so nobody is chased. The next one is Tuesday 29 December 2026." in page
    refused = client.post(f"/audits/{audit.id}/chasers", status=409).text
    assert "Friday 25 December 2026 is not a working day" in refused


def test_after_close_nobody_can_be_chased(
    client: PageClient, make: Maker, session: Session, outbox: Queued
) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.closed_at = audit.issued_at
    session.commit()
    page = text_of(client.get(f"/audits/{audit.id}/chasers").text)
    assert "Returns are closed, so nobody is chased any more." in page
    assert "Reopen the audit to go on asking" in client.post(f"/audits/{audit.id}/chasers", status=409).text
    assert outbox() == []


def test_another_day_is_asked_for_in_three_boxes(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = text_of(client.get(f"/audits/{audit.id}/chasers?on=18&on=12&on=2026").text)
    assert "Friday 18 December 2026 1 contact has something outstanding and will get one email" in page


def test_an_invalid_day_is_named_beside_the_boxes(client: PageClient, make: Maker) -> None:
    path = f"/audits/{make.audit(cases=1, agencies=1).id}/chasers"
    assert "Look at another day: enter a real day" in client.get(f"{path}?on=yesterday", status=422).text
    page = client.get(f"{path}?on=31&on=2&on=2027", status=422).text
    assert "Look at another day: enter a real day, like 1 12 2026" in page


def test_an_audit_that_does_not_exist_is_not_found(client: PageClient) -> None:
    client.get("/audits/99/chasers", status=404)
    client.post("/audits/99/chasers", status=404)
