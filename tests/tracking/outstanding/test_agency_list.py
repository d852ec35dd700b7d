"""What each agency has outstanding, and when it was chased."""

import csv
import io
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from surveyapp.tracking.outstanding.agency_list import AGENCY_HEADINGS, agencies_outstanding
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.tracking.conftest import Post

AFTER_DUE = datetime(2026, 12, 21, 9, tzinfo=MONDAY_MORNING.tzinfo)


def test_agencies_are_listed_with_the_days_of_their_chasers_and_most_overdue_first(
    make: Maker, post: Post, session: Session
) -> None:
    police, health, school = (make.agency(name) for name in ("Police", "Health", "School"))
    audit = make.audit(cases=2, agencies=[police, health, school], returned=1)
    make.returned_all([each for each in make.requests(audit) if each.agency_id == school.id])
    for days in (0, 4):
        chaser = post(make.grants(audit)[1], "sent", kind="chaser")
        chaser.handed_over_at = MONDAY_MORNING + timedelta(days=days)
    post(make.grants(audit)[1], "sent", kind="escalation")
    post(make.grants(audit)[0], "failed", kind="chaser")
    session.commit()
    agencies = agencies_outstanding(audit, now=AFTER_DUE)
    assert [(each.agency, each.returned, each.asked, each.overdue) for each in agencies] == [
        ("Health", 0, 2, 2),
        ("Police", 1, 2, 1),
    ]
    assert agencies[0].chased_on == (date(2026, 11, 30), date(2026, 12, 4))
    assert (agencies[0].copied_on, agencies[1].chased_on) == ((date(2026, 11, 30),), ())


def test_the_page_and_its_file_name_no_contact(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police", contact="sergeant@police.example")])
    page = client.get(f"/audits/{audit.id}/outstanding/agencies").text
    name = make.grants(audit)[0].contact.name
    assert "0 of 1 returned (0%), 1 outstanding, due on Friday 18 December 2026." in page
    assert "0 of 4 planned chaser days have passed" in page
    written = client.get(f"/audits/{audit.id}/outstanding/agencies.csv").data.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(written))
    assert (tuple(head), row) == (AGENCY_HEADINGS, ["Police", "1", "0", "1", "0", "", ""])
    for text in (page, written):
        assert name not in text
        assert "sergeant@" not in text
