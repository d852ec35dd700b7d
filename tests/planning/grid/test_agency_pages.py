"""The pages of a grid's agencies."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from surveyapp.planning.grid.queries import planned_grid
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_the_agencies_of_the_last_audit_are_ticked_at_first(client: PageClient, make: Maker) -> None:
    police = make.agency("Police").id
    make.agency("Health")
    last = make.audit(cases=1, agencies=[], issued=False, title="Last time")
    client.post(f"/audits/{last.id}/grid/agencies", {"agency": str(police), "next": "grid"})
    audit = make.audit(cases=1, agencies=[], issued=False)
    page = client.get(f"/audits/{audit.id}/grid/agencies").text
    assert "Ticked as in “Last time”" in page
    assert page.count(" checked") == 1
    assert not planned_grid(audit).agencies, "looking stores nothing"


def test_a_search_keeps_what_is_ticked_and_what_it_does_not_show(client: PageClient, make: Maker) -> None:
    police, school = make.agency("Police").id, make.agency("Elm School", kind="school").id
    audit = make.audit(cases=1, agencies=[], issued=False)
    path = f"/audits/{audit.id}/grid/agencies"
    found = client.post(path, {"agency": [str(police)], "next": "search", "words": " elm "})
    page = client.follow(found).text
    assert "Elm School" in page
    assert ">Police<" not in page
    client.post(path, {"agency": [str(school)], "seen": "", "next": "grid"})
    assert {agency.id for agency in planned_grid(audit).agencies} == {police, school}


def test_a_whole_kind_is_ticked_without_javascript(client: PageClient, make: Maker) -> None:
    schools = {make.agency(kind="school").id for _ in range(2)}
    make.agency("Police")
    audit = make.audit(cases=1, agencies=[], issued=False)
    client.post(f"/audits/{audit.id}/grid/agencies", {"next": "kind", "whole": "school"})
    assert {agency.id for agency in planned_grid(audit).agencies} == schools


def test_an_agency_in_use_is_locked_and_its_removal_refused(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=3, agencies=[make.agency("Police", contact=None)], issued=False)
    path = f"/audits/{audit.id}/grid/agencies"
    page = client.get(path).text
    assert "3 ticks, nobody to ask yet" in page
    assert page.count(" disabled>") + page.count(" disabled aria") == 1
    (police,) = planned_grid(audit).agencies
    page = client.post(path, {"seen": str(police.id), "next": "grid"}, status=409).text
    assert "Police stays in the grid" in page


def test_choosing_among_forty_agencies_takes_a_few_statements(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit_id = make.audit(cases=2, agencies=40, issued=False).id
    with queries(14):
        client.get(f"/audits/{audit_id}/grid/agencies")
