"""The pages of a sample, and that nothing which names a child reaches the database’s file."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import engine
from surveyapp.planning.models import Audit
from surveyapp.sampling.models import ExportHead
from surveyapp.sampling.queries import sample_of
from surveyapp.sampling.sample import Sample
from surveyapp.standalone.models import Staff
from tests.page_client import MANAGER, PageClient, seen_digest
from tests.row_maker import Maker
from tests.sampling.exports import SECRET_BIRTH_DATES, SECRETS, export_of_2014

LISTED = ["16", "1", "2014"]
RULES = {
    "size": "15",
    "seed": "20140116",
    "only_repeat": "y",
    "longest_interval": "3",
    "one_of_siblings": "y",
    "categories": ["emotional abuse", "neglect", "physical abuse"],
}


def posted(text: str | bytes = "", *, name: str = "export.csv", **more: Any) -> dict[str, Any]:
    """The fields of the form with a file."""
    content = text.encode() if isinstance(text, str) else text
    return {"file": (io.BytesIO(content), name), "listed_on": LISTED, **more}


def read(client: PageClient, audit: Audit, text: str, **more: Any) -> str:
    """Read a list; returns the page that follows."""
    return client.follow(client.post(f"/audits/{audit.id}/sample/list", posted(text, **more))).text


def stored(audit: Audit) -> Sample:
    """The sample as it is stored."""
    sample = sample_of(audit)
    assert sample is not None
    return sample


@pytest.fixture
def planned(make: Maker) -> Audit:
    """An audit without cases or a list."""
    return make.audit(title="Repeat plans", cases=0, agencies=1, issued=False)


def database_bytes() -> bytes:
    """Every byte of the database’s file and those beside it; of PostgreSQL, every row."""
    url = make_url(str(engine().url))
    if engine().dialect.name == "sqlite":
        path = Path(str(url.database))
        return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))
    with engine().connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'survey_%%'"
        ).scalars()
        return b"".join(
            repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all()).encode()  # noqa: S608 — our own
            for table in tables.all()
        )


def test_a_sample_is_chosen_from_an_export_in_three_presses(client: PageClient, planned: Audit) -> None:
    there = f"/audits/{planned.id}"
    assert "Choose the sample from an export" in client.get(f"{there}/cases").text
    assert "Names, birth dates, numbers and addresses are not stored" in client.get(f"{there}/sample").text
    page = read(client, planned, export_of_2014())
    assert "202 children read, 15 proposed." in page
    assert "34 of them on a repeat plan (16.8%)" in page
    assert "Surname" in page, "the columns left out are listed"
    page = client.follow(client.post(f"{there}/sample/rules", RULES)).text
    assert "15 children chosen again by these rules." in page
    assert "An interval of 3 years or less between the plans" in page
    assert "the seed 20140116" in page
    assert "Balance: the difference is 0, which is exact" in page
    page = client.follow(client.post(f"{there}/sample/cases", {"consulted": "executive members"})).text
    assert "15 cases added." in page
    page = client.get(f"{there}/sample").text
    assert "with executive members on Monday 30 November 2026" in page
    assert "15 cases." in client.get(f"{there}/cases").text


def test_nothing_that_names_a_child_is_in_the_file_of_the_database(
    app: Flask, client: PageClient, planned: Audit
) -> None:
    read(client, planned, export_of_2014())
    client.post(f"/audits/{planned.id}/sample/rules", RULES)
    client.post(f"/audits/{planned.id}/sample/cases", {"consulted": ""})
    key = client.post(f"/audits/{planned.id}/sample/key", posted(export_of_2014()), status=200)
    assert "Child 1," in key.text
    content = database_bytes()
    assert b"repeat" in content.lower()
    assert b"emotional abuse" in content, "what is kept can be found like this"
    for secret in (*SECRETS, *SECRET_BIRTH_DATES, "Forename7", "Surname7", "Nowhere Street", "CMS-00007"):
        for spelling in (secret, secret.upper(), secret.lower()):
            assert spelling.encode() not in content, f"“{secret}” is in the database"
            assert spelling.encode("utf-16-le") not in content
    assert app.name


def test_a_refused_list_stores_nothing_and_names_row_and_column(
    client: PageClient, planned: Audit, session: Session
) -> None:
    there = f"/audits/{planned.id}/sample/list"
    page = client.post(there, posted("Sex,DOB\nf,1/2/2010\nm,31/2/2010\n"), status=422).text
    assert "Row 3, Date of birth: “31/2/2010” is not a day" in page
    assert "Choose the file of the export" in client.post(there, {"listed_on": LISTED}, status=422).text
    no_day = {**posted("Sex\nf\n"), "listed_on": ["", "", ""]}
    assert "Enter the day on which the list was drawn" in client.post(there, no_day, status=422).text
    assert "This is a PDF" in client.post(there, posted(b"%PDF-1.7", name="x.pdf"), status=422).text
    children = posted("Sex,Zebedee,12/03/2015\nf,Quillfeather,1/2/2010\n")
    page = client.post(there, children, status=422).text
    assert "a head cannot be a date of birth" in page
    session.rollback()
    assert sample_of(planned) is None
    assert b"Zebedee" not in database_bytes()


def test_columns_are_mapped_once_and_the_next_export_maps_itself(
    client: PageClient, planned: Audit, make: Maker, session: Session
) -> None:
    text = "Gdr,Whose,Cat\nF,Zebedee,Neglect\nM,Quentin,Neglect\nF,Pip,Emotional abuse\n"
    there = f"/audits/{planned.id}/sample/list"
    page = client.post(there, posted(text), status=422).text
    assert "Say what each column holds" in page
    assert "Choose the same file again" in page
    columns = {"has_columns": "yes", "column-0": "gender", "column-1": "", "column-2": "category"}
    page = client.follow(client.post(there, posted(text, **columns))).text
    assert "Gender: “Gdr”" in page
    assert {row.head_key: row.column_name for row in session.scalars(select(ExportHead))} == {
        "gdr": "gender",
        "whose": "-",
        "cat": "category",
    }
    session.rollback()
    other = make.audit(title="Next year", cases=0, agencies=1, issued=False)
    page = read(client, other, text)
    assert "3 children read, 3 proposed." in page
    assert b"Zebedee" not in database_bytes()


def test_a_workbook_is_read_like_a_csv(client: PageClient, planned: Audit) -> None:
    book: Any = openpyxl.Workbook()
    for row in (
        ("Surname", "DOB", "Sex", "Number of plans"),
        ("Quillfeather", date(2010, 1, 16), "F", 2),
        ("Other", date(2004, 1, 17), "M", 1),
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    there = f"/audits/{planned.id}/sample/list"
    page = client.follow(client.post(there, posted(content.getvalue(), name="export.xlsx"))).text
    assert "girl, 4 years" in page
    assert "boy, 9 years 11 months" in page
    assert "1 of them on a repeat plan (50%)" in page


def test_a_child_is_exchanged_with_a_reason_and_put_back(client: PageClient, planned: Audit) -> None:
    read(client, planned, export_of_2014())
    out = stored(planned).chosen[0].number
    there = f"/audits/{planned.id}/sample/children/{out}/exchange"
    page = client.get(there).text
    into = re.findall(r'name="into" type="radio" value="(\d+)"', page)
    assert len(into) == 20
    assert "difference then" in page
    page = client.post(there, {"reason": "", "into": into[0]}, status=422).text
    assert "Enter the reason" in page
    born = {"reason": "Born 23/05/2009", "into": into[0]}
    assert "This looks like a date of birth" in client.post(there, born, status=422).text
    assert "Choose who takes the place" in client.post(there, {"reason": "At court"}, status=422).text
    client.post(there, {"reason": "At court", "into": str(out)}, status=422)
    page = client.follow(client.post(there, {"reason": "At court", "into": into[0]})).text
    assert f"No {out} is left out, and No {into[0]} is in the sample." in page
    client.get(there, status=404)
    page = client.get(f"/audits/{planned.id}/sample/children?standing=Left+out+by+hand").text
    assert "At court" in page
    assert f"Put back No {out}" in page
    page = client.follow(client.post(f"/audits/{planned.id}/sample/children/{out}/put-back")).text
    assert f"No {out} may be chosen again." in page


def test_rules_that_cannot_be_are_named_beside_their_field(client: PageClient, planned: Audit) -> None:
    read(client, planned, export_of_2014())
    there = f"/audits/{planned.id}/sample/rules"
    for wrong, words in (
        ({"size": "0"}, "Enter a number of cases from 1 to 500"),
        ({"seed": "-1"}, "Enter a seed from 0 to"),
        ({"longest_interval": "long"}, "“long” is not a time"),
        ({"began_from": ["2", "1", "2014"], "began_until": ["1", "1", "2014"]}, "before the first day"),
        ({"began_from": ["1", "1", "2050"]}, "Nobody on the list meets these rules"),
    ):
        assert words in client.post(there, {**RULES, **wrong}, status=422).text


def test_an_executive_approves_the_sample_and_changes_are_shown(
    client: PageClient, planned: Audit, session: Session
) -> None:
    there = f"/audits/{planned.id}/sample"
    page = read(client, planned, export_of_2014())
    assert "An executive approves the sample on this page" in page
    client.post(f"{there}/approve", {"seen": ""}, status=403)
    session.scalars(select(Staff).where(Staff.email == MANAGER)).one().roles = "business_manager executive"
    session.commit()
    seen = seen_digest(client.get(there).text)
    page = client.follow(client.post(f"{there}/approve", {"seen": seen})).text
    assert "The sample is approved." in page
    client.post(f"{there}/rules", {**RULES, "size": "8"})
    page = client.get(there).text
    assert "Changed since it was approved" in page
    assert "8 of " in page
    page = client.follow(client.post(f"{there}/approve", {"seen": seen})).text
    assert "The sample has changed since this page was opened." in page


def test_an_executive_is_offered_approval_alone_and_reads_no_pseudonym(
    client: PageClient, planned: Audit, session: Session
) -> None:
    there = f"/audits/{planned.id}/sample"
    manager = session.scalars(select(Staff).where(Staff.email == MANAGER)).one()
    manager.roles = "executive"
    session.commit()
    assert "No list of children has been read yet." in client.get(there).text
    manager.roles = "business_manager"
    session.commit()
    read(client, planned, export_of_2014())
    client.post(f"{there}/cases", {"consulted": ""})
    assert ">Child 1</td>" in client.get(there).text
    manager.roles = "executive"
    session.commit()
    page = client.get(there).text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'action="([^"]*)"', page) == [f"{there}/approve"]
    assert re.findall(r'href="(/[^"]*)"', page) == []
    assert ">Child 1</td>" not in page


def test_the_key_is_made_from_the_same_file_alone(client: PageClient, planned: Audit) -> None:
    there = f"/audits/{planned.id}/sample/key"
    assert "No case has been made of a list yet" in client.get(there).text
    client.post(there, posted(export_of_2014()), status=409)
    read(client, planned, export_of_2014())
    client.post(f"/audits/{planned.id}/sample/cases", {"consulted": ""})
    lines = (
        client.post(there, posted(export_of_2014()), status=200).get_data().decode("utf-8-sig").splitlines()
    )
    assert lines[0] == "Case,Row of the export,Case reference"
    cases = {case.pseudonym: case for case in planned.cases}
    rows = export_of_2014().splitlines()
    assert len(lines) == 16
    for line in lines[1:]:
        name, row, reference = line.split(",")
        assert rows[int(row) - 1].startswith(f"{reference},")
        assert rows[int(row) - 1].split(",")[8].lower() == cases[name].category
    other = export_of_2014().replace("Forename3,", "Forename4,", 1)
    assert (
        "This is not the file from which the sample was drawn"
        in client.post(there, posted(other), status=422).text
    )


def test_the_pages_take_as_many_statements_for_a_long_list_as_for_a_short_one(
    client: PageClient,
    planned: Audit,
    make: Maker,
    queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    other = make.audit(title="Long", cases=0, agencies=1, issued=False)
    read(client, planned, export_of_2014(plans=40))
    read(client, other, export_of_2014(plans=400))
    for page in ("sample", "sample/children", f"sample/children/{stored(planned).chosen[0].number}/exchange"):
        client.get(f"/audits/{planned.id}/{page}")
        with queries(20) as short:
            client.get(f"/audits/{planned.id}/{page}")
        page_of_other = page.replace(
            str(stored(planned).chosen[0].number), str(stored(other).chosen[0].number)
        )
        with queries(len(short)):
            client.get(f"/audits/{other.id}/{page_of_other}")
    assert "Pages of children" in client.get(f"/audits/{other.id}/sample/children?page=2").text


def test_the_list_is_removed_with_a_second_press(client: PageClient, planned: Audit) -> None:
    page = read(client, planned, export_of_2014())
    assert "Remove the list" in page
    page = client.follow(client.post(f"/audits/{planned.id}/sample/list/remove")).text
    assert "Read the list" in page
    for page_name in ("rules", "cases"):
        client.post(f"/audits/{planned.id}/sample/{page_name}", RULES)
    client.get(f"/audits/{planned.id}/sample/children", status=303)


def test_an_issued_audit_says_that_its_cases_stay(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    page = client.get(f"/audits/{audit.id}/sample").text
    assert "were not chosen from a list, and it has been issued" in page
    assert "Read the list" not in page
    page = client.post(f"/audits/{audit.id}/sample/list", posted(export_of_2014()), status=409).text
    assert "its sample stays as it was chosen" in page
