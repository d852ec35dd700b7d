"""A contact who has left, or whose address was wrong, is put right in all open audits from one page."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.closing.operations import close_returns
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.handing_over.queries import holdings_of
from surveyapp.issuing.links import LinkUnknown, grant_for_token, link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]


@pytest.fixture
def agency(make: Maker, session: Session) -> Agency:
    agency = make.agency("Northside Police", contact="bell@police.example")
    agency.contacts.append(Contact(name="Pat Lowe", email="lowe@police.example", role="deputy"))
    session.commit()
    return agency


@pytest.fixture
def bell(agency: Agency) -> Contact:
    return agency.contacts[0]


@pytest.fixture
def lowe(agency: Agency) -> Contact:
    return agency.contacts[1]


@pytest.fixture
def audits(make: Maker, agency: Agency) -> list[Audit]:
    """Two open audits and a closed one, in all of which the agency's lead holds two requests."""
    audits = [make.audit(cases=2, agencies=[agency], title=title) for title in ("Neglect", "Exploitation")]
    closed = make.audit(cases=2, agencies=[agency], title="Long ago")
    with transaction():
        close_returns(closed, actor="Ann", now=MONDAY_MORNING)
    return audits


def page_of(contact: Contact, page: str) -> str:
    return f"/agencies/{contact.agency_id}/contacts/{contact.id}/{page}"


def passes_on(audit_request: AuditRequest) -> None:
    """Pass a request to Kim, who returns it."""
    with transaction():
        delegate_to_colleague(
            audit_request, name="Kim", email="kim@police.example", sends_back=False, now=MONDAY_MORNING
        )


def holders(make: Maker, audit: Audit) -> list[str]:
    return [audit_request.grant.contact.name for audit_request in make.requests(audit)]


def test_a_colleague_takes_over_everything_in_every_open_audit_and_gets_an_email_for_each(
    client: PageClient, agency: Agency, audits: list[Audit], make: Maker, outbox: Queued
) -> None:
    bell, lowe = agency.contacts
    make.returned(make.requests(audits[0])[0])
    old_link = link_for(make.grants(audits[0])[0])
    page = client.get(page_of(bell, "left")).text
    assert "Neglect" in page
    assert "(returned)" in page
    assert "Long ago" not in page
    done = client.follow(client.post(page_of(bell, "left"), {"successor": str(lowe.id)})).text
    assert (
        "An email with a new link leaves to Pat Lowe about “Neglect” and Pat Lowe about “Exploitation”."
        in done
    )
    assert [holders(make, audit) for audit in audits] == [["Pat Lowe"] * 2] * 2
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [("request", "lowe@police.example")] * 2
    with pytest.raises(LinkUnknown):
        grant_for_token(old_link)
    assert bell.left_at is not None
    assert holdings_of(bell, now=MONDAY_MORNING) == []


def test_whoever_takes_over_carries_on_with_the_draft(
    app: Flask, client: PageClient, agency: Agency, audits: list[Audit], make: Maker
) -> None:
    bell, lowe = agency.contacts
    mine = make.requests(audits[0])[0]
    make.draft(mine, (GivenAnswer("supervision", item="comment", text="Begun by Sgt Bell."),))
    client.post(page_of(bell, "left"), {"successor": str(lowe.id)})
    person = Person(app)
    person.starts(make.requests(audits[0])[0].grant)
    assert "Begun by Sgt Bell." in person.opens(mine).text


def test_single_cases_go_to_different_people_and_one_of_them_is_typed_in(
    client: PageClient, bell: Contact, audits: list[Audit], make: Maker, lowe: Contact
) -> None:
    first, second = make.requests(audits[0])
    fields = {
        "successor": "new",
        "name": "Dr Imran Shah",
        "email": "shah@police.example",
        "telephone": "01234 500200",
        f"request-{second.id}": str(lowe.id),
    }
    client.post(page_of(bell, "left"), fields)
    assert holders(make, audits[0]) == ["Dr Imran Shah", "Pat Lowe"]
    assert holders(make, audits[1]) == ["Dr Imran Shah"] * 2
    assert {contact.name: contact.role for contact in bell.agency.contacts}["Dr Imran Shah"] == "lead"
    assert first.id


def test_nobody_gets_a_link_who_takes_over_nothing(
    client: PageClient, agency: Agency, audits: list[Audit], make: Maker, session: Session
) -> None:
    bell, lowe = agency.contacts
    bell.agency.contacts.append(Contact(name="Third", email="third@police.example", role="deputy"))
    session.commit()
    third = bell.agency.contacts[2]
    fields = {"successor": str(third.id)}
    fields |= {f"request-{each.id}": str(lowe.id) for each in make.requests(audits[0])}
    client.post(page_of(bell, "left"), fields)
    in_force = session.query(Grant).filter_by(audit_id=audits[0].id, revoked_at=None)
    assert [grant.contact.name for grant in in_force] == ["Pat Lowe"]
    assert holders(make, audits[1]) == ["Third"] * 2


