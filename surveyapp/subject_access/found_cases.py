"""The cases of all audits that a pseudonym or an agency’s own reference leads to."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.models import Audit, Case, Involvement

# The rows of a purge go in batches, and a worker that stands still may leave them for days.
_ARE_HERE = Audit.answers_removed_at.is_(None)


@dataclass(frozen=True)
class FoundCase:
    """A case, and the agencies whose own reference was looked for; none if its pseudonym was."""

    case: Case
    by_reference_of: tuple[str, ...] = ()


def find_cases(wanted: str) -> list[FoundCase]:
    """Every case with this pseudonym or with this reference of an agency, the newest audit first.

    Capitals, spaces and the form of dashes make no difference. References are encrypted, so every one is read
    and compared. Nothing is found for an empty text, nor in an audit whose purge has begun.
    """
    key = name_key(wanted)
    if not key:
        return []
    references = (
        select(Involvement.case_id, Agency.name, Involvement.own_reference)
        .join(Involvement.agency)
        .join(Case, Case.id == Involvement.case_id)
        .join(Case.audit)
        .where(Involvement.own_reference.is_not(None), _ARE_HERE)
        .order_by(Agency.name, Involvement.id)
        .execution_options(yield_per=1_000)
    )
    by_reference: dict[int, list[str]] = {}
    for case_id, agency, reference in session.execute(references):
        if reference and _is_same_reference(reference, key):
            by_reference.setdefault(case_id, []).append(agency)
    pseudonyms = session.execute(select(Case.id, Case.pseudonym).join(Case.audit).where(_ARE_HERE))
    found_ids = {case_id for case_id, pseudonym in pseudonyms if name_key(pseudonym) == key} | set(
        by_reference
    )
    cases = (
        select(Case)
        .join(Case.audit)
        .where(Case.id.in_(found_ids))
        .order_by(Audit.id.desc(), Case.position, Case.id)
        .options(contains_eager(Case.audit))
    )
    return [FoundCase(case, tuple(by_reference.get(case.id, ()))) for case in session.scalars(cases)]


def _is_same_reference(reference: str, key: str) -> bool:
    """Whether a reference is the one wanted; spaces within it make no difference either: “NH 12 345”."""
    return name_key(reference).replace(" ", "") == key.replace(" ", "")
