"""Sets the day on which the executive next reviews the action plan (stories EX5)."""

from datetime import date, datetime

from surveyapp.concluding.conclusion_rules import ConclusionRefused, check_not_too_far
from surveyapp.concluding.edit_conflicts import lock_conclusion
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.models import Audit


class ReviewDayPast(ConclusionRefused):
    """The day chosen for the next review has passed."""


def plan_review(audit: Audit, on: date | None, *, actor: str, now: datetime) -> None:
    """Set the UK day of the next review, today or later, or None. Raises ReviewDayPast for an earlier one.

    Raises DayTooFar for a day more than five years ahead.
    """
    conclusion = lock_conclusion(audit.id)
    check_not_too_far(on, now=now)
    if on is not None and on != conclusion.review_on and on < local_day(now):
        raise ReviewDayPast(f"{day_in_words(on)} has passed: choose a later day, or leave it empty.")
    conclusion.review_on = on
    record_event(actor, "planned_review", f"audit {audit.id}", str(on or "no day"), now=now)
