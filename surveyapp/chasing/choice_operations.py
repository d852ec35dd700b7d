"""Operations on one contact's chaser of one day: leave them out of it this time, or add a personal line."""

from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.chasing.chasing_list import ChaserDue, ChaserNotDue, list_for_day
from surveyapp.chasing.models import ChaserChoice
from surveyapp.chasing.queries import chasing_state
from surveyapp.chasing.slots import Slot
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import FieldRefused, NotFound, Refused
from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import clean_line, has_letter_or_digit
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.issuing.queries import lock_grant
from surveyapp.planning.models import Audit

LONGEST_LINE = 500


class GetsNoChaser(Refused):
    """The contact gets no chaser on the day, so there is nothing to choose about it."""

    def __init__(self, name: str, day: date, why: str) -> None:
        """Set the message, which says why."""
        super().__init__(
            f"{name} gets no chaser on {day_in_words(day)}: {why}.",
            way_on="The page of that day shows who gets one as things stand.",
        )


@dataclass(frozen=True)
class ContactsChaser:
    """One contact's chaser of one day: who, in which slot, and what staff chose about it so far."""

    entry: ChaserDue | ChaserNotDue
    slot: Slot
    choice: ChaserChoice | None

    @property
    def line(self) -> str:
        """The personal line in it; empty if it has none."""
        return (self.choice.line if self.choice else None) or ""

    @property
    def is_left_out(self) -> bool:
        """Whether staff left the contact out of it."""
        return self.choice is not None and self.choice.left_out


def contacts_chaser(audit: Audit, grant_id: int, *, on: date, now: datetime) -> ContactsChaser:
    """The chaser of one contact on a UK day from today on, as things stand. `now` is UTC.

    Raises NotFound if the audit has no such grant, GetsNoChaser if the contact gets none on that day.
    """
    state = chasing_state(audit, working_calendar())
    chosen = list_for_day(state, on, by_hand=on == local_day(now))
    entries: list[ChaserDue | ChaserNotDue] = [*chosen.due, *chosen.not_due]
    entry = next((entry for entry in entries if entry.grant.id == grant_id), None)
    if entry is None:
        raise NotFound("No such contact is asked in this audit.", way_on="Go back to the audit.")
    if on < local_day(now):
        raise GetsNoChaser(entry.contact.name, on, "that day has passed")
    if isinstance(entry, ChaserNotDue) and not entry.is_left_out:
        raise GetsNoChaser(entry.contact.name, on, entry.why)
    return ContactsChaser(entry, chosen.slot, state.choice_of(entry.grant, chosen.slot.keys))


def leave_out(audit: Audit, grant_id: int, *, on: date, actor: str, now: datetime) -> str:
    """Leave a contact out of the chaser of one day, and return their name.

    A personal line stays, for when they are put back. Raises as `contacts_chaser` does.
    """
    lock_grant(grant_id)
    found = contacts_chaser(audit, grant_id, on=on, now=now)
    if not found.is_left_out:
        _choice(found, now=now).left_out = True
        record_event(actor, "left_out_of_chaser", f"grant {grant_id}", f"chaser of {on}", now=now)
    return found.entry.contact.name


def put_back(audit: Audit, grant_id: int, *, on: date, actor: str, now: datetime) -> str:
    """Chase a contact on that day after all, and return their name. Raises as `contacts_chaser` does."""
    lock_grant(grant_id)
    found = contacts_chaser(audit, grant_id, on=on, now=now)
    if found.choice is not None and found.choice.left_out:
        if found.choice.line is None:
            session.delete(found.choice)
        else:
            found.choice.left_out = False
        record_event(actor, "put_back_into_chaser", f"grant {grant_id}", f"chaser of {on}", now=now)
    return found.entry.contact.name


def write_line(  # noqa: PLR0913 — what the form holds, and who sends it when
    audit: Audit, grant_id: int, text: str, *, keep: bool, on: date, actor: str, now: datetime
) -> None:
    """Store the personal line of one chaser; an empty text removes it.

    It is one line of plain text. Raises FieldRefused for one that is too long, and unless `keep` for one that
    seems to name a person or a number; otherwise as `contacts_chaser` does.
    """
    lock_grant(grant_id)
    found = contacts_chaser(audit, grant_id, on=on, now=now)
    line = clean_line(text)
    if not has_letter_or_digit(line):
        if found.choice is not None and found.choice.line is not None:
            _remove_line(found.choice)
            record_event(actor, "removed_chaser_line", f"grant {grant_id}", f"chaser of {on}", now=now)
        return
    if len(line) > LONGEST_LINE:
        raise FieldRefused("line", f"Personal line: use {LONGEST_LINE} characters or fewer")
    details = find_personal_details(line)
    if details and not keep:
        wordings = list_in_words([f"“{detail.wording}”" for detail in details])
        raise FieldRefused(
            "line", f"Personal line: take out {wordings}, or tick that it may stand in an email"
        )
    if line != found.line:
        _choice(found, now=now).line = line
        record_event(actor, "wrote_chaser_line", f"grant {grant_id}", f"chaser of {on}", now=now)


def _choice(found: ContactsChaser, *, now: datetime) -> ChaserChoice:
    if found.choice is not None:
        return found.choice
    choice = ChaserChoice(
        grant_id=found.entry.grant.id, slot_key=found.slot.keys[0], left_out=False, chosen_at=now
    )
    session.add(choice)
    return choice


def _remove_line(choice: ChaserChoice) -> None:
    if choice.left_out:
        choice.line = None
    else:
        session.delete(choice)
