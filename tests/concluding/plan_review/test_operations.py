"""The day of the next review of the action plan."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.concluding.conclusion_rules import DayTooFar
from surveyapp.concluding.plan_review.operations import ReviewDayPast, plan_review
from surveyapp.concluding.queries import conclusion_of
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from tests.concluding.example_conclusions import ACTING
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_next_review_is_today_or_later(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    for on in (MONDAY_MORNING.date(), date(2027, 4, 12)):
        with transaction():
            plan_review(audit, on, **ACTING)
        conclusion = conclusion_of(audit.id)
        assert conclusion is not None
        assert conclusion.review_on == on
    with pytest.raises(ReviewDayPast, match="Sunday 29 November 2026 has passed"):
        plan_review(audit, date(2026, 11, 29), **ACTING)
    with pytest.raises(DayTooFar):
        plan_review(audit, date(2072, 1, 1), **ACTING)
    details = select(Event.detail).where(Event.action == "planned_review").order_by(Event.id)
    assert session.scalars(details).all() == ["2026-11-30", "2027-04-12"]


def test_a_day_that_has_passed_meanwhile_may_stay(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with transaction():
        plan_review(audit, date(2027, 4, 12), **ACTING)
    with transaction():
        plan_review(audit, date(2027, 4, 12), actor="manager", now=MONDAY_MORNING + timedelta(days=300))
