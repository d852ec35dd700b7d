"""The page of the grid."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from surveyapp.planning.grid.queries import ticked_cells
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_the_grid_shows_the_chosen_agencies_and_those_with_a_tick_only(
    client: PageClient, make: Maker
) -> None:
    make.agency("Abbey Nursery", kind="nursery")
    audit = make.audit(cases=1, agencies=[make.agency("Police")], issued=False)
    page = client.get(f"/audits/{audit.id}/grid").text
    assert 'data-ticks-name="Police"' in page
    assert "Abbey Nursery" not in page


def test_a_row_or_a_column_is_ticked_whole_without_javascript(client: PageClient, make: Maker) -> None:
    nursery = make.agency("Abbey Nursery", kind="nursery").id
    audit = make.audit(cases=3, agencies=1, issued=False)
    path = f"/audits/{audit.id}/grid"
    client.post(f"{path}/agencies", {"agency": [str(nursery)], "next": "grid"})
    assert f'<option value="agency:{nursery}">' in client.get(path).text
    ticked = [f"{case_id}:{agency_id}" for case_id, agency_id in ticked_cells(audit)]
    pressed = {"cell": ticked, "seen": " ".join(ticked), "next": "whole", "whole": f"agency:{nursery}"}
    client.post(path, pressed)
    assert len(ticked_cells(audit)) == 6
    client.post(path, {**pressed, "next": "grid"})
    assert len(ticked_cells(audit)) == 6, "a press of another button ticks only what is ticked"


def test_a_wide_grid_says_that_it_scrolls(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=8)
    for path in ("", "/grid"):
        assert (
            "8 agencies: scroll the table sideways for more." in client.get(f"/audits/{audit.id}{path}").text
        )


def test_an_agency_without_contact_is_pointed_out_at_its_column(client: PageClient, make: Maker) -> None:
    audit = make.audit(agencies=[make.agency(contact=None)], issued=False)
    page = client.get(f"/audits/{audit.id}/grid").text
    assert page.count("Nobody to ask") == 1


def test_issued_cells_are_locked_and_a_page_without_them_is_refused(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    page = client.get(f"/audits/{audit.id}/grid").text
    assert page.count(" disabled>") == 2
    assert page.count('type="hidden" name="cell"') == 2
    page = client.post(f"/audits/{audit.id}/grid", {"cell": []}, status=409).text
    assert "so that stays ticked" in page
    assert "withdraw it there" in page


def test_a_posted_cell_of_another_shape_is_ignored(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    client.get(f"/audits/{audit.id}/grid")
    page = client.follow(
        client.post(f"/audits/{audit.id}/grid", {"cell": ["", "x:y", "1"], "next": "grid"})
    ).text
    assert "0 cases, 0 agencies, 0 requests" in page
    client.post(f"/audits/{audit.id}/grid", {"cell": ["999:999"]}, status=409)


def test_the_page_of_a_grid_of_fifteen_by_nine_takes_a_few_statements(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit_id = make.audit(cases=15, agencies=9, issued=False).id
    with queries(10):
        page = client.get(f"/audits/{audit_id}/grid").text
    assert "15 cases, 9 agencies, 135 requests" in page


def test_a_posted_tick_that_is_no_pair_of_ids_is_ignored(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    cells = ["9" * 5_000 + ":1", "1:" + "9" * 10, "²:1", "1", "a:b"]
    client.post(f"/audits/{audit.id}/grid", {"cell": cells, "next": "grid"})


def test_two_managers_at_one_grid_keep_both_ticks(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2, issued=False)
    path = f"/audits/{audit.id}/grid"
    first, second, *rest = [f"{cell.case_id}:{cell.agency_id}" for cell in sorted(ticked_cells(audit))]
    page = client.get(path)
    seen = re.findall('name="seen" value="([^"]*)"', page.text)
    client.post(path, {"cell": [second, *rest], "seen": seen})
    answer = client.post(path, {"cell": [first, *rest], "seen": seen, "next": "set-up"})
    assert answer.headers["Location"] == path
    assert "Someone else changed the grid after you opened it." in client.follow(answer).text
    session.expire_all()
    assert [f"{cell.case_id}:{cell.agency_id}" for cell in sorted(ticked_cells(audit))] == rest
