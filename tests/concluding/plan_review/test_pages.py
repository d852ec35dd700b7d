"""The page on which the next review of the action plan is set, and the plan that shows it."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.standalone.models import Staff
from tests.collating.example_answers import text_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import MANAGER, PageClient
from tests.row_maker import Maker


def test_the_day_of_the_next_review_is_set_and_cleared(client: PageClient, make: Maker) -> None:
    plan = f"/audits/{make.audit(cases=1, agencies=1).id}/actions"
    path = f"{plan}/review"
    page = client.get(plan).text
    assert "No day is set for the next review." in page
    assert f'href="{path}"' in page
    page = text_of(client.follow(client.post(path, {"review_on": ["12", "4", "2027"]})).text)
    assert "The plan is next reviewed on Monday 12 April 2027." in page
    assert "Next review: Monday 12 April 2027." in page
    assert 'value="2027"' in client.get(path).text
    past = client.post(path, {"review_on": ["1", "10", "2025"]}, status=422).text
    assert "Wednesday 1 October 2025 has passed: choose a later day" in past
    page = client.follow(client.post(path, {"review_on": ["", "", ""]})).text
    assert "There is no day for the next review." in page


def test_an_executive_sees_the_next_review_and_when_it_has_passed(
    client: PageClient, make: Maker, session: Session, clock: Traveller
) -> None:
    plan = f"/audits/{make.audit(cases=1, agencies=1).id}/actions"
    client.post(f"{plan}/review", {"review_on": ["1", "12", "2026"]})
    session.scalars(select(Staff).where(Staff.email == MANAGER)).one().roles = "executive"
    session.commit()
    page = client.get(plan).text
    assert "Next review: Tuesday 1 December 2026." in page
    assert f"{plan}/review" not in page
    clock.move_to(MONDAY_MORNING.replace(month=12, day=2))
    client.sign_in()
    assert (
        "The review of Tuesday 1 December 2026 has passed, and no later day is set." in client.get(plan).text
    )
