"""The page of agencies’ own references."""

from sqlalchemy.orm import Session

from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Audit
from surveyapp.planning.references.queries import agency_references
from tests.collating.example_answers import text_of
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_the_page_keeps_references_and_shows_both_where_two_people_wrote(
    client: PageClient, audit: Audit, cell: TickedCell
) -> None:
    path, field = f"/audits/{audit.id}/references", f"{cell.case_id}-{cell.agency_id}"
    assert f'name="reference-{field}"' in client.get(path).text
    answer = client.post(path, {f"reference-{field}": "OCC/4471", f"seen-{field}": ""})
    page = client.follow(answer).text
    assert "1 reference saved." in page
    assert "As soon as any agency’s own reference is here: yes, one is here" in page
    assert "4471" not in page
    assert 'value="OCC/4471"' in client.get(path).text
    page = client.post(path, {f"reference-{field}": "OCC/9", f"seen-{field}": ""}, status=409).text
    assert "Someone else wrote “OCC/4471” here. Save again to put yours in its place" in page
    assert 'value="OCC/9"' in page
    client.post(path, {f"reference-{field}": "OCC/9", f"seen-{field}": "OCC/4471"})
    assert agency_references(audit) == {cell: "OCC/9"}
    page = client.post(path, {f"reference-{field}": "x" * 61, f"seen-{field}": "OCC/9"}, status=422).text
    assert "Use 60 characters or fewer" in page


def test_the_page_warns_if_no_code_is_ever_asked_for(
    client: PageClient, audit: Audit, session: Session
) -> None:
    audit.ask_for_code = False
    session.commit()
    assert "agencies do not see these references" in client.get(f"/audits/{audit.id}/references").text


def test_what_is_pasted_is_looked_through_before_it_is_stored(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Police")], issued=False)
    path = f"/audits/{audit.id}/references"
    one, two = (TickedCell(case.id, case.involvements[0].agency_id) for case in audit.cases)
    name = f"{one.case_id}-{one.agency_id}"
    client.post(path, {f"reference-{name}": "OCC/1", f"seen-{name}": ""})
    cells = "Child 1\tPolice\tOCC/10\nChild 2\tPolice\tOCC/2\nChild 3\tPolice\tOCC/3"
    page = client.post(path, {"cells": cells, "fill": "1"}, status=200).text
    assert "2 references pasted. Nothing is stored yet" in text_of(page)
    assert "Row 3: neither “Child 3” nor “Police” is the name of a case." in text_of(page)
    assert "In place of OCC/1" in page
    assert agency_references(audit) == {one: "OCC/1"}
    other = f"{two.case_id}-{two.agency_id}"
    client.post(
        path,
        {
            f"reference-{name}": "OCC/10",
            f"seen-{name}": "OCC/1",
            f"reference-{other}": "OCC/2",
            f"seen-{other}": "",
        },
    )
    assert agency_references(audit) == {one: "OCC/10", two: "OCC/2"}
    page = client.post(path, {"cells": "nothing of ours", "fill": "1"}, status=422).text
    assert "nothing of ours</textarea>" in page
    page = client.post(path, {"cells": "", "fill": "1"}, status=422).text
    assert "Paste rows with a case, an agency and a reference." in text_of(page)
    assert 'value="OCC/10"' in page


def test_references_come_in_pages_and_narrowed_to_an_agency_or_to_blank_ones(
    client: PageClient, make: Maker
) -> None:
    agencies = [make.agency("Police"), make.agency("Health")]
    audit = make.audit(cases=16, agencies=agencies, issued=False)
    path = f"/audits/{audit.id}/references"
    page = client.get(path).text
    assert "0 of 32 entered." in page
    assert page.count('name="reference-') == 30
    assert "References 1 to 30 of 32" in page
    name = f"{audit.cases[0].id}-{agencies[0].id}"
    saved = client.post(path, {f"reference-{name}": "P1", f"seen-{name}": "", "next-page": "2"})
    assert saved.headers["Location"] == f"{path}?page=2"
    assert client.follow(saved).text.count('name="reference-') == 2
    assert client.get(f"{path}?agency={agencies[1].id}").text.count('name="reference-') == 16
    blank = client.get(f"{path}?agency={agencies[0].id}&blank=1").text
    assert f'name="reference-{name}"' not in blank
    assert blank.count('name="reference-') == 15
    assert "1 of 32 entered." in blank
    assert "There is none." in client.get(f"{path}?agency=99999").text
    client.get(f"{path}?page=-3&agency=x")
