"""Lists of contacts, cases, ticks and children are taken from whatever file an office has, or refused."""

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.sampling.queries import sample_of
from tests.journeys.office_files import (
    TAKERS,
    Rows,
    Taker,
    as_csv,
    as_open_document,
    as_workbook,
    contacts,
    sent,
    ticks,
    with_rows,
)
from tests.page_client import PageClient
from tests.planning.pasted_tables import press
from tests.row_maker import Maker


@pytest.fixture(params=TAKERS)
def page(request: pytest.FixtureRequest, make: Maker) -> Taker:
    """Each page that takes a table."""
    return TAKERS[request.param](make)


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_in_any_encoding_with_any_separator_is_taken(
    client: PageClient, page: Taker, encoding: str, separator: str
) -> None:
    answer = sent(client, page, as_csv(page.rows, separator).encode(encoding), "list.csv")
    assert page.said in answer
    is_guessed = encoding == "cp1252" and not as_csv(page.rows, ",").isascii()
    assert ("as Windows writes them" in answer) is is_guessed


@pytest.mark.parametrize("write", [as_workbook, as_open_document])
def test_a_spreadsheet_is_taken(client: PageClient, page: Taker, write: Callable[[Rows], bytes]) -> None:
    name = "list.ods" if write is as_open_document else "list.xlsx"
    assert page.said in sent(client, page, write(page.rows), name)


def test_a_file_that_unpacks_to_far_more_is_refused(client: PageClient, page: Taker) -> None:
    content = io.BytesIO(as_workbook(page.rows))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"0" * 50_000_001)
    answer = sent(client, page, content.getvalue(), "list.xlsx")
    assert "This workbook unpacks to far more than" in answer
    assert "takes 10,000 rows" in answer or "up to 10,000 children" in answer


def test_a_formula_is_named_with_its_row_and_is_not_worked_out(client: PageClient, page: Taker) -> None:
    head, first = page.rows
    content = as_workbook([head, [first[0], "=1+1", *first[2:]]])
    answer = sent(client, page, content, "list.xlsx")
    assert re.search("Row 2, [^<:]+: a formula stands here: put its value instead", answer)


def test_two_columns_of_one_head_are_asked_about(client: PageClient, page: Taker) -> None:
    (head, first) = page.rows
    content = as_csv([[*head, head[1]], [*first, first[1]]], ",").encode()
    answer = sent(client, page, content, "list.csv")
    assert f"Columns B and {'ABCDEFG'[len(head)]} are both" in answer


@pytest.mark.parametrize("write", ["csv", "xlsx"])
def test_two_hundred_thousand_rows_are_refused_in_a_sentence(
    client: PageClient, page: Taker, write: str
) -> None:
    head, (first, *_others) = page.rows
    if write == "csv":
        content = as_csv([head, *[[first]] * 200_000], ",").encode()
    else:
        row = b'<row><c t="inlineStr"><is><t>Child</t></is></c></row>'
        content = with_rows(as_workbook([head]), row * 200_000)
    answer = sent(client, page, content, f"list.{write}")
    assert any(
        words in answer
        for words in ("more than 10,000 rows", "unpacks to far more", "The file is larger than")
    )


def test_hidden_rows_are_taken_and_said(client: PageClient, page: Taker) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(page.rows)))
    book["List"].row_dimensions[2].hidden = True
    written = io.BytesIO()
    book.save(written)
    answer = sent(client, page, written.getvalue(), "list.xlsx")
    assert page.said in answer
    assert "Row 2 is hidden in the workbook, and is taken all the same" in answer


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("Y", "N"),
        ("y", "n"),
        ("Yes", "No"),
        ("x", ""),
        ("X", "-"),
        (1, 0),
        ("TRUE", "FALSE"),
        (True, False),
        ("=TRUE()", "=FALSE()"),
        ("✓", None),
    ],
)
def test_ticks_are_read_as_offices_write_them(
    client: PageClient,
    make: Maker,
    yes: object,
    no: object,
) -> None:
    grid = ticks(make)
    answer = sent(client, grid, as_workbook([grid.rows[0], ["Child 1", yes, no]]), "ticks.xlsx")
    assert "1 case, 1 agency" in answer or "1 case, 2 agencies" in answer


def test_a_telephone_number_gets_its_nought_back_and_it_is_said(
    client: PageClient, make: Maker, session: Session
) -> None:
    directory = contacts(make)
    content = as_workbook([directory.rows[0], [*directory.rows[1][:4], 1632960001]])
    answer = sent(client, directory, content, "contacts.xlsx")
    assert "1632960001 had lost its nought: taken as 01632960001" in answer
    press(client, directory.address, answer)
    (contact,) = session.scalars(select(Contact).where(Contact.email == "zoe@police.example"))
    assert contact.telephone == "01632960001"


@pytest.mark.parametrize("began", ["18/12/2013", "2013-12-18", "18 December 2013"])
def test_a_day_is_read_as_offices_write_it(client: PageClient, make: Maker, began: str) -> None:
    audit = make.audit(cases=0, agencies=1, issued=False)
    listed = Taker(f"/audits/{audit.id}/sample/list", [], "")
    answer = sent(client, listed, f"Sex,Plan start date\nF,{began}\n".encode(), "list.csv")
    assert "1 child read, 1 proposed." in answer
    sample = sample_of(audit)
    assert sample is not None
    assert str(sample.children[1].listed.began_on) == "2013-12-18"
