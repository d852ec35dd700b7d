"""The page of agencies’ own references."""

from sqlalchemy.orm import Session

from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Audit
from surveyapp.planning.references.queries import agency_references
from tests.page_client import PageClient


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
