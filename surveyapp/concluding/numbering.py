"""Numbers findings and recommendations from 1 without a gap."""

from collections.abc import Sequence

from surveyapp.concluding.models import Finding, Recommendation


def move_and_renumber(
    rows: Sequence[Finding] | Sequence[Recommendation], moved: Finding | Recommendation, to: int
) -> None:
    """Move a row to the number `to`, from 1, and renumber all; beyond the last, it becomes the last."""
    others: list[Finding | Recommendation] = [row for row in rows if row is not moved]
    others.insert(max(to, 1) - 1, moved)
    renumber(others)


def renumber(rows: Sequence[Finding | Recommendation]) -> None:
    """Number rows in their present order, from 1 without a gap."""
    for position, row in enumerate(rows, start=1):
        row.position = position
