"""Last year's audit is copied for this year's."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.audit_copy.operations import copied_details
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_a_copy_keeps_the_rhythm_and_leaves_out_what_held_for_other_children(make: Maker) -> None:
    source = make.audit(issued=False)
    source.key_message, source.aim = "The message of 28 November holds the key.", "Learn together."
    # Issued on Monday 30 November, due on Friday 18 December (14 working days), closed on Friday 15 January.
    copied = copied_details(source, WorkingCalendar(), title="Again", issue_on=date(2027, 11, 29))
    assert (copied.title, copied.aim, copied.key_message) == ("Again", "Learn together.", "")
    assert (copied.due_on, copied.close_on) == (date(2027, 12, 17), date(2028, 1, 14))
    assert copied.chasers == tuple(sorted(source.chasers))
    without_days = copied_details(source, WorkingCalendar(), title="Again", issue_on=None)
    assert (without_days.issue_on, without_days.due_on, without_days.close_on) == (None, None, None)


def test_it_takes_the_agencies_and_if_wanted_the_ticks_but_nothing_of_a_child(
    client: PageClient, make: Maker, session: Session
) -> None:
    source = make.audit(cases=3, agencies=2, title="Neglect 2026")
    here = f"/audits/{source.id}/copy"
    assert here in client.get(f"/audits/{source.id}/set-up").text
    client.get(here)
    fields = {"title": "Neglect 2027", "issue_on": ["29", "11", "2027"], "grid": "agencies"}
    assert "Nothing has been sent yet." in client.follow(client.post(here, fields)).text
    client.get(here)
    client.post(here, {**fields, "title": "Neglect 2028", "grid": "all"})
    titles = ("Neglect 2027", "Neglect 2028")
    bare, whole = (session.scalars(select(Audit).filter_by(title=title)).one() for title in titles)
    grids = [planned_grid(audit) for audit in (bare, whole)]
    assert [(len(grid.cases), len(grid.agencies), len(grid.ticked)) for grid in grids] == [
        (0, 2, 0),
        (3, 2, 6),
    ]
    assert {(case.pseudonym, case.age_months, case.gender) for case in whole.cases} == {
        (f"Child {number}", None, "") for number in (1, 2, 3)
    }
    assert not whole.is_issued
    event = session.scalars(select(Event).where(Event.action == "copied_audit")).first()
    assert event is not None
    assert event.detail == f"from audit {source.id}"


def test_a_taken_title_is_refused_beside_its_field(client: PageClient, make: Maker) -> None:
    source = make.audit(title="Neglect 2026")
    client.get(f"/audits/{source.id}/copy")
    page = client.post(f"/audits/{source.id}/copy", {"title": "Neglect 2026"}, status=422).text
    assert "There is an audit called “Neglect 2026” already." in page
