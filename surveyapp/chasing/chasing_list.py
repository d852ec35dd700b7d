"""Who gets a chaser on one day, who does not, and why: decided from values, without SQL."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from surveyapp.agencies.models import Agency, Contact
from surveyapp.chasing.models import ChaserChoice
from surveyapp.chasing.outstanding_requests import ChasedRequest
from surveyapp.chasing.slots import Chaser, Slot, day_in_key, escalates, turn_key
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import Grant
from surveyapp.planning.chaser_days import sending_begins_at
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class ChaserDue:
    """One contact who would get a chaser, and the cases it would list."""

    grant: Grant
    contact: Contact
    agency: Agency
    cases: tuple[str, ...]
    # Whether the agency gets a copy, because a request is as late as the audit's escalation setting.
    escalates: bool = False
    # The personal line that staff added, with which it begins.
    choice: ChaserChoice | None = None

    @property
    def line(self) -> str:
        """The personal line of this chaser; empty if it has none."""
        return (self.choice.line if self.choice else None) or ""

    @property
    def copy_to(self) -> Contact | None:
        """The contact who gets a copy of this chaser; None if that is the contact who is chased."""
        escalation_contact = self.agency.escalation_contact if self.escalates else None
        if escalation_contact is None or escalation_contact.email == self.contact.email:
            return None
        return escalation_contact


@dataclass(frozen=True)
class ChaserNotDue:
    """One contact who would get no chaser, and why."""

    grant: Grant
    contact: Contact
    agency: Agency
    why: str
    # Whether staff left them out of this chaser, and may put them back.
    is_left_out: bool = False


@dataclass(frozen=True)
class ChasingList:
    """The contacts of an audit on one day: each is either due or not due."""

    slot: Slot
    due: tuple[ChaserDue, ...]
    not_due: tuple[ChaserNotDue, ...]

    @property
    def escalates(self) -> bool:
        """Whether any agency is told what it has outstanding."""
        return any(chaser_due.escalates for chaser_due in self.due)

    def as_json(self) -> dict[str, object]:
        """The JSON of `survey chasers --json`, in a shape that does not change."""
        return {
            "audit": self.slot.audit.id,
            "on": self.slot.day.isoformat(),
            "slot": self.slot.offset is not None,
            "due": [
                {
                    "contact": chaser_due.contact.name,
                    "email": chaser_due.contact.email,
                    "cases": list(chaser_due.cases),
                    "copy_to": chaser_due.copy_to.email if chaser_due.copy_to else None,
                }
                for chaser_due in self.due
            ],
            "not_due": [{"contact": not_due.contact.name, "why": not_due.why} for not_due in self.not_due],
        }


@dataclass(frozen=True)
class ChasingState:
    """The state that decides who is chased in an audit, read once for all days. Grants are listed by id."""

    audit: Audit
    days: WorkingCalendar
    slots: tuple[Slot, ...]
    grants: tuple[Grant, ...]
    outstanding: Mapping[int, list[ChasedRequest]]
    # Grants with any request, outstanding or returned.
    asked: AbstractSet[int]
    # Grants whose contact has passed a request to a colleague who still has it.
    delegating: AbstractSet[int]
    # Grants whose address refused the last email.
    refused: AbstractSet[int]
    # The slots chased or skipped so far: due day and offset in working days, and whether before their hour.
    turns_used: Mapping[tuple[date, int], bool]
    # The keys of the chasers queued so far.
    chaser_keys: AbstractSet[str]
    # What staff chose for single contacts, by grant and by key of the slot.
    choices: Mapping[int, Mapping[str, ChaserChoice]]

    def is_skipped(self, slot: Slot) -> bool:
        """Whether a planned slot was skipped: settled before its hour, without a chaser."""
        has_chasers = slot.day in self._days_with_chasers
        return bool(slot.turns) and not has_chasers and all(map(self.turns_used.get, slot.turns))

    @cached_property
    def _days_with_chasers(self) -> frozenset[date]:
        return frozenset(map(day_in_key, self.chaser_keys))

    def choice_of(self, grant: Grant, keys: Iterable[str]) -> ChaserChoice | None:
        """What staff chose for this contact in the slot with these keys; None if nothing, or if used up."""
        choices = self.choices.get(grant.id, {})
        found = (choices[key] for key in keys if key in choices)
        return next((choice for choice in found if choice.chased_on is None), None)


def list_for_day(
    state: ChasingState, on: date, *, by_hand: bool = False, turns: Collection[tuple[date, int]] | None = None
) -> ChasingList:
    """Decide who is chased on a UK day; see `chasing_list` in the queries, which reads the state."""
    audit = state.audit
    planned = next((slot for slot in state.slots if slot.day == on), None)
    slot = planned or Slot(audit, on, None, escalates(audit, on, state.days))
    refusal = _why_nobody(audit, on, state.days, planned=planned is not None or by_hand)
    if not refusal and not by_hand and state.is_skipped(slot):
        refusal = "the chaser of that day is skipped"
    # A slot that is caught up today brings its own choices.
    keys = {*slot.keys, *(turn_key(turn) for turn in turns or ())}
    if turns is None and not by_hand:
        turns = slot.turns
    due_days = None if turns is None else {due_on for due_on, _offset in turns}
    due: list[ChaserDue] = []
    not_due: list[ChaserNotDue] = []
    for grant in state.grants:
        outstanding = state.outstanding.get(grant.id, [])
        # A request that was given more time is not listed before its own first slot.
        listed = [chased_request for chased_request in outstanding if chased_request.is_chased(on)]
        reason = (
            _why_never(grant, outstanding, state)
            or refusal
            or _why_promised(outstanding, on)
            or _why_not_today(outstanding, listed, due_days)
        )
        if not reason and grant.id in state.refused:
            reason = "address refused: correct it first"
        if not reason and Chaser(grant, slot).key in state.chaser_keys:
            reason = "has a chaser of that day already"
        choice = state.choice_of(grant, keys)
        is_left_out = not reason and choice is not None and choice.left_out
        if is_left_out:
            reason = "left out this time"
        if reason:
            not_due.append(ChaserNotDue(grant, grant.contact, grant.contact.agency, reason, is_left_out))
            continue
        is_escalated = any(
            escalates(audit, on, state.days, due_on=chased_request.due_on) for chased_request in listed
        )
        cases = tuple(chased_request.case for chased_request in listed)
        due.append(ChaserDue(grant, grant.contact, grant.contact.agency, cases, is_escalated, choice))
    return ChasingList(slot, tuple(due), tuple(not_due))


def _why_nobody(audit: Audit, on: date, days: WorkingCalendar, *, planned: bool) -> str:
    """Why no contact of the audit is chased on a day; empty if somebody may be."""
    if not audit.is_issued:
        return "the audit has not been issued"
    if audit.is_closed(sending_begins_at(on)):
        return "returns are closed"
    if not days.is_working_day(on):
        return "not a working day"
    return "" if planned else "no chaser is planned for that day"


def _why_never(grant: Grant, outstanding: list[ChasedRequest], state: ChasingState) -> str:
    """Why a contact is not chased on any day as things are; empty if they may be."""
    if grant.id not in state.asked and grant.id in state.delegating:
        return "has passed everything to a colleague"
    if grant.id not in state.asked:
        return "nothing is asked of them any more"
    if not outstanding:
        return "everything returned"
    return "has left the agency" if grant.contact.left_at is not None else ""


def _why_promised(outstanding: list[ChasedRequest], on: date) -> str:
    """Why a contact is not chased until the day they promised has passed; empty if they may be."""
    promise = outstanding[0].promise
    if promise is None or not promise.pauses(on):
        return ""
    return f"promised on {day_in_words(promise.made_on)} to return by {day_in_words(promise.by)}"


def _why_not_today(
    outstanding: list[ChasedRequest], listed: list[ChasedRequest], due_days: Collection[date] | None
) -> str:
    """Why a contact with something outstanding is not chased on this day; empty if they may be."""
    if not listed:
        until = min(
            chased_request.due_on for chased_request in outstanding if chased_request.due_on is not None
        )
        return f"was given until {day_in_words(until)}"
    if due_days is None or any(chased_request.due_on in due_days for chased_request in listed):
        return ""
    return "no chaser is planned for that day for what they have outstanding"
