"""Slots, the days on which chasers leave, and chasers: one digest for one contact in one slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import Grant
from surveyapp.planning.chaser_days import chaser_days
from surveyapp.planning.models import Audit


class NotAWorkingDay(Refused):
    """Nobody is chased on a day on which nobody works."""

    def __init__(self, day: date, next_one: date) -> None:
        """Name the next day on which somebody may be."""
        super().__init__(
            f"{day_in_words(day)} is not a working day, so nobody is chased.",
            way_on=f"The next working day is {day_in_words(next_one)}.",
        )


# The due days that requests were given for themselves, each with the day on which it was first given.
ExtendedDueDays = Mapping[date, date | None]


@dataclass(frozen=True)
class Slot:
    """One UK day on which an audit's chasers leave.

    `offset` is in working days from the audit's due date; None for a day on which somebody pressed, or which
    is a slot only of requests with a due day of their own. `turns` are the due days whose slot this is, each
    with its place from that day.
    """

    audit: Audit
    day: date
    offset: int | None = None
    escalates: bool = False
    turns: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True)
class Chaser:
    """What one contact gets in one slot: a digest of all they have outstanding then."""

    grant: Grant
    slot: Slot

    @property
    def key(self) -> str:
        """What makes it the only one of its day: chaser:412:2026-03-09."""
        return f"chaser:{self.grant.id}:{self.slot.day.isoformat()}"

    @property
    def escalation_key(self) -> str:
        """The same for the copy to the agency's escalation contact."""
        return f"escalation:{self.grant.id}:{self.slot.day.isoformat()}"


def day_in_key(key: str) -> date:
    """The day of the slot in a chaser's key, or in that of its copy."""
    return date.fromisoformat(key.rpartition(":")[2])


def planned_slots(audit: Audit, days: WorkingCalendar, own_days: ExtendedDueDays = {}) -> tuple[Slot, ...]:  # noqa: B006 — a Mapping
    """The planned slots of an audit and of what has more time in it, earliest first, each day once."""
    turns: dict[date, list[tuple[date, int]]] = {}
    for due_on in sorted({*own_days, *([audit.due_on] if audit.due_on else [])}):
        given_on = own_days.get(due_on)
        for each in chaser_days(audit, days, due_on=due_on):
            # Who has just been given more time is not chased at once.
            if given_on is None or each.day > given_on:
                turns.setdefault(each.day, []).append((due_on, each.offset))
    return tuple(
        Slot(
            audit,
            day,
            next((offset for due_on, offset in turns[day] if due_on == audit.due_on), None),
            escalates(audit, day, days),
            tuple(turns[day]),
        )
        for day in sorted(turns)
    )


def slot_on(audit: Audit, day: date, days: WorkingCalendar, own_days: ExtendedDueDays = {}) -> Slot:  # noqa: B006 — a Mapping
    """The slot of a day: the planned one, or one of its own. Raises NotAWorkingDay."""
    if not days.is_working_day(day):
        raise NotAWorkingDay(day, days.next_working_day(day))
    planned = next((slot for slot in planned_slots(audit, days, own_days) if slot.day == day), None)
    return planned or Slot(audit, day, None, escalates(audit, day, days))


def escalates(audit: Audit, day: date, days: WorkingCalendar, *, due_on: date | None = None) -> bool:
    """Whether the agencies' escalation contacts are told on a day: from the one that the audit names on.

    It counts from the audit's due day, or from `due_on` where a request has more time.
    """
    due_on = due_on or audit.due_on
    if audit.escalate_from is None or due_on is None:
        return False
    return day >= days.add_working_days(due_on, audit.escalate_from)
