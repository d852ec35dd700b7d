"""Plans the day on which the same question is audited again."""

from datetime import date, datetime

from surveyapp.concluding.conclusion_rules import ConclusionRefused, check_not_too_far
from surveyapp.concluding.edit_conflicts import lock_conclusion
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.models import Audit


class ReAuditDayPast(ConclusionRefused):
    """The day chosen for the next audit is not in the future."""


def plan_re_audit(audit: Audit, on: date | None, *, actor: str, now: datetime) -> None:
    """Set the UK day of the next audit, or None. Raises ReAuditDayPast unless the day is in the future.

    Raises DayTooFar for a day more than five years ahead.
    """
    conclusion = lock_conclusion(audit.id)
    check_not_too_far(on, now=now)
    if on is not None and on != conclusion.re_audit_on and on <= local_day(now):
        raise ReAuditDayPast(f"{day_in_words(on)} is not to come: choose a later day, or leave it empty.")
    conclusion.re_audit_on = on
    record_event(actor, "planned_re_audit", f"audit {audit.id}", str(on or "no day"), now=now)
