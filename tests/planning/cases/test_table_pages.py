"""Cases by paste or upload: what the page shows is what is stored."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.tables.opened_table import carried_table
from surveyapp.foundation.tables.posted_table import as_pasted
from surveyapp.planning.models import Audit, Case
from tests.page_client import PageClient
from tests.planning.pasted_tables import paste, press
from tests.row_maker import Maker


def stored(session: Session, audit: Audit) -> list[tuple[str, int | None, str]]:
    session.expire_all()
    cases = session.scalars(select(Case).where(Case.audit_id == audit.id).order_by(Case.position))
    return [(case.pseudonym, case.age_months, case.gender) for case in cases]


def test_pasted_cases_are_stored_in_two_presses(client: PageClient, make: Maker, session: Session) -> None:
    audit = make.audit(cases=0, issued=False)
    there = f"/audits/{audit.id}/cases/from-file"
    assert f'href="{there}"' in client.get(f"/audits/{audit.id}/cases").text
    page = paste(client, there, "Case\tDOB\tAge\tGender\nChild A\t1/2/2015\t5\tF\nChild B\t\t6 months\tM\n")
    assert "<strong>2 cases added</strong>" in page
    assert "Dropped on reading, and kept nowhere: “DOB”" in page
    carried = carried_table(re.findall(r'name="table" value="([^"]*)"', page))
    assert "1/2/2015" not in page + as_pasted(carried.sheet)
    assert stored(session, audit) == []
    assert "Stored: 2 cases added." in client.follow(press(client, there, page)).text
    assert stored(session, audit) == [("Child A", 60, "female"), ("Child B", 6, "male")]
    page = press(client, there, page, status=409).text
    assert "Someone else changed the cases after you opened the page." in page
    assert "nothing, since the audit says the same" in page


def test_table_and_audit_stand_side_by_side_and_either_is_kept(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=3, issued=True)
    there = f"/audits/{audit.id}/cases/from-file"
    number = audit.cases[0].id
    page = paste(client, there, "Case,Age,Gender\nchild 1,9,male\nChild 2,2 years,\nChild 9,1 year,female\n")
    assert "1 case added, 1 changed" in page
    assert "1 case of the audit is not in the table and stays as it is" in page
    assert "As in the table: 9 years" in page
    assert "As in the audit: 1 year" in page
    page = press(client, there, page, status=200, **{f"case-{number}-age": "stored"}).text
    assert "Nothing is stored yet: your choices change what is below." in page
    press(client, there, page)
    assert stored(session, audit) == [
        ("Child 1", 12, "male"),
        ("Child 2", 24, "female"),
        ("Child 3", 36, "female"),
        ("Child 9", 12, "female"),
    ]
    actions = session.scalars(select(Event.action).order_by(Event.id))
    assert list(actions) == ["changed_case", "added_cases"]


def test_a_closed_audit_takes_no_cases_and_says_why(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1)
    audit.closed_at = make.now
    session.commit()
    there = f"/audits/{audit.id}/cases/from-file"
    page = press(client, there, paste(client, there, "Case\nChild 9\n"), status=409).text
    assert "Returns closed" in page
    assert len(stored(session, audit)) == 1


def test_a_thousand_cases_take_as_few_statements_as_ten(
    client: PageClient, make: Maker, session: Session, queries: Callable[[int], Any]
) -> None:
    audit = make.audit(cases=0, issued=False)
    there = f"/audits/{audit.id}/cases/from-file"
    page = paste(client, there, "Case,Age\n" + "".join(f"Child {number},5\n" for number in range(1, 1001)))
    with queries(16):
        press(client, there, page)
    assert len(stored(session, audit)) == 1000
    other = "Case,Age,Gender\n" + "".join(f"Child {number},6,F\n" for number in range(1, 1001))
    page = paste(client, there, other, status=422)
    assert "2,000 details differ from those of the audit, and 1,000 is the most. Divide the table" in page
