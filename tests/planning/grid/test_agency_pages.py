"""The pages of a grid's agencies."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

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


TYPED = {
    "name": "Elm Surgery",
    "kind": "gp",
    "contact": "Dr Jo Bell",
    "email": "jo@elm.example",
    "telephone": "01234 500200",
}


def test_a_surgery_is_added_for_one_child_from_its_row(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    path = f"/audits/{audit.id}/cases/{audit.cases[1].id}/agencies/add"
    assert f'href="{path}"' in client.get(f"/audits/{audit.id}/grid").text
    assert "Add an agency for Child 2" in client.get(path).text
    page = client.follow(client.post(path, TYPED)).text
    assert "Elm Surgery added, and ticked for Child 2." in page
    assert "2 cases, 2 agencies, 3 requests" in page


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    path = f"/audits/{audit.id}/cases/{audit.cases[0].id}/agencies/add"
    page = client.post(path, {**TYPED, "email": "jo at elm", "contact": ""}, status=422).text
    assert "Enter a name, such as Practice manager" in page
    page = client.post(path, {**TYPED, "email": "jo at elm"}, status=422).text
    assert 'value="jo at elm"' in page
    assert 'id="email-error"' in page
    assert len(planned_grid(audit).agencies) == 1


def test_a_surgery_that_is_in_the_directory_is_offered_to_be_ticked(client: PageClient, make: Maker) -> None:
    surgery = make.agency("Elm surgery", kind="gp").id
    audit = make.audit(cases=1, agencies=1, issued=False)
    path = f"/audits/{audit.id}/cases/{audit.cases[0].id}/agencies"
    page = client.post(f"{path}/add", TYPED, status=422).text
    assert "Tick it for Child 1" in page
    page = client.follow(client.post(f"{path}/tick", {"agency": str(surgery)})).text
    assert "Elm surgery is ticked for Child 1." in page
    client.post(f"{path}/tick", {"agency": "x"}, status=404)


def test_an_agency_set_aside_is_offered_only_where_the_grid_has_it(
    client: PageClient, make: Maker, session: Session
) -> None:
    used, unused = make.agency("Hill Surgery"), make.agency("Dale Surgery")
    audit = make.audit(agencies=[used], issued=False)
    used.set_aside_at = unused.set_aside_at = audit.created_at
    session.commit()
    page = client.get(f"/audits/{audit.id}/grid/agencies").text
    assert "Hill Surgery" in page
    assert "Dale Surgery" not in page
