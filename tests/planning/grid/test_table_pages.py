"""Ticks by paste or upload: what the page shows is what is stored."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency
from surveyapp.planning.grid.queries import ticked_cells
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.planning.pasted_tables import paste, press
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """An audit of two cases about which two agencies are asked, and a third agency."""
    police, school = make.agency("Northside Police"), make.agency("Hill School", kind="school")
    make.agency("Hill Lane Surgery", kind="gp")
    return make.audit(cases=2, agencies=[police, school], issued=False)


def stored(session: Session, audit: Audit) -> set[tuple[int, int]]:
    """The ticked cells: the case by its number, and the agency by its place in the directory."""
    session.expire_all()
    first = min(case.id for case in audit.cases)
    return {(cell.case_id - first + 1, cell.agency_id) for cell in ticked_cells(audit)}


TABLE = "Case\tNorthside Police\tHill School\tHill Lane Surgery\nChild 1\tY\tN\tx\nChild 2\t\tyes\t\n"


def test_ticks_are_shown_and_stored_with_what_the_table_denies(
    client: PageClient, session: Session, audit: Audit
) -> None:
    there = f"/audits/{audit.id}/grid/from-file"
    assert f'href="{there}"' in client.get(f"/audits/{audit.id}/grid").text
    page = paste(client, there, TABLE)
    assert "<strong>2 cases, 3 agencies, 4 requests</strong>" in page
    assert re.search(r"Child 1</th>\s*<td[^>]*>Hill Lane Surgery", page)
    assert "The table says no, and the grid has a tick" in page
    assert "<li>Child 1: Hill School</li>" in page
    assert "The table is empty, and the grid has a tick" in page
    assert "<li>Child 2: Northside Police</li>" in page
    page = press(client, there, page, status=200, empty="untick").text
    assert "2 cases, 3 agencies, 3 requests" in page
    assert "Grid saved: 2 cases, 3 agencies, 3 requests." in client.follow(press(client, there, page)).text
    names = {agency.name: agency.id for agency in session.scalars(select(Agency))}
    assert stored(session, audit) == {
        (1, names["Northside Police"]),
        (1, names["Hill Lane Surgery"]),
        (2, names["Hill School"]),
    }
    page = press(client, there, page, status=409).text
    assert "Someone else changed the grid after you opened the page." in page


def test_what_is_kept_stays(client: PageClient, session: Session, audit: Audit) -> None:
    there = f"/audits/{audit.id}/grid/from-file"
    page = press(client, there, paste(client, there, TABLE), status=200, no="keep").text
    press(client, there, page)
    assert len(stored(session, audit)) == 5


def test_an_unknown_agency_is_asked_about(client: PageClient, session: Session, audit: Audit) -> None:
    there = f"/audits/{audit.id}/grid/from-file"
    page = paste(client, there, "Case\tGP\nChild 1\tx\n")
    assert "“GP”, column B, is not recognised" in page
    surgery = re.search(r'value="(agency-\d+)">Hill Lane Surgery', page)
    assert surgery
    fields = {"table": re.findall(r'name="table" value="([^"]*)"', page), "has_columns": "yes"}
    chosen = {"column-0": "case", "column-1": surgery[1], "heads": "yes"}
    press(client, there, client.post(there, {**fields, **chosen}, status=200).text)
    assert len(stored(session, audit)) == 5


def test_after_issue_every_tick_stays(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Northside Police")])
    make.agency("Hill School", kind="school")
    there = f"/audits/{audit.id}/grid/from-file"
    page = paste(client, there, "Case\tNorthside Police\tHill School\nChild 1\tno\tx\n")
    assert "Ticks that stay" in page
    assert "<li>Child 1: Northside Police</li>" in page
    press(client, there, page)
    assert len(stored(session, audit)) == 3


def test_a_closed_audit_takes_no_ticks_and_says_why(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Northside Police")])
    make.agency("Hill School", kind="school")
    audit.closed_at = make.now
    session.commit()
    there = f"/audits/{audit.id}/grid/from-file"
    page = paste(client, there, "Case\tHill School\nChild 1\tx\n")
    assert "Returns closed" in press(client, there, page, status=409).text


def test_a_hundred_cases_take_as_few_statements_as_two(
    client: PageClient, make: Maker, session: Session, queries: Callable[[int], Any]
) -> None:
    agencies = [make.agency(f"School {number}", kind="school") for number in range(10)]
    audit = make.audit(cases=100, agencies=[], issued=False)
    rows = "".join(f"Child {number}{chr(9)}{chr(9).join('x' * 10)}\n" for number in range(1, 101))
    heads = "\t".join(agency.name for agency in agencies)
    there = f"/audits/{audit.id}/grid/from-file"
    page = paste(client, there, f"Case\t{heads}\n{rows}")
    with queries(24):
        press(client, there, page)
    assert len(stored(session, audit)) == 1000
