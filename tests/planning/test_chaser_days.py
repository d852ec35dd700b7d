"""The chaser days of an audit are the same on every page."""

from datetime import date

from sqlalchemy.orm import Session

from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.planning.chaser_days import chaser_days, first_chased_on
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_days_on_or_before_issue_and_after_the_close_are_left_out(make: Maker) -> None:
    audit = make.audit(
        cases=1, agencies=1, due_on=date(2026, 12, 4), close_on=date(2026, 12, 9), issued=False
    )
    audit.chasers = [-4, -3, 3, 4]
    found = [(chaser_day.day, chaser_day.offset) for chaser_day in chaser_days(audit, working_calendar())]
    assert found == [(date(2026, 12, 1), -3), (date(2026, 12, 9), 3)]


def test_the_set_up_page_shows_only_days_on_which_chasers_are_sent(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(
        cases=1, agencies=1, due_on=date(2026, 12, 4), close_on=date(2026, 12, 9), issued=False
    )
    audit.chasers = [-4, -3, 3, 4]
    session.commit()
    page = client.get(f"/audits/{audit.id}/set-up").text
    assert "Tuesday 1 December 2026" in page
    assert "Thursday 10 December 2026" not in page, "one day after the close"


def test_more_time_without_a_chaser_day_of_its_own_is_chased_from_the_day_after_it_is_due(
    make: Maker,
) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.chasers = [-5, 0]
    due_on, days = date(2027, 1, 8), working_calendar()
    assert first_chased_on(audit, days, due_on=due_on, given_on=None) == date(2026, 12, 31)
    # Nobody is chased on the day on which they get more time.
    assert first_chased_on(audit, days, due_on=due_on, given_on=date(2026, 12, 31)) == due_on
    assert first_chased_on(audit, days, due_on=due_on, given_on=due_on) == date(2027, 1, 9)
