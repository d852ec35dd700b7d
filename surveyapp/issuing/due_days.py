"""The days by which several requests are to be returned, as pages and emails say them."""

from collections.abc import Sequence
from datetime import date

from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.issuing.models import AuditRequest


def by_due_day(requests: Sequence[AuditRequest]) -> dict[date, list[AuditRequest]]:
    """These requests by the day on which each is due, earliest first; one without a day is left out."""
    found: dict[date, list[AuditRequest]] = {}
    for each in requests:
        if each.due_day is not None:
            found.setdefault(each.due_day, []).append(each)
    return dict(sorted(found.items()))


def due_in_words(requests: Sequence[AuditRequest]) -> str:
    """Say by when, naming cases where days differ: Friday 18 December 2026 (Child 5: Monday 4 January 2027).

    The day said first is the earliest, which holds for all that are not named; empty without any.
    """
    days = by_due_day(requests)
    if not days:
        return ""
    first, *later = days
    said = [
        f"{list_in_words([each.case.pseudonym for each in days[day]])}: {day_in_words(day)}" for day in later
    ]
    return day_in_words(first) + (f" ({'; '.join(said)})" if said else "")


def due_counts_in_words(requests: Sequence[AuditRequest]) -> str:
    """Say by when behind a count, naming no case: “by Friday …”, or “4 by Friday … and 1 by Monday …”."""
    days = by_due_day(requests)
    if len(days) <= 1:
        return "".join(f"by {day_in_words(day)}" for day in days)
    return list_in_words([f"{len(each):,} by {day_in_words(day)}" for day, each in days.items()])
