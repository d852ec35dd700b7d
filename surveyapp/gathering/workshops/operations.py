"""Adding, changing and removing workshops with their attendance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select

from surveyapp.agencies.models import Agency
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT, clean_line
from surveyapp.gathering.models import Attendance, Quote, Workshop
from surveyapp.planning.date_rules import check_has_come
from surveyapp.planning.models import Audit

LONGEST_TITLE = 200
MOST_PEOPLE = 999


@dataclass(frozen=True)
class WorkshopDetails:
    """A workshop as staff enter it; `people` is the number of people by agency id."""

    title: str
    held_on: date
    scenarios: str = ""
    notes: str = ""
    suggestions: str = ""
    people: Mapping[int, int] = field(default_factory=dict)


class WorkshopStillQuoted(Refused):
    """A workshop from which quotes were chosen cannot be removed."""

    way_on = "Remove its quotes first."


def workshop_digest(workshop: Workshop | None) -> str:
    """A digest of a workshop with its attendance, to detect a concurrent change."""
    if workshop is None:
        return NO_ROW
    return row_digest(
        title=workshop.title,
        held_on=workshop.held_on,
        scenarios=workshop.scenarios,
        notes=workshop.notes,
        suggestions=workshop.suggestions,
        people=sorted((attendance.agency_id, attendance.people) for attendance in workshop.attendances),
    )


def add_workshop(audit: Audit, details: WorkshopDetails, *, actor: str, now: datetime) -> Workshop:
    """Add a workshop. Raises FieldRefused."""
    workshop = Workshop(audit_id=audit.id)
    _fill(workshop, details, now=now)
    session.add(workshop)
    session.flush()
    _write_attendance(workshop, details.people)
    record_event(actor, "added_workshop", f"audit {audit.id}", f"workshop {workshop.id}", now=now)
    return workshop


def change_workshop(
    workshop: Workshop, details: WorkshopDetails, *, seen: str, actor: str, now: datetime
) -> None:
    """Change a workshop; `seen` is the `workshop_digest` of the page.

    Raises EditConflict if somebody else has changed it since, and FieldRefused.
    """
    workshop = lock_row(select(Workshop).where(Workshop.id == workshop.id))
    check_unchanged(seen, workshop_digest(workshop))
    _fill(workshop, details, now=now)
    _write_attendance(workshop, details.people)
    record_event(actor, "changed_workshop", f"audit {workshop.audit_id}", f"workshop {workshop.id}", now=now)


def remove_workshop(workshop: Workshop, *, actor: str, now: datetime) -> None:
    """Remove a workshop. Raises WorkshopStillQuoted if quotes were chosen from it."""
    if session.scalar(select(Quote.id).where(Quote.workshop_id == workshop.id).limit(1)) is not None:
        raise WorkshopStillQuoted("Quotes were chosen from this workshop, so it stays.")
    audit_id, workshop_id = workshop.audit_id, workshop.id
    session.execute(delete(Attendance).where(Attendance.workshop_id == workshop_id))
    session.execute(delete(Workshop).where(Workshop.id == workshop_id))
    record_event(actor, "removed_workshop", f"audit {audit_id}", f"workshop {workshop_id}", now=now)


def _fill(workshop: Workshop, details: WorkshopDetails, *, now: datetime) -> None:
    """Write the details into a workshop. Raises FieldRefused."""
    title = clean_line(details.title)
    if not title or len(title) > LONGEST_TITLE:
        raise FieldRefused("title", f"Name the workshop, in {LONGEST_TITLE} characters or fewer")
    check_has_come("held_on", details.held_on, now=now)
    workshop.title, workshop.held_on = title, details.held_on
    for name in ("scenarios", "notes", "suggestions"):
        text = getattr(details, name).strip()
        if len(text) > LONGEST_COMMENT:
            raise FieldRefused(name, f"Use {LONGEST_COMMENT:,} characters or fewer")
        setattr(workshop, name, text or None)


def _write_attendance(workshop: Workshop, people: Mapping[int, int]) -> None:
    """Replace the attendance; agencies without people get no row and unknown agencies are ignored.

    Raises FieldRefused.
    """
    counts = {agency_id: count for agency_id, count in people.items() if count}
    if any(not 0 < count <= MOST_PEOPLE for count in counts.values()):
        raise FieldRefused("people", f"Of one agency, {MOST_PEOPLE} people come at most")
    known_ids = set(session.scalars(select(Agency.id).where(Agency.id.in_(counts))))
    attendance_by_agency = {attendance.agency_id: attendance for attendance in workshop.attendances}
    for agency_id, attendance in attendance_by_agency.items():
        if agency_id not in counts:
            session.delete(attendance)
        else:
            attendance.people = counts[agency_id]
    for agency_id in sorted(known_ids - attendance_by_agency.keys()):
        session.add(Attendance(workshop_id=workshop.id, agency_id=agency_id, people=counts[agency_id]))
    session.flush()
    session.expire(workshop, ["attendances"])
