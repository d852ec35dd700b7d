"""Noting a call on its page."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.calling.models import Call
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=[make.agency("Northside Police", contact="audit@police.example")])


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


def page_of(grant: Grant) -> str:
    return f"/audits/{grant.audit_id}/contacts/{grant.contact_id}/call"


def test_a_call_is_noted_on_one_page_and_shown_there_afterwards(client: PageClient, grant: Grant) -> None:
    page = client.get(page_of(grant)).text
    assert 'href="tel:01234500100"' in page
    assert "Outstanding: Child 1 and Child 2." in page
    day = ["11", "December", "2026"]
    answer = client.post(
        page_of(grant), {"said": "Back on Monday", "promised_on": day, "press": "press-0001"}
    )
    assert answer.headers["Location"].endswith(
        f"/audits/{grant.audit_id}/outstanding#contact-{grant.contact_id}"
    )
    assert "No chaser goes to them until Friday 11 December 2026 has passed." in client.follow(answer).text
    again = client.get(page_of(grant)).text
    assert "Back on Monday" in again
    assert "Promised by Friday 11 December 2026." in again
    chasers = client.get(f"/audits/{grant.audit_id}/chasers?on=2026-12-11").text
    assert "Promised on Monday 30 November 2026 to return by Friday 11 December 2026" in chasers


def test_what_was_typed_stays_beside_what_is_wrong_with_it(client: PageClient, grant: Grant) -> None:
    day = ["1", "1", "2020"]
    page = client.post(page_of(grant), {"said": "Back soon", "promised_on": day}, status=422).text
    assert "Back soon" in page
    assert "Enter today or a later day" in page
    assert "Write what was said" in client.post(page_of(grant), {"said": " "}, status=422).text


def test_a_note_is_taken_back_on_its_page(client: PageClient, grant: Grant, session: Session) -> None:
    client.post(page_of(grant), {"said": "Wrong person", "promised_on": ["", "", ""]})
    call = session.query(Call).one()
    stem = f"/audits/{grant.audit_id}/contacts/{grant.contact_id}/calls"
    client.post(f"{stem}/{call.id + 1}/take-back", {}, status=404)
    done = client.follow(client.post(f"{stem}/{call.id}/take-back", {}))
    assert "The note is taken back." in done.text
    assert "Wrong person" not in done.text


def test_a_contact_who_was_never_asked_has_no_page(client: PageClient, grant: Grant, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    client.get(page_of(grant).replace(f"/audits/{grant.audit_id}/", f"/audits/{other.id}/"), status=404)
