"""Adding, changing and removing talks with families."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select

from surveyapp.agencies.models import Agency
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT, clean_line
from surveyapp.gathering.models import FAMILY_AREAS, FAMILY_STATES, FamilyContact, FamilyNote, Quote
from surveyapp.planning.date_rules import check_has_come
from surveyapp.planning.models import Audit, Case

LONGEST_CALLER, LONGEST_TELEPHONE = 200, 40


@dataclass(frozen=True)
class FamilyDetails:
    """A talk with a family as staff enter it; the keys of `notes` are those of FAMILY_AREAS."""

    case_id: int
    state: str
    agency_id: int | None = None
    caller: str = ""
    held_on: date | None = None
    telephone: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


class FamilyStillQuoted(Refused):
    """A talk from which quotes were chosen cannot be removed."""

    way_on = "Remove its quotes first."


def family_digest(family: FamilyContact | None) -> str:
    """A digest of a talk with its notes, to detect a concurrent change."""
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


def add_family(audit: Audit, details: FamilyDetails, *, actor: str, now: datetime) -> FamilyContact:
    """Add a talk with a family. Raises FieldRefused."""
    family = FamilyContact()
    _fill(audit, family, details, now=now)
    session.add(family)
    session.flush()
    _write_notes(family, details.notes)
    record_event(actor, "added_family", f"audit {audit.id}", f"family {family.id}", now=now)
    return family


def change_family(  # noqa: PLR0913 — the typed values, and the digest that the page showed
    audit: Audit, family: FamilyContact, details: FamilyDetails, *, seen: str, actor: str, now: datetime
) -> None:
    """Change a talk; `seen` is the `family_digest` of the page.

    Raises EditConflict if somebody else has changed it since, and FieldRefused.
    """
    family = lock_row(select(FamilyContact).where(FamilyContact.id == family.id))
    check_unchanged(seen, family_digest(family))
    _fill(audit, family, details, now=now)
    _write_notes(family, details.notes)
    record_event(actor, "changed_family", f"audit {audit.id}", f"family {family.id}", now=now)


def remove_family(audit: Audit, family: FamilyContact, *, actor: str, now: datetime) -> None:
    """Remove a talk with its notes. Raises FamilyStillQuoted if quotes were chosen from it."""
    if session.scalar(select(Quote.id).where(Quote.family_contact_id == family.id).limit(1)) is not None:
        raise FamilyStillQuoted("Quotes were chosen from this talk, so it stays.")
    family_id = family.id
    session.execute(delete(FamilyNote).where(FamilyNote.family_contact_id == family_id))
    session.execute(delete(FamilyContact).where(FamilyContact.id == family_id))
    record_event(actor, "removed_family", f"audit {audit.id}", f"family {family_id}", now=now)


def _fill(audit: Audit, family: FamilyContact, details: FamilyDetails, *, now: datetime) -> None:
    """Write the details into a talk. Raises FieldRefused."""
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
    check_has_come("held_on", details.held_on, now=now)
    _check_notes(details)
    family.case_id, family.agency_id, family.state = case.id, details.agency_id, details.state
    family.caller, family.held_on = clean_line(details.caller), details.held_on
    family.telephone = _telephone(details)


def _check_notes(details: FamilyDetails) -> None:
    """Raise FieldRefused for texts that are too long, notes of a talk not yet held, and telephone numbers.

    Telephone numbers are allowed where SURVEY_KEEP_TELEPHONE_NUMBERS is on.
    """
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
        if any(detail.kind == "telephone" for detail in find_personal_details(text)):
            raise FieldRefused(name, "Take out the telephone number: none is kept here")


def _telephone(details: FamilyDetails) -> str | None:
    """The number to store; None where the setting is off, which also drops a number stored earlier."""
    number = clean_line(details.telephone)
    if len(number) > LONGEST_TELEPHONE:
        raise FieldRefused("telephone", f"Use {LONGEST_TELEPHONE} characters or fewer")
    return number or None if settings().keep_telephone_numbers else None


def _write_notes(family: FamilyContact, notes: Mapping[str, str]) -> None:
    """Replace the notes; an empty text removes the note of its area."""
    notes_by_area = {note.area: note for note in family.notes}
    for area in FAMILY_AREAS:
        text = notes.get(area, "").strip()
        if area in notes_by_area and not text:
            session.delete(notes_by_area[area])
        elif area in notes_by_area:
            notes_by_area[area].text = text
        elif text:
            session.add(FamilyNote(family_contact_id=family.id, area=area, text=text))
    session.flush()
    session.expire(family, ["notes"])
