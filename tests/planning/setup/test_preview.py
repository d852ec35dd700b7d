"""The preview of a set-up file: what it shows is what is stored, and who is asked."""

import html
import re
from collections.abc import Callable

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies import operations as directory
from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.planning.conftest import ACTING
from tests.planning.setup.test_pages import confirm, send
from tests.row_maker import Maker

ANN, BEA = "ann.old@police.example", "bea.new@police.example"


def file_with(*contacts: dict[str, str]) -> bytes:
    """A set-up of two cases, with these contacts at its one agency."""
    agency = {"name": "Northside Police", "kind": "police", "contacts": list(contacts)}
    cases = [{"case": f"Child {number}", "agencies": ["Northside Police"]} for number in (1, 2)]
    days = {"issue_on": "2026-12-01", "due_on": "2026-12-18", "close_on": "2027-01-15"}
    content = {"audit": "Round two", "form": "repeat_child_protection_plans_2014", **days}
    return yaml.safe_dump({**content, "agencies": [agency], "cases": cases}).encode()


BEA_LEADS = file_with({"name": "Bea New", "email": BEA, "role": "lead", "telephone": "01632 960002"})


@pytest.fixture
def police(make: Maker, session: Session) -> Agency:
    """Northside Police of the directory, whose lead is Ann Old."""
    agency = make.agency("Northside Police", contact=ANN)
    agency.contacts[0].name = "Ann Old"
    session.commit()
    return agency


def asked_on(page: str) -> list[str]:
    """The addresses of the table “Who will be asked”."""
    table = page[page.index("Who will be asked</caption>") : page.index("</table>")]
    return re.findall(r"[\w.]+@[\w.]+", html.unescape(table))


def asked_by_mail(session: Session, outbox: Callable[[], list[Outbox]]) -> list[str]:
    """The addresses to which issuing the only audit sends requests."""
    with transaction():
        issue_requests(session.scalars(select(Audit)).one(), **ACTING)
    return [mail.to_addr for mail in outbox()]


def test_the_new_lead_who_is_shown_is_the_one_who_is_asked(
    client: PageClient, session: Session, outbox: Callable[[], list[Outbox]], police: Agency
) -> None:
    page = send(client, BEA_LEADS, "round2.yaml")
    assert "Northside Police: Who is asked" in page
    assert "As in the file: Bea New (bea.new@police.example); Ann Old becomes deputy" in page
    assert "Bea New, agency audit lead, bea.new@police.example (domain not listed), 01632 960002 " in page
    assert asked_on(page) == [BEA]
    confirm(client, page)
    assert asked_by_mail(session, outbox) == [BEA]
    assert {contact.name: contact.role for contact in police.contacts} == {
        "Ann Old": "deputy",
        "Bea New": "lead",
    }


def test_another_choice_is_shown_before_it_is_stored(
    client: PageClient, session: Session, outbox: Callable[[], list[Outbox]], police: Agency
) -> None:
    key = f"agency-{police.id}-asked"
    page = confirm(client, send(client, BEA_LEADS, "round2.yaml"), status=200, **{key: "directory"}).text
    assert "Nothing is stored yet: your choices change what is below." in page
    assert asked_on(page) == [ANN]
    assert session.scalars(select(Audit)).all() == []
    confirm(client, page)
    assert asked_by_mail(session, outbox) == [ANN]
    assert [contact.email for contact in session.scalars(select(Contact))] == [ANN]


def test_somebody_who_has_left_is_ticked_and_noted(
    client: PageClient, session: Session, police: Agency
) -> None:
    page = send(client, BEA_LEADS, "round2.yaml")
    ticked = {f"contact-{police.contacts[0].id}-left": "file"}
    page = confirm(client, page, status=200, **ticked).text
    assert re.search(r"ann\.old@police\.example[^<]*\(has left\)", page)
    confirm(client, page)
    session.expire_all()
    assert [contact.left_at is None for contact in police.contacts] == [False, True]


def test_a_directory_that_changes_meanwhile_is_shown_again_and_nothing_is_stored(
    client: PageClient, session: Session, police: Agency
) -> None:
    page = send(client, BEA_LEADS, "round2.yaml")
    with transaction():
        directory.add_contact(police, name="Bea New", email=BEA, role="deputy", **ACTING)
    page = confirm(client, page, status=409).text
    assert "Someone else changed the directory after you opened the page." in page
    assert "As in the directory: Ann Old (ann.old@police.example); Bea New stays deputy" in page
    assert session.scalars(select(Audit)).all() == []
    confirm(client, page)
    session.expire_all()
    assert {contact.name: contact.role for contact in police.contacts} == {
        "Ann Old": "deputy",
        "Bea New": "lead",
    }


def test_a_press_without_what_the_page_showed_is_shown_first(
    client: PageClient, session: Session, police: Agency
) -> None:
    content = re.findall(r'name="content" value="([^"]*)"', send(client, BEA_LEADS, "round2.yaml"))[0]
    page = client.post("/audits/from-file", {"content": content, "name": "round2.yaml"}, status=200).text
    assert asked_on(page) == [BEA]
    assert session.scalars(select(Audit)).all() == []
    assert [contact.email for contact in police.contacts] == [ANN]
