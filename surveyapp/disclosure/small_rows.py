"""Joins the small rows of a published table until no small number can be worked out (stories J2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SplitRow:
    """One row of a table that splits a total published elsewhere.

    `parts` add up to the row's size: the cases of an age, or the returned and the outstanding requests.
    `least` is the smallest size that readers know the row to have: it would not be in the table if it were
    empty.
    """

    names: tuple[str, ...]
    parts: tuple[int, ...]
    least: int = 1

    @property
    def size(self) -> int:
        """The sum of the parts."""
        return sum(self.parts)

    def is_small(self, threshold: int) -> bool:
        """Whether the row's size or one of its parts is from 1 to one below the threshold."""
        return has_small_number((self.size, *self.parts), threshold)


def has_small_number(numbers: Iterable[int], threshold: int) -> bool:
    """Whether any of these numbers is from 1 to one below the threshold; never with a threshold of 0."""
    return any(0 < number < threshold for number in numbers)


def publishable_rows(rows: Sequence[SplitRow], threshold: int) -> tuple[SplitRow, ...]:
    """The rows as they may be published: small rows are joined into one, in the place of the first of them.

    While the joined row could still be split by calculation, the smallest of the other rows are added to
    it. Rows of equal size are added together, so that a reader who knows this rule learns nothing from the
    choice. The result is empty where every row would be joined: the table is then left out.
    """
    joined = {place for place, row in enumerate(rows) if row.is_small(threshold)}
    while joined and _can_be_taken_apart([rows[place] for place in joined], threshold):
        separate_places = [place for place, row in enumerate(rows) if row.size and place not in joined]
        if not separate_places:
            return ()
        next_size = min(rows[place].size for place in separate_places)
        joined |= {place for place in separate_places if rows[place].size == next_size}
    if not any(row.size and place not in joined for place, row in enumerate(rows)):
        return tuple(rows) if not joined else ()
    joined_row = _joined_row([rows[place] for place in sorted(joined)])
    return tuple(
        joined_row if place in joined else row
        for place, row in enumerate(rows)
        if place not in joined or place == min(joined)
    )


def _can_be_taken_apart(rows: Sequence[SplitRow], threshold: int) -> bool:
    """Whether the sum of these rows is small itself, or reveals each: all are at their least or most."""
    sizes = [row.size for row in rows]
    return (
        len(rows) == 1
        or sum(sizes) < threshold
        or sizes == [row.least for row in rows]
        or all(size == threshold - 1 for size in sizes)
    )


def _joined_row(rows: Sequence[SplitRow]) -> SplitRow:
    return SplitRow(
        names=tuple(name for row in rows for name in row.names),
        parts=tuple(sum(numbers) for numbers in zip(*(row.parts for row in rows), strict=True)),
        least=sum(row.least for row in rows),
    )
