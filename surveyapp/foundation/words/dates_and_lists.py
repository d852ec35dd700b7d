"""Days, times and lists in words, as every page, email and command prints them."""

from collections.abc import Sequence
from datetime import date, datetime

from surveyapp.foundation.clock import local_time


def day_in_words(day: date) -> str:
    """A day in full: Monday 9 March 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def document_day(day: date) -> str:
    """A day as documents print it: 9 March 2026."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date, *, today: date) -> str:
    """A day as tables print it: Mon 9 March; with its year if it is past or in another year than today."""
    words = f"{day:%a} {day.day} {day:%B}"
    return words if day >= today and day.year == today.year else f"{words} {day.year}"


def clock_time(moment: datetime) -> str:
    """The UK time of a moment: 8:30am."""
    local = local_time(moment)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 — noon


def moment_in_words(moment: datetime) -> str:
    """A moment in UK time: Monday 9 March 2026 at 8:30am."""
    return f"{day_in_words(local_time(moment).date())} at {clock_time(moment)}"


def list_in_words(words: Sequence[str]) -> str:
    """Join words with commas and “and”: Child A, Child B and Child C."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
