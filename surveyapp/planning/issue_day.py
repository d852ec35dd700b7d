"""The moment at which an audit is issued by itself, and how early it is issued by hand."""

from datetime import datetime

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit


def by_itself_at(audit: Audit, *, now: datetime) -> datetime | None:
    """The moment (UTC) at which an audit is issued by itself, or could be if that were planned; else None."""
    if audit.is_issued or audit.issue_on is None:
        return None
    # At the hour at which chasers leave.
    moment = sending_begins_at(audit.issue_on)
    return moment if audit.issues_by_itself or moment > now else None


def early_issue_note(audit: Audit, *, now: datetime) -> str:
    """A sentence for an audit that would be issued before its day; empty for every other. `now` is UTC."""
    if audit.is_issued or audit.issue_on is None or audit.issue_on <= local_day(now):
        return ""
    return (
        f"This audit is planned for {day_in_words(audit.issue_on)}. If you issue it now, its report says "
        f"that it was issued on {day_in_words(local_day(now))}."
    )
