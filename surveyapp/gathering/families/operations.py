"""Talks with families, offered through the agency that knows them: how far each came, and what was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import join_counted_returns
from surveyapp.foundation.errors import FieldRefused, NotFound, Refused
from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT, clean_line
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.models import FAMILY_AREAS, FAMILY_STATES, FamilyContact, FamilyNote, Quote
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# The question by which agencies offer to help with a family, and the answer that does (R2014 App 3 Q14).
OFFER_QUESTION, OFFER_ANSWER = "family_contact", "yes"
LONGEST_CALLER, LONGEST_TELEPHONE = 200, 40


@dataclass(frozen=True)
class FamilyDetails:
    """A talk with one family as it is written down; `notes` by area, a key of FAMILY_AREAS."""

    case_id: int
    state: str
    agency_id: int | None = None
    caller: str = ""
    held_on: date | None = None
    telephone: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


class FamilyStillQuoted(Refused):
    """What a quote comes from stays."""

    way_on = "Remove its quotes first."


def family_named(audit_id: int, family_id: int) -> FamilyContact:
    """One family of an audit, with what it said. Raises NotFound."""
    found = session.scalar(
        select(FamilyContact)
        .join(FamilyContact.case)
        .where(Case.audit_id == audit_id, FamilyContact.id == family_id)
        .options(
            joinedload(FamilyContact.case),
            joinedload(FamilyContact.agency),
            selectinload(FamilyContact.notes),
        )
    )
    if found is None:
        raise NotFound
    return found


def family_digest(family: FamilyContact | None) -> str:
    """What tells one state of a talk from the next: a digest of all of it."""
    if family is None:
        return NO_ROW
    return row_digest(
        case_id=family.case_id,
        agency_id=family.agency_id,
        state=family.state,
        caller=family.caller,
        held_on=family.held_on,
        telephone=family.telephone,
        notes=sorted((note.area, note.text) for note in family.notes),
    )


def offers_of_help(audit: Audit) -> list[tuple[Case, Agency]]:
    """The cases for which an agency said it can help to reach the family, but not those on the list already.

    By case and agency; none where the form does not ask.
    """
    if OFFER_QUESTION not in {each.id for each in form_of(audit).questions}:
        return []
    listed_already = select(FamilyContact.case_id)
    chosen: Any = select(Case, Agency)
    rows = session.execute(
        join_counted_returns(chosen, audit, Filters())
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(
            Answer.question == OFFER_QUESTION, Answer.option == OFFER_ANSWER, Case.id.not_in(listed_already)
        )
        .order_by(Case.position, Case.id, Agency.name)
    )
    return [(row[0], row[1]) for row in rows]


def add_family(audit: Audit, details: FamilyDetails, *, actor: str, now: datetime) -> FamilyContact:
    """Put a family on the list. Raises FieldRefused."""
    family = FamilyContact()
    _fill(audit, family, details)
    session.add(family)
    session.flush()
    _write_notes(family, details.notes)
    record_event(actor, "added_family", f"audit {audit.id}", f"family {family.id}", now=now)
    return family


def change_family(  # noqa: PLR0913 — what was typed, having seen what
    audit: Audit, family: FamilyContact, details: FamilyDetails, *, seen: str, actor: str, now: datetime
) -> None:
    """Change what is written of a talk; `seen` is the `family_digest` of the page.

    Raises EditConflict where somebody else changed it since, FieldRefused.
    """
    family = lock_row(select(FamilyContact).where(FamilyContact.id == family.id))
    check_unchanged(seen, family_digest(family))
    _fill(audit, family, details)
    _write_notes(family, details.notes)
    record_event(actor, "changed_family", f"audit {audit.id}", f"family {family.id}", now=now)


def remove_family(audit: Audit, family: FamilyContact, *, actor: str, now: datetime) -> None:
    """Take a family off the list, with all that was written. Raises StillQuoted where quotes come from it."""
    if session.scalar(select(Quote.id).where(Quote.family_contact_id == family.id).limit(1)) is not None:
        raise FamilyStillQuoted("Quotes were chosen from this talk, so it stays.")
    family_id = family.id
    session.execute(delete(FamilyNote).where(FamilyNote.family_contact_id == family_id))
    session.execute(delete(FamilyContact).where(FamilyContact.id == family_id))
    record_event(actor, "removed_family", f"audit {audit.id}", f"family {family_id}", now=now)


def families_in_words(states: Iterable[str]) -> str:
    """The report's sentence: how many families were offered a talk, and what came of it (R2014 3.5.1).

    `states` is the state of each family: `each.state for each in families_of(audit_id)`.
    """
    states = list(states)
    if not states:
        return "No family was offered a talk."
    told = {"done": "held", "declined": "declined", "agreed": "agreed and not yet held", "offered": "open"}
    parts = [f"{states.count(state)} {words}" for state, words in told.items() if state in states]
    were = "was" if len(states) == 1 else "were"
    return f"{counted(len(states), 'family', 'families')} {were} offered a talk by telephone: {list_in_words(parts)}."


def _fill(audit: Audit, family: FamilyContact, details: FamilyDetails) -> None:
    case = session.get(Case, details.case_id)
    if case is None or case.audit_id != audit.id:
        raise FieldRefused("case", "Choose the child whose family it is")
    if details.agency_id is not None and session.get(Agency, details.agency_id) is None:
        raise FieldRefused("agency", "Choose the agency through which the family was asked")
    if details.state not in FAMILY_STATES:
        raise FieldRefused("state", "Say how far it has come")
    if details.state == "done" and details.held_on is None:
        raise FieldRefused("held_on", "Say on which day the talk was held")
    if details.state != "done" and details.held_on is not None:
        raise FieldRefused("held_on", "Choose “Held” above, or leave the day empty")
    _check_notes(details)
    family.case_id, family.agency_id, family.state = case.id, details.agency_id, details.state
    family.caller, family.held_on = clean_line(details.caller), details.held_on
    family.telephone = _telephone(details)


def _check_notes(details: FamilyDetails) -> None:
    """Refuse what is too long, what nobody said yet, and telephone numbers where none are to be kept."""
    if len(details.caller) > LONGEST_CALLER:
        raise FieldRefused("caller", f"Use {LONGEST_CALLER} characters or fewer")
    for area, text in details.notes.items():
        if len(text) > LONGEST_COMMENT:
            raise FieldRefused(area, f"Use {LONGEST_COMMENT:,} characters or fewer")
        if text.strip() and details.state != "done":
            raise FieldRefused(area, "Choose “Held” above, or leave the notes empty")
    if settings().keep_telephone_numbers:
        return
    for name, text in (("caller", details.caller), *details.notes.items()):
        if any(each.kind == "telephone" for each in find_personal_details(text)):
            raise FieldRefused(name, "Take out the telephone number: none is kept here")


def _telephone(details: FamilyDetails) -> str | None:
    """The number to keep; None where the setting keeps none, also one that was kept before."""
    number = clean_line(details.telephone)
    if len(number) > LONGEST_TELEPHONE:
        raise FieldRefused("telephone", f"Use {LONGEST_TELEPHONE} characters or fewer")
    return number or None if settings().keep_telephone_numbers else None


def _write_notes(family: FamilyContact, notes: Mapping[str, str]) -> None:
    there = {each.area: each for each in family.notes}
    for area in FAMILY_AREAS:
        text = notes.get(area, "").strip()
        if area in there and not text:
            session.delete(there[area])
        elif area in there:
            there[area].text = text
        elif text:
            session.add(FamilyNote(family_contact_id=family.id, area=area, text=text))
    session.flush()
    session.expire(family, ["notes"])
