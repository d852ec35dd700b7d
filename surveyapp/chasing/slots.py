"""Slots, the days on which chasers are sent, and chasers: one digest for one contact in one slot."""

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
    """The day is not a working day, so nobody is chased."""

    def __init__(self, day: date, next_day: date) -> None:
        """Set the message, which names the next working day."""
        super().__init__(
            f"{day_in_words(day)} is not a working day, so nobody is chased.",
            way_on=f"The next working day is {day_in_words(next_day)}.",
        )


# The later due days given to single requests, each with the day on which it was first given, if known.
ExtendedDueDays = Mapping[date, date | None]


@dataclass(frozen=True)
class Slot:
    """One UK day on which an audit's chasers are sent.

    `offset` is in working days from the audit's due day; None for a day chased by hand, or a slot only of
    requests that were given more time. `turns` are the due days whose slot this is, each with its offset in
    working days.
    """

    audit: Audit
    day: date
    offset: int | None = None
    escalates: bool = False
    turns: tuple[tuple[date, int], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What identifies the slot: its place after each due day, such as 2026-12-18/-5, else its day.

        A closed day entered later changes the slot's day and not these.
        """
        return tuple(turn_key(turn) for turn in self.turns) or (self.day.isoformat(),)


def turn_key(turn: tuple[date, int]) -> str:
    """The key of a slot's place: a due day, and the working days from it."""
    due_on, offset = turn
    return f"{due_on.isoformat()}/{offset}"


@dataclass(frozen=True)
class Chaser:
    """The email of one contact in one slot: a digest of all they have outstanding when it is sent."""

    grant: Grant
    slot: Slot

    @property
    def key(self) -> str:
        """The key that allows one chaser a day for each grant: chaser:412:2026-03-09."""
        return f"chaser:{self.grant.id}:{self.slot.day.isoformat()}"

    @property
    def escalation_key(self) -> str:
        """The key of the copy to the agency's escalation contact."""
        return f"escalation:{self.grant.id}:{self.slot.day.isoformat()}"


def end_of_key(day: date) -> str:
    """How the key of each chaser and copy of a slot on this day ends."""
    return f":{day.isoformat()}"


def day_in_key(key: str) -> date:
    """The day of the slot in the key of a chaser or of its copy."""
    return date.fromisoformat(key.rpartition(":")[2])


def planned_slots(audit: Audit, days: WorkingCalendar, extended: ExtendedDueDays = {}) -> tuple[Slot, ...]:  # noqa: B006 — a Mapping
    """The planned slots of an audit, with those of requests given more time; one a day, earliest first."""
    turns: dict[date, list[tuple[date, int]]] = {}
    for due_on in sorted({*extended, *([audit.due_on] if audit.due_on else [])}):
        given_on = extended.get(due_on)
        for chaser_day in chaser_days(audit, days, due_on=due_on):
            # A contact who has just been given more time is not chased at once.
            if given_on is None or chaser_day.day > given_on:
                turns.setdefault(chaser_day.day, []).append((due_on, chaser_day.offset))
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


def slot_on(audit: Audit, day: date, days: WorkingCalendar, extended: ExtendedDueDays = {}) -> Slot:  # noqa: B006 — a Mapping
    """The planned slot of a day; if none is planned, a slot for chasing by hand. Raises NotAWorkingDay."""
    if not days.is_working_day(day):
        raise NotAWorkingDay(day, days.next_working_day(day))
    planned = next((slot for slot in planned_slots(audit, days, extended) if slot.day == day), None)
    return planned or Slot(audit, day, None, escalates(audit, day, days))


def escalates(audit: Audit, day: date, days: WorkingCalendar, *, due_on: date | None = None) -> bool:
    """Whether escalation contacts get a copy on a day: from `audit.escalate_from` working days on.

    These count from the audit's due day, or from `due_on` for a request that was given more time.
    """
    due_on = due_on or audit.due_on
    if audit.escalate_from is None or due_on is None:
        return False
    return day >= days.add_working_days(due_on, audit.escalate_from)
