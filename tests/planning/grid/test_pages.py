"""The page of the grid."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.queries import ticked_cells
from surveyapp.planning.models import InvolvementAnswer
from tests.page_client import PageClient
from tests.planning.conftest import NOW
from tests.row_maker import Maker


def shown_by(page: str) -> dict[str, Any]:
    """What the form of the grid posts as it is shown, apart from its buttons and its filter."""
    hidden = dict(re.findall('<input type="hidden" name="(seen|last|rows|columns)" value="([^"]*)"', page))
    return {**hidden, "cell": re.findall('type="checkbox" value="([^"]+)" checked', page)}


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
    with queries(12):
        page = client.get(f"/audits/{audit_id}/grid").text
    assert "15 cases, 9 agencies, 135 requests" in page


def test_a_posted_tick_that_is_no_pair_of_ids_is_ignored(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    cells = ["9" * 5_000 + ":1", "1:" + "9" * 10, "²:1", "1", "a:b"]
    client.post(f"/audits/{audit.id}/grid", {"cell": cells, "next": "grid"})


def test_the_second_manager_reads_who_changed_which_boxes(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Health"), make.agency("Police")], issued=False)
    path = f"/audits/{audit.id}/grid"
    posted = shown_by(client.get(path).text)
    _first, second, *rest = sorted(ticked_cells(audit))
    with transaction():
        operations.tick_cells(audit, {second, *rest}, actor="Ann Lee", now=NOW)
    mine = [cell for cell in posted["cell"] if cell != f"{second.case_id}:{second.agency_id}"]
    answer = client.post(path, {**posted, "cell": mine, "next": "on"})
    assert answer.headers["Location"] == path, "the grid is shown again, not the page that was asked for"
    page = client.follow(answer).text
    assert "Ann Lee changed the grid after you opened it: cleared Health about Child 1." in page
    assert sorted(ticked_cells(audit)) == rest, "both changes are kept"


def test_the_last_change_is_named_and_undone_on_the_page(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    path = f"/audits/{audit.id}/grid"
    assert "The last change" not in client.get(path).text
    client.post(path, {**shown_by(client.get(path).text), "cell": [], "next": "grid"})
    page = client.get(path).text
    assert "cleared 2 boxes: Monday 30 November 2026 at " in page
    change = re.findall('value="([0-9]+)" name="change"', page)[0]
    page = client.follow(client.post(f"{path}/undo", {"change": change})).text
    assert "The last change is undone: 2 cases, 1 agency, 2 requests." in page
    assert len(ticked_cells(audit)) == 2
    page = client.post(f"{path}/undo", {"change": change}, status=409).text
    assert "no change of this grid to undo" in page


def test_a_filter_saves_first_and_leaves_what_it_hides_alone(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=12, agencies=[make.agency("Health"), make.agency("Police")], issued=False)
    path = f"/audits/{audit.id}/grid"
    posted = shown_by(client.get(path).text)
    pressed = {"next": "filter", "cases": " child 12 ", "agencies": "POL"}
    found = client.post(path, {**posted, "cell": posted["cell"][1:], **pressed})
    page = client.follow(found).text
    assert page.count('type="checkbox"') == 1
    assert "12 cases, 2 agencies, 23 requests" in page
    client.post(path, {**shown_by(page), "cell": [], "next": "grid"})
    assert len(ticked_cells(audit)) == 22


def test_a_refused_page_shows_the_rows_that_it_had(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=3, agencies=1)
    posted = shown_by(client.get(f"/audits/{audit.id}/grid?cases=2").text)
    page = client.post(f"/audits/{audit.id}/grid", {**posted, "cell": [], "cases": "3"}, status=409).text
    assert 'data-ticks-name="Child 2"' in page
    assert page.count("data-ticks-row=") == 1


def test_what_agencies_said_stands_in_the_cells(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, agencies=[make.agency("Police")], issued=False)
    for case, answer in zip(audit.cases, ("known", "not_known", "relative_only"), strict=True):
        agency_id = case.involvements[0].agency_id
        session.add(InvolvementAnswer(case_id=case.id, agency_id=agency_id, answer=answer, answered_at=NOW))
    session.commit()
    page = client.get(f"/audits/{audit.id}/grid").text
    for words in (">Known</span>", ">Not known</span>", ">Only a parent or sibling</span>"):
        assert page.count(words) == 1
    assert "1 box for you to decide" in page
    assert "<li>Police about Child 3</li>" in page


def test_a_grid_of_twenty_five_by_forty_is_shown_and_saved_in_few_statements(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit_id = make.audit(cases=25, agencies=40, issued=False).id
    with queries(12):
        page = client.get(f"/audits/{audit_id}/grid").text
    posted = shown_by(page)
    assert len(posted["cell"]) == 1000
    with queries(22):
        client.post(f"/audits/{audit_id}/grid", {**posted, "cell": posted["cell"][::2], "next": "grid"})
