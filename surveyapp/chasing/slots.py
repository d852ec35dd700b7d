"""Slots, the days on which chasers leave, and chasers: one digest for one contact in one slot."""

from dataclasses import dataclass
from datetime import date

from surveyapp.agencies.models import Contact
from surveyapp.foundation.calendar import Calendar
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.wording import day_in_words
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from surveyapp.planning.rhythm import chaser_days


class NotAWorkingDay(Refused):
    """Nobody is chased on a day on which nobody works."""

    def __init__(self, day: date, next_one: date) -> None:
        """Name the next day on which somebody may be."""
        super().__init__(
            f"{day_in_words(day)} is not a working day, so nobody is chased.",
            way_on=f"The next working day is {day_in_words(next_one)}.",
        )


@dataclass(frozen=True)
class Slot:
    """One UK day on which an audit's chasers leave.

    `offset` is in working days from the due date; None for a day on which somebody pressed.
    """

    audit: Audit
    day: date
    offset: int | None = None
    escalates: bool = False

    def copy_to(self, contact: Contact) -> Contact | None:
        """Who gets a copy of a contact's chaser of this slot; nobody gets one beside their own."""
        named = contact.agency.escalation_contact if self.escalates else None
        return None if named is None or named.email == contact.email else named


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


def day_of(key: str) -> date:
    """The day of the slot in a chaser's key, or in that of its copy."""
    return date.fromisoformat(key.rpartition(":")[2])


def slots(audit: Audit, days: Calendar) -> tuple[Slot, ...]:
    """The planned slots of an audit, earliest first."""
    planned = chaser_days(audit, days)
    return tuple(Slot(audit, each.day, each.offset, _escalates(audit, each.day, days)) for each in planned)


def slot_on(audit: Audit, day: date, days: Calendar) -> Slot:
    """The slot of a day: the planned one, or one of its own. Raises NotAWorkingDay."""
    if not days.is_working_day(day):
        raise NotAWorkingDay(day, days.next_working_day(day))
    planned = next((slot for slot in slots(audit, days) if slot.day == day), None)
    return planned or Slot(audit, day, None, _escalates(audit, day, days))


def _escalates(audit: Audit, day: date, days: Calendar) -> bool:
    """Whether the agencies' escalation contacts get a copy: from the day the audit names on."""
    if audit.escalate_from is None or audit.due_on is None:
        return False
    return day >= days.add_working_days(audit.due_on, audit.escalate_from)
