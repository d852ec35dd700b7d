"""Counts for the overview of an audit's voices, read without decrypting any text."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, func, literal, select, union_all

from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import Attendance, FamilyContact, PracticeTheme, Quote, Workshop
from surveyapp.planning.models import Case


@dataclass(frozen=True)
class VoiceCounts:
    """The number of themes, the source of each quote and the state of each family."""

    themes: int
    quote_sources: tuple[str, ...]
    family_states: tuple[str, ...]


@dataclass(frozen=True)
class WorkshopSummary:
    """One workshop: its name, its day, how many people came and from how many agencies."""

    id: int
    title: str
    held_on: date
    people: int
    agencies: int


def voice_counts(audit_id: int) -> VoiceCounts:
    """Count the themes, quotes and families of an audit. One statement."""
    themes = select(literal("theme", String).label("kind"), literal("", String).label("value")).where(
        PracticeTheme.audit_id == audit_id
    )
    quotes = select(literal("quote", String), Quote.source).where(Quote.audit_id == audit_id)
    families = (
        select(literal("family", String), FamilyContact.state)
        .join(FamilyContact.case)
        .where(Case.audit_id == audit_id)
    )
    rows = [(row[0], row[1]) for row in session.execute(union_all(themes, quotes, families))]
    return VoiceCounts(
        themes=sum(kind == "theme" for kind, _ in rows),
        quote_sources=tuple(sorted(source for kind, source in rows if kind == "quote")),
        family_states=tuple(sorted(state for kind, state in rows if kind == "family")),
    )


def workshops_held(audit_id: int) -> list[WorkshopSummary]:
    """Summaries of the workshops of an audit, by the day they were held. One statement."""
    workshops = (
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
    return [WorkshopSummary(*row) for row in session.execute(workshops)]
