"""The days of the audits as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from surveyapp.diary.queries import DiaryDay
from surveyapp.foundation.settings import settings


def icalendar_file(entries: Iterable[DiaryDay], *, now: datetime) -> bytes:
    """Every day as an event without a time, which keeps its identity when the day moves. `now` is UTC."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//surveyapp//Calendar of audits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Audits of {settings().partnership}")
    # How often a program may look again (RFC 7986).
    calendar.add("refresh-interval", timedelta(hours=6))
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.key}@{settings().host}")
        event.add("dtstamp", now)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", f"{entry.words}: {entry.audit.title}")
        # It takes nobody's time: a calendar that shows who is free leaves it out.
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
