"""Joins small numbers in text for the public with others until none can be told (stories J2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SplitRow:
    """One row of a table that splits a total which stands elsewhere.

    `parts` add up to what the row is out of: the cases of an age, or the requests that were returned and
    those that were not. `least` is how much a reader knows to be in it: a row stands because it has one.
    """

    names: tuple[str, ...]
    parts: tuple[int, ...]
    least: int = 1

    @property
    def size(self) -> int:
        """What the row is out of."""
        return sum(self.parts)

    def is_small(self, threshold: int) -> bool:
        """Whether it, a part of it, or what a part leaves, is from 1 to under the threshold."""
        return has_small_number((self.size, *self.parts), threshold)


def has_small_number(numbers: Iterable[int], threshold: int) -> bool:
    """Whether one of these numbers is from 1 to under the threshold; with a threshold of 0 none is."""
    return any(0 < each < threshold for each in numbers)


def publishable_rows(cells: Sequence[SplitRow], threshold: int) -> tuple[SplitRow, ...]:
    """The rows as a reader may see them: small ones are joined into one, where the first of them stood.

    While what is joined could be taken apart again, the smallest of the others join it, all of one size
    together: a reader who knows the rule learns nothing from which of them did. Empty where that would join
    everything: then nothing of the split is told.
    """
    joined = {place for place, each in enumerate(cells) if each.is_small(threshold)}
    while joined and _can_be_taken_apart([cells[place] for place in joined], threshold):
        others = [place for place, each in enumerate(cells) if each.size and place not in joined]
        if not others:
            return ()
        next_size = min(cells[place].size for place in others)
        joined |= {place for place in others if cells[place].size == next_size}
    if not any(each.size and place not in joined for place, each in enumerate(cells)):
        return tuple(cells) if not joined else ()
    together = _merged_row([cells[place] for place in sorted(joined)])
    return tuple(
        together if place in joined else each
        for place, each in enumerate(cells)
        if place not in joined or place == min(joined)
    )


def _can_be_taken_apart(cells: Sequence[SplitRow], threshold: int) -> bool:
    """Whether the sum of these is small itself, or gives each of them: all at their least or most."""
    sizes = [each.size for each in cells]
    return (
        len(cells) == 1
        or sum(sizes) < threshold
        or sizes == [each.least for each in cells]
        or all(each == threshold - 1 for each in sizes)
    )


def _merged_row(cells: Sequence[SplitRow]) -> SplitRow:
    return SplitRow(
        names=tuple(name for each in cells for name in each.names),
        parts=tuple(sum(numbers) for numbers in zip(*(each.parts for each in cells), strict=True)),
        least=sum(each.least for each in cells),
    )