def test_nobody_yet_is_said_and_their_requests_wait_on_the_same_page(
    client: PageClient, agency: Agency, audits: list[Audit], make: Maker, outbox: Queued
) -> None:
    bell, lowe = agency.contacts
    done = client.follow(client.post(page_of(bell, "left"), {"successor": "nobody"})).text
    assert "Nobody has taken over, and no email leaves: 4 of their requests wait for you." in done
    assert outbox() == []
    assert "Has left." in client.get(f"/audits/{audits[0].id}/outstanding").text
    assert "Hand over" in client.get(page_of(bell, "left")).text
    client.post(page_of(bell, "left"), {"successor": str(lowe.id)})
    assert holders(make, audits[0]) == ["Pat Lowe"] * 2


def test_what_was_passed_on_stays_with_the_colleague_and_comes_back_to_whoever_takes_over(
    client: PageClient, bell: Contact, audits: list[Audit], make: Maker, lowe: Contact
) -> None:
    first = make.requests(audits[0])[0]
    passes_on(first)
    page = client.get(page_of(bell, "left")).text
    assert "(with Kim)" in page
    client.post(page_of(bell, "left"), {"successor": str(lowe.id)})
    assert holders(make, audits[0]) == ["Kim", "Pat Lowe"]
    assert first.open_delegation is not None
    assert first.open_delegation.passer == "Pat Lowe"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose who takes over"),
        ({"successor": "new"}, "Enter their name, such as Audit lead"),
        ({"successor": "new", "name": "Imran", "email": "imran"}, "like name@agency.example"),
        ({"successor": "new", "name": "Imran", "email": "lowe@police.example"}, "Pat Lowe has this address"),
    ],
)
@pytest.mark.usefixtures("audits", "lowe")
def test_what_is_wrong_is_said_and_nothing_moves(
    client: PageClient, bell: Contact, fields: dict[str, str], words: str
) -> None:
    page = client.post(page_of(bell, "left"), fields, status=422).text
    assert words in page
    assert bell.left_at is None
    assert len(holdings_of(bell, now=MONDAY_MORNING)) == 2


def test_whoever_holds_nothing_has_left_with_one_press(client: PageClient, lowe: Contact) -> None:
    assert "so nobody has to take over" in client.get(page_of(lowe, "left")).text
    done = client.follow(client.post(page_of(lowe, "left"), {})).text
    assert "They held no request of an open audit." in done
    assert lowe.left_at is not None


def test_a_corrected_address_gets_a_new_link_in_every_open_audit(
    client: PageClient, bell: Contact, audits: list[Audit], make: Maker, outbox: Queued
) -> None:
    old_link = link_for(make.grants(audits[0])[0])
    page = client.get(page_of(bell, "address")).text
    assert "Send 2 new links there" in page
    links = page.split('name="links" value="')[1].split('"')[0]
    fields = {"email": "sgt.bell@police.example", "links": links}
    done = client.follow(client.post(page_of(bell, "address"), fields)).text
    assert "sgt.bell@police.example is the address now. An email with a new link leaves to" in done
    assert {mail.to_addr for mail in outbox()} == {"sgt.bell@police.example"}
    assert len(outbox()) == 2
    with pytest.raises(LinkUnknown):
        grant_for_token(old_link)
    again = client.follow(client.post(page_of(bell, "address"), fields)).text
    assert "Nothing has been sent twice." in again
    assert len(outbox()) == 2


def test_an_address_changed_in_the_directory_leads_to_the_page_that_sends_the_links(
    client: PageClient, bell: Contact, audits: list[Audit]
) -> None:
    fields = {"name": bell.name, "email": "sgt.bell@police.example", "telephone": "", "role": "lead"}
    page = client.follow(client.post(page_of(bell, "").rstrip("/"), fields)).text
    assert "No email has gone to the present address." in page
    assert "Send 2 new links there" in page
    assert audits


def test_a_correction_of_somebody_who_holds_nothing_says_that_no_email_leaves(
    client: PageClient, lowe: Contact, outbox: Queued
) -> None:
    assert "so no email leaves" in client.get(page_of(lowe, "address")).text
    done = client.follow(client.post(page_of(lowe, "address"), {"email": "p.lowe@police.example"})).text
    assert "No email leaves: nothing of an open audit is asked of them." in done
    assert (lowe.email, outbox()) == ("p.lowe@police.example", [])


def test_an_address_that_is_wrong_or_taken_is_refused_beside_its_box(
    client: PageClient, bell: Contact, lowe: Contact
) -> None:
    for email, words in (("bell", "name@"), (lowe.email, "Pat Lowe has this address already")):
        assert words in client.post(page_of(bell, "address"), {"email": email, "links": ""}, status=422).text
    assert bell.email == "bell@police.example"


def test_what_was_passed_on_with_the_old_link_comes_back_if_staff_say_so(
    client: PageClient, bell: Contact, audits: list[Audit], make: Maker
) -> None:
    first = make.requests(audits[0])[0]
    passes_on(first)
    page = client.get(page_of(bell, "address")).text
    links = page.split('name="links" value="')[1].split('"')[0]
    client.post(page_of(bell, "address"), {"email": "b@police.example", "links": links, "takes_back": "y"})
    assert holders(make, audits[0])[0] == bell.name


def test_the_page_takes_as_many_statements_however_many_audits(
    bell: Contact, make: Maker, queries: Callable[[int], object], agency: Agency
) -> None:
    for _ in range(4):
        make.audit(cases=3, agencies=[agency])
    assert bell.name
    with queries(3):  # type: ignore[attr-defined]
        holdings = holdings_of(bell, now=MONDAY_MORNING)
    assert [len(holding.requests) for holding in holdings] == [3] * 4
