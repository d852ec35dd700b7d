"""The due days of several requests, in the words of pages and emails."""

from collections.abc import Sequence
from datetime import date

from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.issuing.models import AuditRequest


def by_due_day(requests: Sequence[AuditRequest]) -> dict[date, list[AuditRequest]]:
    """Requests grouped by their due day, earliest first, without those that have none."""
    days: dict[date, list[AuditRequest]] = {}
    for audit_request in requests:
        if audit_request.due_day is not None:
            days.setdefault(audit_request.due_day, []).append(audit_request)
    return dict(sorted(days.items()))


def due_in_words(requests: Sequence[AuditRequest]) -> str:
    """The earliest due day in words, then the later ones with their cases.

    For example “Friday 18 December 2026 (Child 5: Monday 4 January 2027)”. Cases that are not named are due
    on the earliest day. Empty if no request has a due day.
    """
    days = by_due_day(requests)
    if not days:
        return ""
    first, *later = days
    exceptions = []
    for day in later:
        pseudonyms = [audit_request.case.pseudonym for audit_request in days[day]]
        exceptions.append(f"{list_in_words(pseudonyms)}: {day_in_words(day)}")
    return day_in_words(first) + (f" ({'; '.join(exceptions)})" if exceptions else "")


def due_counts_in_words(requests: Sequence[AuditRequest]) -> str:
    """The due days after a count, naming no case: “by Friday …”, or “4 by Friday … and 1 by Monday …”."""
    days = by_due_day(requests)
    if len(days) <= 1:
        return "".join(f"by {day_in_words(day)}" for day in days)
    return list_in_words([f"{len(due):,} by {day_in_words(day)}" for day, due in days.items()])
