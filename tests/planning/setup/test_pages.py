"""The pages on which an audit is set up from a file."""

import html
import io
import random
import re
import zipfile
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from surveyapp.defining.library import form_named, forms_folder
from surveyapp.defining.mistakes import MOST_LISTED
from surveyapp.defining.strict_yaml import LARGEST_FORM_FILE
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.planning.setup.conftest import Sheets
from tests.row_maker import FORM

PAGE = "/audits/from-file"
Write = Callable[[Sheets], bytes]


def send(client: PageClient, content: bytes, name: str, *, status: int = 200) -> str:
    client.get(PAGE)
    file = {"file": (io.BytesIO(content), name)}
    return client.post(PAGE, file, status=status, content_type="multipart/form-data").text


def confirm(client: PageClient, page: str, *, status: int = 303, **changed: str) -> TestResponse:
    """Press “Set up this audit” on a preview, with other choices, if any, by the key of the difference."""
    fields = dict(re.findall(r'type="hidden" name="(content|name|seen|shown)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'name="(choice-[^"]+)" type="\w+" value="(\w+)" checked', page))
    fields |= {f"choice-{key}": choice for key, choice in changed.items()}
    return client.post(PAGE, fields, status=status, content_type="multipart/form-data")


def test_a_workbook_is_shown_as_a_whole_and_stored_once_confirmed(
    client: PageClient, session: Session, sheets: Sheets, workbook: Write
) -> None:
    page = preview = send(client, workbook(sheets), "set-up.xlsx")
    assert "2 cases, 2 agencies, 3 requests" in page
    assert "Nothing is stored yet" in page
    assert "head@care.example" in page
    assert form_named(forms_folder(), FORM).title in html.unescape(page)
    assert 'name="name" value="set-up.xlsx"' in page
    assert session.scalars(select(Audit)).all() == []
    page = client.follow(confirm(client, page)).text
    assert "Audit set up: 2 cases, 2 agencies, 3 requests." in page
    assert "Ready" in page
    page = confirm(client, preview, status=422).text
    assert "give this one another title" in page, "pressed twice, it is set up once"
    assert len(session.scalars(select(Audit)).all()) == 1


def test_every_mistake_is_listed_with_its_row_or_line(
    client: PageClient, sheets: Sheets, workbook: Write, example: str
) -> None:
    sheets["Contacts"][1][2] = "lead at care"
    sheets["Cases"][1][1] = "old"
    page = send(client, workbook(sheets), "set-up.xlsx", status=422)
    assert "Contacts row 2: “lead at care” is not an email address." in page
    assert "Cases row 2: “old” is not an age" in page
    assert "Nothing was stored." in page
    page = send(client, example.replace("age: 3 years", "age: old").encode(), "set-up.yaml", status=422)
    assert "set-up.yaml:22:10: “old” is not an age" in page


def test_of_very_many_mistakes_the_first_are_listed_with_the_count(client: PageClient, example: str) -> None:
    cases = f"cases: [{'x, ' * 20_000}]\n"
    page = send(client, (example.partition("cases:")[0] + cases).encode(), "set-up.yaml", status=422)
    assert page.count("<li>set-up.yaml:") == MOST_LISTED
    assert "There are 20,000 mistakes, of which the first 200 are listed: mend them" in page


def test_missing_large_and_damaged_files_are_refused(client: PageClient) -> None:
    client.get(PAGE)
    assert "Choose a set-up file" in client.post(PAGE, {}, status=422).text
    page = send(client, b"x" * (LARGEST_FORM_FILE + 1), "set-up.yaml", status=422)
    assert "larger than 256 kB" in page
    assert "did not come back whole" in client.post(PAGE, {"content": "é"}, status=422).text


def test_the_largest_file_of_the_page_comes_back_from_the_preview(client: PageClient, example: str) -> None:
    content = example.encode() + b"#" * (250_000 - len(example.encode()))
    confirm(client, send(client, content, "set-up.yaml"))


def test_a_workbook_with_a_large_picture_is_taken_on_the_page(
    client: PageClient, session: Session, sheets: Sheets, workbook: Write
) -> None:
    whole = io.BytesIO(workbook(sheets))
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("xl/media/image1.png", random.Random(1).randbytes(400_000))  # noqa: S311 — noise that does not shrink
    page = send(client, whole.getvalue(), "set-up.xlsx")
    assert len(page) < 100_000, "The page carries what the file says, not the file."
    confirm(client, page)
    assert len(session.scalars(select(Audit)).all()) == 1


def test_the_blank_workbook_is_sent_as_a_file(client: PageClient) -> None:
    sent = client.get(f"{PAGE}/blank")
    assert sent.headers["Content-Disposition"] == "attachment; filename=audit-set-up.xlsx"
    assert sent.data.startswith(b"PK")
