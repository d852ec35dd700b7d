"""Taking a form from a file and downloading it, by the pages."""

import io

import openpyxl

from surveyapp.defining.editing.draft import read_draft
from surveyapp.defining.queries import saved_form, usable_form
from tests.defining.conftest import COPIED_FROM
from tests.defining.editing.page_fields import page_fields
from tests.defining.forms_at_hand import OURS
from tests.page_client import PageClient

_YAML = (OURS / "neglect_2024.yaml").read_bytes()


def sent(client: PageClient, content: bytes, *, status: int = 200) -> str:
    """The page that answers an uploaded file."""
    upload = {"file": (io.BytesIO(content), "form")}
    return client.post("/forms/upload", upload, status=status, content_type="multipart/form-data").text


def test_a_form_file_is_looked_at_first_and_kept_then(client: PageClient) -> None:
    page = sent(client, _YAML)
    assert "Nothing is stored yet." in page
    assert "The note in line 170 is not kept: one child, one register" in page
    assert "Neglect, once more" not in client.get("/forms").text
    kept = client.post("/forms/upload", page_fields(page) | {"title": "Neglect, once more"})
    assert kept.headers["Location"] == "/forms/neglect_once_more/questions"
    assert len(usable_form("neglect_once_more").questions) == len(read_draft(_YAML, "x").questions)
    assert saved_form("neglect_once_more").text.startswith("#")


def test_what_cannot_be_taken_stores_nothing_and_names_each_mistake(client: PageClient) -> None:
    page = sent(client, b"form: x\ntitle: X\nquestions: 3\n", status=422)
    assert "Nothing was stored. Mend this in the file and send it again" in page
    assert "Line 3, column 12: expected a list" in page
    assert "Choose a file" in client.post("/forms/upload", {}, status=422).text
    assert "did not come back whole" in client.post("/forms/upload", {"content": "x"}, status=422).text
    refused = sent(client, _YAML)
    assert (
        "Enter a title" in client.post("/forms/upload", page_fields(refused) | {"title": ""}, status=422).text
    )


def test_a_form_that_breaks_a_rule_is_taken_and_not_used(client: PageClient) -> None:
    page = sent(client, _YAML.replace(b"question: domestic_abuse", b"question: gone"))
    assert "The question that this one depends on is no longer in the form." in page
    client.post("/forms/upload", page_fields(page))
    assert "Not ready" in client.get("/forms").text


def test_a_form_is_downloaded_in_each_form_and_comes_back(client: PageClient, copy: str) -> None:
    outline = client.get(f"/forms/{copy}/questions").text
    for name in ("form.yaml", "form.xlsx", "xlsform"):
        assert f"/forms/{copy}/{name}" in outline
    yaml = client.get(f"/forms/{copy}/form.yaml")
    assert yaml.headers["Content-Disposition"] == f"attachment; filename={copy}.yaml"
    assert read_draft(yaml.data, "x").title == "Repeat plans 2026"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/forms/{copy}/form.xlsx").data))
    assert book.sheetnames == ["Settings", "Questions", "Options"]
    page = sent(client, client.get(f"/forms/{copy}/form.xlsx").data)
    assert "14 questions. Nothing is stored yet." in page
    assert (
        "Question 7, “Professional to speak and see the child alone”"
        in client.get(f"/forms/{copy}/xlsform").text
    )
    page = sent(client, client.get(f"/forms/{copy}/xlsform.xlsx").data)
    assert "Not taken from the file: 3" in page
    kept = client.post("/forms/upload", page_fields(page))
    assert usable_form(kept.headers["Location"].split("/")[2]).question("supervision").number == 2


def test_a_form_of_the_folder_is_downloaded_too(client: PageClient) -> None:
    assert client.get(f"/forms/{COPIED_FROM}/form.yaml").data.startswith(b"# The audit template")
    assert client.get(f"/forms/{COPIED_FROM}/form.xlsx").data.startswith(b"PK")
    client.get("/forms/nothing/form.yaml", status=404)
    client.get("/forms/nothing/xlsform", status=404)
