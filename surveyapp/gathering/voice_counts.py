"""How much was gathered for an audit, without reading any of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, func, literal, select, union_all

from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import Attendance, FamilyContact, PracticeTheme, Quote, Workshop
from surveyapp.planning.models import Case


@dataclass(frozen=True)
class VoiceCounts:
    """How many themes there are, whose words each quote is, and how far each family has come."""

    themes: int
    quote_sources: tuple[str, ...]
    family_states: tuple[str, ...]


@dataclass(frozen=True)
class WorkshopSummary:
    """One workshop: its name and day, how many people came, of how many agencies."""

    id: int
    title: str
    held_on: date
    people: int
    agencies: int


def voice_counts(audit_id: int) -> VoiceCounts:
    """What an audit has, in one statement."""
    what, word = literal("theme", String), literal("", String)
    themes = select(what.label("what"), word.label("word")).where(PracticeTheme.audit_id == audit_id)
    quotes = select(literal("quote", String), Quote.source).where(Quote.audit_id == audit_id)
    families = (
        select(literal("family", String), FamilyContact.state)
        .join(FamilyContact.case)
        .where(Case.audit_id == audit_id)
    )
    rows = [(row[0], row[1]) for row in session.execute(union_all(themes, quotes, families))]
    return VoiceCounts(
        themes=sum(each == "theme" for each, _ in rows),
        quote_sources=tuple(sorted(source for each, source in rows if each == "quote")),
        family_states=tuple(sorted(state for each, state in rows if each == "family")),
    )


def workshops_held(audit_id: int) -> list[WorkshopSummary]:
    """The workshops of an audit in the order in which they were held; one statement, no notes."""
    found = (
        select(
            Workshop.id,
            Workshop.title,
            Workshop.held_on,
            func.coalesce(func.sum(Attendance.people), 0),
            func.count(Attendance.id),
        )
        .outerjoin(Attendance, Attendance.workshop_id == Workshop.id)
        .where(Workshop.audit_id == audit_id)
        .group_by(Workshop.id, Workshop.title, Workshop.held_on)
        .order_by(Workshop.held_on, Workshop.id)
    )
    return [WorkshopSummary(*row) for row in session.execute(found)]
