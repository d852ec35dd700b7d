"""The days of an audit's chasers in words, and as marks of its calendar."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from surveyapp.chasing.slot_queries import SlotLine
from surveyapp.foundation.calendar.month_tables import DayMark
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit


def place_in_words(line: SlotLine) -> str:
    """The place of a slot in words: “5 working days before the day to return by”."""
    if line.offset is None:
        return "For what was given more time" if line.is_planned else "Sent by hand"
    if line.offset == 0:
        return "On the day to return by"
    side = "before" if line.offset < 0 else "after"
    return f"{counted(abs(line.offset), 'working day')} {side} the day to return by"


def line_in_words(line: SlotLine, *, closed: bool) -> str:
    """The chasers of a slot in words: those sent, or those that would be."""
    if line.queued:
        not_sent = line.queued - line.sent
        return f"{line.sent:,} sent" + (f", {not_sent:,} not sent" if not_sent else "")
    if line.is_skipped:
        return "Skipped"
    if line.is_past or closed:
        return "None was sent"
    return f"{counted(line.due, 'contact')} as things stand"


def day_marks(
    audit: Audit, lines: Iterable[SlotLine], *, closed: bool, link: Callable[[date], str]
) -> dict[date, list[DayMark]]:
    """The days of an audit's calendar: issued, chasers, the day to return by and the close.

    `link` gives the address of the page about one day's chasers.
    """
    marks: defaultdict[date, list[DayMark]] = defaultdict(list)
    asked_on = local_day(audit.issued_at) if audit.issued_at else audit.issue_on
    for day, short, words in (
        (asked_on, "issue", "issued" if audit.is_issued else "to be issued"),
        (audit.due_on, "due", "the day to return by"),
        (audit.close_on, "close", "returns close"),
    ):
        if day is not None:
            marks[day].append(DayMark(short, f"{day_in_words(day)}: {words}"))
    for line in lines:
        words = f"{day_in_words(line.day)}: {line_in_words(line, closed=closed)}"
        marks[line.day].append(DayMark(_short(line, closed=closed), words, link(line.day)))
    return dict(marks)


def _short(line: SlotLine, *, closed: bool) -> str:
    if line.queued:
        return f"{line.queued:,} sent"
    if line.is_skipped:
        return "skip"
    return "none" if line.is_past or closed else f"to {line.due:,}"
