"""The outstanding list as files."""

import csv
import io
import re
from datetime import datetime

from sqlalchemy.orm import Session

from surveyapp.tracking.outstanding.files import OUTSTANDING_HEADINGS
from tests.exports.opened_files import opened
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_the_files_have_the_headings_of_the_page() -> None:
    assert OUTSTANDING_HEADINGS[:3] == ("Agency", "Case", "Stands at")
    assert {"Contact", "Telephone", "Chased"} < set(OUTSTANDING_HEADINGS)


def test_a_spreadsheet_keeps_telephone_numbers_and_cases_as_they_were_written(
    client: PageClient, make: Maker, session: Session
) -> None:
    school, police = make.agency("Brook School", kind="school"), make.agency("=Police")
    school.contacts[0].telephone, police.contacts[0].telephone = "01632960110", "+44 1632 960111"
    audit = make.audit(cases=2, agencies=[school, police])
    audit.cases[0].pseudonym, audit.cases[1].pseudonym = "01", "1-2"
    session.commit()
    answer = client.get(f"/audits/{audit.id}/outstanding.xlsx")
    assert f"outstanding-audit-{audit.id}-2026-11-30.xlsx" in answer.headers["Content-Disposition"]
    head, *rows = opened(answer.data)["Outstanding"].iter_rows()
    assert tuple(cell.value for cell in head) == OUTSTANDING_HEADINGS
    cells = [dict(zip(OUTSTANDING_HEADINGS, row, strict=True)) for row in rows]
    assert [(row["Agency"].value, row["Case"].value, row["Telephone"].value) for row in cells] == [
        ("=Police", "01", "+44 1632 960111"),
        ("=Police", "1-2", "+44 1632 960111"),
        ("Brook School", "01", "01632960110"),
        ("Brook School", "1-2", "01632960110"),
    ]
    assert {row[name].data_type for row in cells for name in ("Agency", "Case", "Telephone")} == {"s"}
    assert (cells[0]["Asked on"].value, cells[0]["Chased"].value) == (datetime(2026, 11, 30), 0)  # noqa: DTZ001 — a cell
    assert cells[0]["Return by"].number_format == "yyyy-mm-dd"


def test_both_files_say_the_same(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, returned=1)
    written = client.get(f"/audits/{audit.id}/outstanding.csv").data.decode("utf-8-sig")
    book = opened(client.get(f"/audits/{audit.id}/outstanding.xlsx").data)
    cells = [
        [value.date().isoformat() if isinstance(value, datetime) else str(value or "") for value in row]
        for row in book["Outstanding"].iter_rows(values_only=True)
    ]
    assert [[cell or "0" for cell in row] for row in csv.reader(io.StringIO(written))] == [
        [cell or "0" for cell in row] for row in cells
    ]
    page = client.get(f"/audits/{audit.id}/outstanding").text
    assert "Download for a spreadsheet (.xlsx)" in page


def test_the_file_has_what_the_grid_and_the_cards_show(client: PageClient, make: Maker) -> None:
    police = make.agency("Police", contact="police@agency.example")
    health = make.agency("Health", kind="health", contact="health@agency.example")
    audit = make.audit(cases=3, agencies=[police, health], returned=2)
    make.draft(make.requests(audit)[3])
    written = client.get(f"/audits/{audit.id}/outstanding.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    grid = re.sub(r"<[^>]+>", " ", client.get(f"/audits/{audit.id}").text)
    assert f"{len(rows)} outstanding" in " ".join(grid.split())
    cells = {
        (pseudonym, agency): word
        for word, pseudonym, agency in re.findall(
            r"(returned|started|not sent)\s*: (Child \d), (Police|Health)", " ".join(grid.split())
        )
    }
    assert len(cells) == 6
    assert {(row["Case"], row["Agency"]): row["Stands at"] for row in rows} == {
        cell: word for cell, word in cells.items() if word != "returned"
    }
    cards = client.get(f"/audits/{audit.id}/outstanding").text
    for row in rows:
        for name in ("Agency", "Contact", "Telephone", "Case", "Stands at"):
            assert row[name] in cards, f"{name}: {row[name]}"
