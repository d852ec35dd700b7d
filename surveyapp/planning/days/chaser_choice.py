"""The days from which staff choose the chasers of an audit, and what becomes of those that are chosen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from surveyapp.foundation.calendar.working_days import ONE_DAY, SATURDAY, WorkingCalendar, bank_holidays
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.settings import settings
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.chaser_days import sending_begins_at

# In working days before and after the day to return by; a ticked chaser further away is below the calendar.
_FURTHEST_SHOWN = 15
# The chasers that are offered while the day to return by is not known.
_WITHOUT_DAYS = (-10, -5, -3, -1, 0, 1, 3, 5, 7, 10)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ChaserBox:
    """A chaser that can be ticked. `day` is None while the day to return by is not known."""

    offset: int
    day: date | None
    is_chosen: bool
    # Why nothing would be sent then, after “since”; empty for a chaser that is sent.
    why_not: str = ""

    @property
    def offset_in_words(self) -> str:
        """How far the chaser is from the day to return by: 5 working days before the day to return by."""
        return offset_in_words(self.offset)

    @property
    def in_words(self) -> str:
        """The day with how far it is from the day to return by, as a list of chasers prints it."""
        if self.day is None:
            return f"{self.offset_in_words[0].upper()}{self.offset_in_words[1:]}"
        return f"{day_in_words(self.day)}: {self.offset_in_words}"

    @property
    def loss_in_words(self) -> str:
        """Why this chaser is never sent, in a sentence."""
        day = day_in_words(self.day) if self.day else ""
        return f"Nothing is sent on {day}, {self.offset_in_words}, since {self.why_not}."


@dataclass(frozen=True)
class CalendarDay:
    """A weekday of the calendar: with a box, or with the words why there is none."""

    day: date
    box: ChaserBox | None
    words: str = ""


@dataclass(frozen=True)
class ChaserChoice:
    """The calendar by weeks, Monday to Friday; and the boxes that stand below it, in the order of time."""

    weeks: tuple[tuple[CalendarDay, ...], ...]
    others: tuple[ChaserBox, ...]

    @property
    def chosen(self) -> tuple[ChaserBox, ...]:
        """The ticked boxes, in the order of time."""
        in_calendar = [day.box for week in self.weeks for day in week if day.box is not None]
        boxes = [box for box in (*in_calendar, *self.others) if box.is_chosen]
        return tuple(sorted(boxes, key=lambda box: box.offset))

    @property
    def sent(self) -> tuple[ChaserBox, ...]:
        """The chosen chasers that are sent."""
        return tuple(box for box in self.chosen if not box.why_not)

    @property
    def lost(self) -> tuple[ChaserBox, ...]:
        """The chosen chasers that are never sent."""
        return tuple(box for box in self.chosen if box.why_not)


@dataclass(frozen=True)
class AuditDays:
    """The days of an audit as far as they are known; `issue_on` is that of the issue, once it is issued."""

    issue_on: date | None
    due_on: date | None
    close_on: date | None

    def why_not(self, day: date) -> str:
        """Why no chaser is sent on a day, after “since”; empty where one is sent."""
        if self.issue_on and day <= self.issue_on:
            return f"the audit is issued on {day_in_words(self.issue_on)}"
        if self.close_on and sending_begins_at(day) >= utc_moment(self.close_on, settings().close_at):
            return f"returns close on {day_in_words(self.close_on)}"
        return ""


def offset_in_words(offset: int) -> str:
    """A number of working days from the day to return by: 5 working days before the day to return by."""
    if offset == 0:
        return "on the day to return by"
    side = "before" if offset < 0 else "after"
    return f"{counted(abs(offset), 'working day')} {side} the day to return by"


def chaser_choice(chosen: Collection[int], audit_days: AuditDays, calendar: WorkingCalendar) -> ChaserChoice:
    """What can be chosen; `chosen` are the offsets ticked now. Each day has one box; no offset is lost."""
    due_on = audit_days.due_on
    if due_on is None:
        offsets = sorted({*_WITHOUT_DAYS, *chosen})
        return ChaserChoice((), tuple(ChaserBox(offset, None, offset in chosen) for offset in offsets))
    offered = {
        calendar.add_working_days(due_on, offset): offset
        for offset in range(_FURTHEST_SHOWN, -_FURTHEST_SHOWN - 1, -1)
    }
    # A due day that is not a working day has the same chaser at 0 and 1: a ticked one is shown.
    offered |= {
        day: offset
        for offset in sorted(chosen, reverse=True)
        if (day := calendar.add_working_days(due_on, offset)) in offered
    }
    boxes = {
        day: ChaserBox(offset, day, offset in chosen)
        for day, offset in sorted(offered.items())
        if not audit_days.why_not(day)
    }
    shown = {box.offset for box in boxes.values()}
    others = tuple(
        ChaserBox(offset, day, is_chosen=True, why_not=audit_days.why_not(day))
        for offset in sorted(set(chosen) - shown)
        for day in [calendar.add_working_days(due_on, offset)]
    )
    return ChaserChoice(_weeks(boxes, audit_days, calendar), others)


def _weeks(
    boxes: dict[date, ChaserBox], audit_days: AuditDays, calendar: WorkingCalendar
) -> tuple[tuple[CalendarDay, ...], ...]:
    if not boxes:
        return ()
    monday, last = min(boxes) - ONE_DAY * min(boxes).weekday(), max(boxes)
    weeks = []
    while monday <= last:
        week = [monday + ONE_DAY * number for number in range(SATURDAY)]
        weeks.append(tuple(_calendar_day(day, boxes, audit_days, calendar) for day in week))
        monday += _WEEK
    return tuple(weeks)


def _calendar_day(
    day: date, boxes: dict[date, ChaserBox], audit_days: AuditDays, calendar: WorkingCalendar
) -> CalendarDay:
    if day in bank_holidays(calendar.nation, day.year):
        words = "bank holiday"
    elif not calendar.is_working_day(day):
        words = "closed day"
    else:
        named = {audit_days.issue_on: "issue", audit_days.close_on: "close", audit_days.due_on: "return by"}
        words = named.get(day, "")
    return CalendarDay(day, boxes.get(day), words)
