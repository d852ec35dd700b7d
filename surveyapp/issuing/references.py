"""References of requests, such as 7K4-Q2B, for reading out on the telephone."""

import secrets
from collections.abc import Iterable

from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest

# Without characters that sound or look alike.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# Databases limit the number of values in one statement.
_REFERENCES_IN_STATEMENT = 500


def draw_references(count: int) -> list[str]:
    """Draw `count` different references, in random order, that no request has yet."""
    references: set[str] = set()
    while len(references) < count:
        codes = {
            "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
            for _ in range(count - len(references))
        }
        candidates = {f"{code[:3]}-{code[3:]}" for code in codes}
        references |= candidates - _taken(candidates)
    return sorted(references, key=lambda _reference: secrets.randbits(32))


def _taken(references: Iterable[str]) -> set[str]:
    candidates = list(references)
    taken: set[str] = set()
    for start in range(0, len(candidates), _REFERENCES_IN_STATEMENT):
        is_taken = AuditRequest.reference.in_(candidates[start : start + _REFERENCES_IN_STATEMENT])
        taken |= set(session.scalars(select(AuditRequest.reference).where(is_taken)))
    return taken
