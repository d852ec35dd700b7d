"""The directory through its pages."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_an_agency_and_its_lead_are_added_and_shown(client: PageClient, session: Session) -> None:
    assert "There are no agencies yet." in client.get("/agencies").text
    client.get("/agencies/add")
    added = client.post("/agencies/add", {"name": "  Northside \n Police ", "kind": "police"})
    page = client.follow(added).text
    assert "Northside Police added. Add who answers for it." in page
    assert "Nobody can be asked here yet" in page
    agency = session.scalars(select(Agency)).one()
    lead = {"name": "D’Arcy O'Neil", "email": "audit@police.example", "telephone": "01234 1", "role": "lead"}
    page = client.follow(client.post(f"/agencies/{agency.id}/contacts/add", lead)).text
    assert "D’Arcy O&#39;Neil" in page
    assert "Nobody can be asked" not in page
    listing = client.get("/agencies").text
    assert "audit@police.example" in listing
    assert "Nobody to ask" not in listing


def test_an_agency_without_name_and_kind_gets_both_errors(client: PageClient) -> None:
    client.get("/agencies/add")
    page = client.post("/agencies/add", {"name": " "}, status=422).text
    assert "Enter the agency’s name" in page
    assert "Choose what kind of agency it is" in page


def test_a_duplicate_name_is_refused_and_shown_again(client: PageClient, make: Maker) -> None:
    make.agency("Northside Police")
    client.get("/agencies/add")
    page = client.post("/agencies/add", {"name": "NORTHSIDE POLICE", "kind": "police"}, status=422).text
    assert "There is an agency called “Northside Police” already." in page
    assert 'value="NORTHSIDE POLICE"' in page


def test_an_invalid_address_is_refused_and_the_other_fields_are_kept(client: PageClient, make: Maker) -> None:
    agency = make.agency(contact=None)
    client.get(f"/agencies/{agency.id}/contacts/add")
    typed = {"name": "Jo Lead", "email": "jo at police", "role": "deputy"}
    page = client.post(f"/agencies/{agency.id}/contacts/add", typed, status=422).text
    assert "“jo at police” is not an email address." in page
    assert 'value="Jo Lead"' in page
    assert 'value="deputy" checked' in page


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ("jo.d’arcy@police.example", "has a curly apostrophe: write jo.d&#39;arcy@police.example"),
        ("mailto:jo@police.example", "begins with “mailto:”: write jo@police.example"),
        ("jo@police.999", "ends in “.999”, and no email address ends in a number"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_with_what_is_wrong(
    client: PageClient, make: Maker, typed: str, mistake: str
) -> None:
    agency = make.agency(contact="audit@police.example")
    fields = {"name": "Jo", "email": typed, "role": "deputy"}
    for page in (f"/agencies/{agency.id}/contacts/add", f"/agencies/{agency.id}/contacts/1"):
        client.get(page)
        shown = client.post(page, fields, status=422).text
        assert mistake in shown
        assert f'value="{typed}"' in shown
    assert [contact.email for contact in agency.contacts] == ["audit@police.example"]


def test_an_address_twice_in_one_agency_is_refused_on_the_page(client: PageClient, make: Maker) -> None:
    agency = make.agency(contact="audit@police.example")
    client.get(f"/agencies/{agency.id}/contacts/add")
    typed = {"name": "Jo", "email": "AUDIT@police.example", "role": "deputy"}
    page = client.post(f"/agencies/{agency.id}/contacts/add", typed, status=422).text
    assert "has this address already" in page


def test_a_contact_leaves_and_comes_back(client: PageClient, make: Maker) -> None:
    agency = make.agency(contact="audit@police.example")
    contact_page = f"/agencies/{agency.id}/contacts/{agency.contacts[0].id}"
    client.get(f"/agencies/{agency.id}")
    page = client.follow(client.post(f"{contact_page}/left")).text
    assert "Have left" in page
    assert "Nobody can be asked here yet" in page
    page = client.follow(client.post(f"{contact_page}/back")).text
    assert "Have left" not in page


def test_a_contact_and_an_agency_are_changed(client: PageClient, make: Maker, session: Session) -> None:
    agency = make.agency(contact="audit@police.example")
    contact_page = f"/agencies/{agency.id}/contacts/{agency.contacts[0].id}"
    assert 'value="audit@police.example"' in client.get(contact_page).text
    client.post(contact_page, {"name": "Jo", "email": "jo@police.example", "telephone": "", "role": "lead"})
    assert session.scalars(select(Contact)).one().email == "jo@police.example"
    client.get(f"/agencies/{agency.id}/edit")
    client.post(f"/agencies/{agency.id}/edit", {"name": "Renamed", "kind": "gp"})
    assert "GP practice" in client.get(f"/agencies/{agency.id}").text


def test_correcting_an_address_explains_that_old_links_keep_working(client: PageClient, make: Maker) -> None:
    agency = make.agency(contact="wrong@police.example")
    contact = agency.contacts[0]
    contact_page = f"/agencies/{agency.id}/contacts/{contact.id}"
    explanation = "A link already sent to the old address keeps working until you send a new one"
    assert explanation in client.get(contact_page).text
    typed = {"name": contact.name, "email": "wrong@police.example", "telephone": "1", "role": "lead"}
    assert explanation not in client.follow(client.post(contact_page, typed)).text
    corrected = client.post(contact_page, typed | {"email": "right@police.example"})
    assert corrected.headers["Location"].endswith(f"{contact_page}/address")
    assert explanation not in client.get(f"/agencies/{agency.id}/contacts/add").text


def test_a_contact_of_another_agency_is_not_found(client: PageClient, make: Maker) -> None:
    agency, other_agency = make.agency(), make.agency()
    client.get(f"/agencies/{agency.id}/contacts/{other_agency.contacts[0].id}", status=404)


def test_a_second_lead_is_told_who_is_asked(client: PageClient, make: Maker, session: Session) -> None:
    agency = make.agency("Northside Police", contact="ann@police.example")
    agency.contacts[0].name = "Ann"
    session.commit()
    client.get(f"/agencies/{agency.id}/contacts/add")
    bea = {"name": "Bea", "email": "bea@police.example", "role": "lead"}
    page = client.follow(client.post(f"/agencies/{agency.id}/contacts/add", bea)).text
    assert (
        "Northside Police has 2 leads: only Ann (ann@police.example) is asked. Change the role of the "
        "others, or note who has left." in page
    )
    client.post(f"/agencies/{agency.id}/contacts/{agency.contacts[0].id}/left")
    assert "has 2 leads" not in client.get(f"/agencies/{agency.id}").text


def test_an_address_of_another_agency_is_pointed_out(client: PageClient, make: Maker) -> None:
    make.agency("St Mary’s School", contact="head@stmarys.example")
    agency = make.agency("St. Mary’s School", contact=None)
    client.get(f"/agencies/{agency.id}/contacts/add")
    head = {"name": "Head", "email": "HEAD@stmarys.example", "role": "lead"}
    page = client.follow(client.post(f"/agencies/{agency.id}/contacts/add", head)).text
    assert "Head added. St Mary’s School has a contact with this address too." in page


@pytest.mark.parametrize("name", ["Click http://evil.example/win now", "pat@evil.example"])
def test_a_name_that_holds_an_address_is_refused(client: PageClient, make: Maker, name: str) -> None:
    agency = make.agency("Northside Police", contact="audit@police.example")
    typed = {"name": name, "email": "pat@police.example", "role": "lead"}
    contact = agency.contacts[0]
    for page in (f"/agencies/{agency.id}/contacts/add", f"/agencies/{agency.id}/contacts/{contact.id}"):
        shown = client.post(page, typed, status=422).text
        assert "out of the name: the name goes into emails" in shown
        assert f'value="{name}"' in shown


def named(shown: str) -> list[str]:
    """The agencies of the list, in its order."""
    return re.findall(r'/agencies/\d+">([^<]+)</a></th>', shown)


def test_the_directory_is_found_by_name_contact_and_kind(client: PageClient, make: Maker) -> None:
    make.agency("Ash Primary", kind="school", contact="head@ash.example")
    make.agency("Birch Surgery", kind="gp", contact="ash.team@birch.example")
    make.agency("Cedar 100%", kind="school")

    def shown(query: str) -> list[str]:
        return named(client.get(f"/agencies{query}").get_data(as_text=True))

    assert shown("?words=ASH") == ["Birch Surgery", "Ash Primary"]
    assert shown("?words=ash&kind=school") == ["Ash Primary"]
    assert shown("?words=100%25") == ["Cedar 100%"]
    assert shown("?kind=nonsense&page=7") == ["Birch Surgery", "Ash Primary", "Cedar 100%"]
    assert "No agency matches." in client.get("/agencies?words=nobody").get_data(as_text=True)


def test_a_contact_who_left_finds_no_agency(client: PageClient, make: Maker, session: Session) -> None:
    agency = make.agency("Ash Primary", kind="school", contact="head@ash.example")
    agency.contacts[0].left_at = MONDAY_MORNING
    session.commit()
    assert named(client.get("/agencies?words=head").get_data(as_text=True)) == []


def test_two_thousand_contacts_take_as_many_statements_as_two(
    client: PageClient, make: Maker, session: Session, queries: Queries
) -> None:
    make.agency("Agency A")
    client.get("/agencies")
    with queries(12) as few:
        client.get("/agencies")
    agencies = [Agency(name=f"Agency {number:04}", kind="school") for number in range(1000)]
    for agency in agencies:
        agency.contacts = [
            Contact(name=f"{agency.name} {role}", email=f"{role}@{agency.name[-4:]}.example", role=role)
            for role in ("lead", "deputy")
        ]
    session.add_all(agencies)
    session.commit()
    with queries(len(few)):
        shown = client.get("/agencies?page=2").get_data(as_text=True)
    assert "1,001 agencies" in shown
    assert "Page 2 of 21" in shown
    assert named(shown)[0] == "Agency 0049"
    assert named(client.get("/agencies?words=deputy&page=20").get_data(as_text=True))[-1] == "Agency 0999"
