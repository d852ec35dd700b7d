"""Agencies and contacts by paste or upload: what the page shows is what is stored."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from surveyapp.agencies import operations as directory
from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.planning import pasted_tables
from tests.planning.conftest import ACTING
from tests.row_maker import Maker

PAGE = "/agencies/from-file"
ANN, AMIR = "ann@police.example", "a.khan@police.example"
LIST = """Agency\tKind\tName\tE-mail\tTel no\tJob title
Northside Police\tPolice\tDS Amir Khan\ta.khan@police.example\t1632960001\tSergeant
\t\tDuty desk\tdesk@police.example\t01632 960002\t
Hill Lane Surgery\t\tPractice manager\tpm@surgery.example\t\tManager
"""


def paste(client: PageClient, cells: str, *, status: int = 200) -> str:
    return pasted_tables.paste(client, PAGE, cells, status=status)


def press(
    client: PageClient, page: str, *, step: str = "store", status: int = 303, **chosen: str
) -> TestResponse:
    return pasted_tables.press(client, PAGE, page, step=step, status=status, **chosen)


def people(session: Session) -> dict[str, list[tuple[str, str, str]]]:
    """Name, role and telephone of everybody who has not left, by agency."""
    session.expire_all()
    agencies = session.scalars(select(Agency).order_by(Agency.id))
    return {
        agency.name: [
            (contact.name, contact.role, contact.telephone)
            for contact in agency.contacts
            if not contact.left_at
        ]
        for agency in agencies
    }


@pytest.fixture
def police(make: Maker, session: Session) -> Agency:
    """Northside Police of the directory, whose lead is the Protection Unit."""
    agency = make.agency("Northside Police", contact=ANN)
    agency.contacts[0].name, agency.contacts[0].telephone = "Protection Unit", ""
    session.commit()
    return agency


def test_a_pasted_list_is_stored_in_two_presses(client: PageClient, session: Session) -> None:
    page = paste(client, LIST)
    assert "2 agencies and 3 contacts added" in page
    assert "Row 2, Telephone: 1632960001 had lost its nought: taken as 01632960001" in page
    assert "Row 3, Agency: no agency is named: taken as Northside Police, the one above" in page
    assert "Left out: “Job title”" in page
    assert "GP practice</option>" in page
    assert session.scalars(select(Agency)).all() == []
    page = client.follow(press(client, page)).text
    assert "Stored: 2 agencies and 3 contacts added." in page
    assert people(session) == {
        "Northside Police": [
            ("DS Amir Khan", "lead", "01632960001"),
            ("Duty desk", "deputy", "01632 960002"),
        ],
        "Hill Lane Surgery": [("Practice manager", "lead", "")],
    }
    assert [agency.kind for agency in session.scalars(select(Agency).order_by(Agency.id))] == ["police", "gp"]


def test_pressed_twice_nothing_is_stored_twice(client: PageClient, session: Session) -> None:
    page = paste(client, LIST)
    press(client, page)
    page = press(client, page, status=409).text
    assert "Someone else changed the directory" in page
    assert "nothing, since the directory says the same" in page
    assert len(session.scalars(select(Contact)).all()) == 3


@pytest.mark.parametrize(
    ("choice", "stored"),
    [
        ("file", [("Protection Unit", "deputy", ""), ("DS Amir Khan", "lead", "")]),
        ("directory", [("Protection Unit", "lead", "")]),
        ("deputy", [("Protection Unit", "lead", ""), ("DS Amir Khan", "deputy", "")]),
    ],
)
def test_file_and_directory_stand_side_by_side_and_either_is_kept(
    client: PageClient, session: Session, police: Agency, choice: str, stored: list[tuple[str, str, str]]
) -> None:
    page = paste(client, f"Agency,Name,Email\nNorthside Police,DS Amir Khan,{AMIR}\n")
    assert "As in the file: DS Amir Khan (a.khan@police.example); Protection Unit becomes deputy" in page
    assert "As in the directory: Protection Unit (ann@police.example); DS Amir Khan is not added" in page
    assert "Keep, and add as deputy: Protection Unit; DS Amir Khan (a.khan@police.example) as deputy" in page
    key = f"agency-{police.id}-asked"
    if choice != "file":
        page = press(client, page, status=200, **{key: choice}).text
        assert "Nothing is stored yet: your choices change what is below." in page
    press(client, page)
    assert people(session) == {"Northside Police": stored}


def test_somebody_new_can_be_left_out_and_somebody_absent_noted_as_having_left(
    client: PageClient, session: Session, police: Agency
) -> None:
    page = paste(client, "Agency,Name,Email,Role\nNorthside Police,Cal,cal@police.example,deputy\n")
    addition = re.search(r'name="choice-(new-\w+)"', page)
    assert addition
    page = press(
        client,
        page,
        status=200,
        **{addition[1]: "directory", f"contact-{police.contacts[0].id}-left": "file"},
    ).text
    assert "(has left)" in page
    press(client, page)
    assert people(session) == {"Northside Police": []}


@pytest.mark.usefixtures("police")
def test_agencies_of_nearly_the_same_name_are_asked_about(client: PageClient, session: Session) -> None:
    page = paste(client, f"Agency,Name,Email\nNorth Side Police,Protection Unit,{ANN}\n")
    assert "Row 2 names “North Side Police”, and there is “Northside Police”. What is it?" in page
    page = press(client, page, status=422).text
    assert "Choose whether it is the same agency" in page
    assert people(session) == {"Northside Police": [("Protection Unit", "lead", "")]}
    page = press(client, page, status=200, **{"near-2": "same"}).text
    assert "nothing, since the directory says the same" in page
    page = press(client, page, status=200, **{"near-2": "another"}).text
    press(client, page)
    assert list(people(session)) == ["Northside Police", "North Side Police"]
    assert session.scalars(select(Agency.kind).order_by(Agency.id)).all() == ["police", "police"]


def test_two_spellings_in_one_table_are_asked_about_and_merged(client: PageClient, session: Session) -> None:
    page = paste(
        client,
        f"Agency,Kind,Name,Email\nNorthside Police,police,Ann,{ANN}\nNorthside Polce,,Amir,{AMIR}\n"
        f"Northside Polce,,Ann,{ANN}\n",
    )
    assert "Row 3 names “Northside Polce”, and there is “Northside Police”. What is it?" in page
    page = press(client, page, status=200, **{"near-3": "same"}).text
    assert "1 agency and 2 contacts added" in page
    press(client, page)
    assert people(session) == {"Northside Police": [("Ann", "lead", ""), ("Amir", "deputy", "")]}


def test_a_kind_that_no_name_suggests_has_to_be_chosen(client: PageClient, session: Session) -> None:
    page = paste(client, "Agency\nThe Beacon\n")
    page = press(client, page, status=422).text
    assert "Choose what kind of agency The Beacon is" in page
    page = press(client, page, status=200, **{"kind-2": "voluntary"}).text
    press(client, page)
    assert session.scalars(select(Agency.kind)).all() == ["voluntary"]


def test_unknown_heads_are_asked_about_once(client: PageClient, session: Session) -> None:
    page = paste(client, f"Where\tWho\tPost box\nNorthside Police\tAnn\t{ANN}\n")
    assert "Say what each column holds" in page
    assert "Northside Police" in page
    chosen = {"column-0": "agency", "column-1": "name", "column-2": "email", "heads": "yes"}
    fields = {"table": re.findall(r'name="table" value="([^"]*)"', page), "has_columns": "yes"}
    assert (
        "Say which column holds “Agency”"
        in client.post(PAGE, {**fields, "column-1": "name"}, status=422).text
    )
    page = client.post(PAGE, {**fields, **chosen}, status=200).text
    assert "1 agency and 1 contact added" in page
    again = press(client, page, step="columns", status=200).text
    assert '<option value="agency" selected>' in again
    press(client, page)
    assert people(session) == {"Northside Police": [("Ann", "lead", "")]}


def test_every_mistake_is_named_with_row_and_column_and_the_cells_stay(
    client: PageClient, session: Session, police: Agency
) -> None:
    with transaction():
        directory.note_contact_left(session.merge(police).contacts[0], **ACTING)
    page = paste(
        client,
        "Agency,Kind,Name,Email,Telephone,Role\n"
        "North,Zoo,Ann,ann at north,1.6E+09,lead\n"
        f"Northside Police,police,Unit,{ANN},,lead\n"
        "South,police,,bea@south.example,,boss\n"
        "East,police,Cal,cal@east.example,=A1,lead\n"
        "West,police,Dee,dee@west.example,,lead\n"
        "West,youth,Dee,dee@west.example,01632 960001,lead\n"
        "Peak,police,www.example.org,w@peak.example,,lead\n",
        status=422,
    )
    for words in (
        "Row 2, Kind of agency: “Zoo” is no kind of agency; there are Children’s social care, Health",
        "Row 2, Telephone: “1.6E+09” is no telephone number",
        "Row 2, Email address: “ann at north” is not an email address",
        "Row 3, Email address: Protection Unit (ann@police.example) has left: leave the row out",
        "Row 4, Name of the contact: write a name, or the name of the post",
        "Row 4, Role for audits: “boss” is no role; there are Agency audit lead, Deputy, Escalation contact",
        "Row 5, Telephone: a formula stands here: put its value instead",
        "Row 7, Kind of agency: West is “Police” in row 6, and “Youth justice” here",
        "Row 8, Name of the contact: Leave “www.” out of the name",
    ):
        assert words in page
    assert "North\tZoo\tAnn\tann at north" in page, "The cells are in the box, to be mended there."
    assert "Nothing was stored." in page
    page = paste(client, f"Agency,Name,Email\nA,Ann,{ANN}\nA,Bea,{ANN}\nB,Ann,not an address\n", status=422)
    assert "Row 3, Email address: ann@police.example stands in row 2 already, with another name" in page
    assert "Row 4, Email address: “not an address” is not an email address" in page


def test_an_agency_that_is_set_aside_is_not_brought_back_by_a_table(
    client: PageClient, session: Session, police: Agency
) -> None:
    police.set_aside_at = MONDAY_MORNING
    session.commit()
    page = paste(client, f"Agency,Name,Email\nnorthside police,Ann,{ANN}\n", status=422)
    assert "Row 2, Agency: Northside Police is set aside: bring it back under Agencies first" in page


def test_repeats_and_shared_addresses_are_pointed_out(client: PageClient) -> None:
    page = paste(
        client,
        f"Agency,First name,Surname,Email\nA School,Ann,Lee,{ANN}\na school,Ann,Lee,ANN@police.example\n"
        f"B School,Ann,Lee,{ANN}\n",
    )
    assert "Row 3, Email address: ANN@police.example is repeated: taken once" in page
    assert "Row 4, Email address: ann@police.example is a contact of A School and of B School" in page
    assert "Ann Lee, agency audit lead" in page
    assert "2 agencies and 2 contacts added" in page


def test_a_file_is_taken_and_a_damaged_one_refused(client: PageClient, session: Session) -> None:
    client.get(PAGE)
    upload = {"file": (io.BytesIO(LIST.encode("utf-16")), "contacts.csv")}
    page = client.post(PAGE, upload, status=200, content_type="multipart/form-data").text
    press(client, page)
    assert len(session.scalars(select(Contact)).all()) == 3
    assert "Paste the cells, or choose a file" in client.post(PAGE, {}, status=422).text
    assert "did not come back whole" in client.post(PAGE, {"table": "é"}, status=422).text
    assert "There is no row below the heads" in paste(client, "Agency\tName\n", status=422)


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [
        (4_900_000, 422, "more than 10,000 rows"),
        (5_200_000, 422, "The file is larger than 5 MB"),
        (6_100_000, 413, "too much to take at once"),
    ],
)
def test_staff_may_upload_five_megabytes(client: PageClient, size: int, status: int, words: str) -> None:
    file = FileStorage(io.BytesIO(b"Agency\n" * (size // 7)), "contacts.csv")
    boundary, body = encode_multipart({"csrf_token": client.token, "file": file})
    content_type = f"multipart/form-data; boundary={boundary}"
    answer = client.http.post(PAGE, data=body, content_type=content_type)
    assert (answer.status_code, words in answer.text) == (status, True)


def test_the_directory_leads_to_the_page(client: PageClient) -> None:
    assert f'href="{PAGE}"' in client.get("/agencies").text


@pytest.mark.slow
def test_two_thousand_contacts_take_as_few_statements_as_twenty(
    client: PageClient, session: Session, queries: Callable[[int], Any]
) -> None:
    rows = "".join(
        f"School {number // 2}\tschool\tPerson {number}\tp{number}@school{number // 2}.example\n"
        for number in range(2_000)
    )
    with queries(9):
        page = paste(client, f"Agency\tKind\tName\tEmail\n{rows}")
    assert "1,000 agencies and 2,000 contacts added" in page
    with queries(24):
        press(client, page)
    assert len(session.scalars(select(Contact)).all()) == 2_000
    assert len(session.scalars(select(Event).where(Event.action == "added_contact")).all()) == 2_000


@pytest.mark.slow
def test_many_differences_are_chosen_together_and_stored_in_few_statements(
    client: PageClient, session: Session, queries: Callable[[int], Any]
) -> None:
    rows = "".join(f"School {number}\tschool\tPerson\tp@school{number}.example\n" for number in range(600))
    press(client, paste(client, f"Agency\tKind\tName\tEmail\n{rows}"))
    page = paste(client, f"Agency\tKind\tName\tEmail\n{rows.replace('Person', 'Human')}")
    assert "There are 600 differences, too many to choose one by one." in page
    kept = press(client, page, status=200, all="directory").text
    assert "nothing, since the directory says the same" in kept
    with queries(24):
        press(client, page)
    session.expire_all()
    assert set(session.scalars(select(Contact.name))) == {"Human"}
