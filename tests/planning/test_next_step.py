"""What is to be done next before an audit is issued, and the pages that lead to it."""

from datetime import date

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.queries import ticked_cells
from surveyapp.planning.models import Audit
from surveyapp.planning.next_step import CASES, DAYS, GRID, ISSUE, next_step
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.planning.pasted_tables import paste, press
from tests.row_maker import Maker


def untick(audit: Audit, number: int) -> None:
    cells = ticked_cells(audit)
    with transaction():
        operations.tick_cells(audit, set(sorted(cells)[number:]), actor="Ann Lee", now=MONDAY_MORNING)


def test_the_steps_follow_each_other(make: Maker, session: Session) -> None:
    assert next_step(make.audit(cases=0, issued=False)) == CASES
    audit = make.audit(cases=2, agencies=1, issued=False)
    assert next_step(audit) == ISSUE
    audit.due_on = None
    session.commit()
    assert next_step(audit) == DAYS
    untick(audit, 1)
    assert next_step(audit) == GRID, "one case has no agency"
    assert next_step(make.audit(cases=2, agencies=1, issued=True)) is None


def test_a_page_without_rows_has_the_box_for_pasting(client: PageClient, make: Maker) -> None:
    assert "Paste the cells here" in client.get("/agencies").text
    audit = make.audit(cases=0, agencies=[], issued=False)
    there = f"/audits/{audit.id}"
    assert "Paste the cells here" in client.get(f"{there}/cases").text
    page = paste(client, f"{there}/cases/from-file", "Case\tAge\nChild 1\t5\n")
    answer = press(client, f"{there}/cases/from-file", page)
    assert answer.headers["Location"] == f"{there}/grid"
    assert "Paste the cells here" in client.follow(answer).text


def test_cases_that_come_later_lead_back_to_the_cases(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    there = f"/audits/{audit.id}/cases"
    page = paste(client, f"{there}/from-file", "Case\tAge\nChild 2\t5\n")
    answer = press(client, f"{there}/from-file", page)
    assert answer.headers["Location"] == there
    assert "Go on: which agency knew which child" in client.follow(answer).text


def test_the_grid_leads_on_to_the_issue_once_every_case_has_an_agency(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    there = f"/audits/{audit.id}"
    cells = [f"{case_id}:{agency_id}" for case_id, agency_id in sorted(ticked_cells(audit))]
    client.get(f"{there}/grid")
    for ticked, next_page in ((cells, "issue"), (cells[:1], "set-up")):
        answer = client.post(f"{there}/grid", {"cell": ticked, "next": "on"})
        assert answer.headers["Location"] == f"{there}/{next_page}"


def test_a_new_audit_is_offered_working_days_and_the_only_form(client: PageClient) -> None:
    page = client.get("/audits/new").text
    days = [date(2026, 11, 30), date(2026, 12, 21), date(2027, 1, 7)]
    for name, day in zip(("issue_on", "due_on", "close_on"), days, strict=True):
        for part in (day.day, day.month, day.year):
            assert f'name="{name}" type="text" value="{part}"' in page
