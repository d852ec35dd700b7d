"""Days, times and lists in words, the same on every page, in every email and from every command."""

from collections.abc import Sequence
from datetime import date, datetime

from surveyapp.foundation.clock import local_time


def day_in_words(day: date) -> str:
    """Say a UK day in full: Monday 9 March 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def document_day(day: date) -> str:
    """Say a UK day as documents print it: 9 March 2026."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """Say a UK day in a table: Mon 9 March."""
    return f"{day:%a} {day.day} {day:%B}"


def clock_time(moment: datetime) -> str:
    """Say the UK time of a moment: 8:30am."""
    there = local_time(moment)
    return f"{there.hour % 12 or 12}:{there:%M}{'am' if there.hour < 12 else 'pm'}"  # noqa: PLR2004 — noon


def moment_in_words(moment: datetime) -> str:
    """Say a moment in UK time: Monday 9 March 2026 at 8:30am."""
    return f"{day_in_words(local_time(moment).date())} at {clock_time(moment)}"


def list_in_words(words: Sequence[str]) -> str:
    """Join words as a person does: Child A, Child B and Child C."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
