"""Secondary suppression: hides further figures so that small ones cannot be found by subtraction.

An agency that compares its own figures with those of all agencies can subtract its own from the total. The
remainder is what the other agencies answered. A figure with a small remainder is hidden, and so are as many
others as it takes to prevent calculating it from the totals.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

# With only one other agency, the remainder would be that agency's own figures.
FEWEST_OTHERS = 2


@dataclass(frozen=True)
class ComparedCount:
    """How many returns gave an answer: `own` of one agency and `whole` of all; `own` is at most `whole`."""

    own: int
    whole: int

    @property
    def others(self) -> int:
        """The remainder: how many returns of the other agencies gave the answer."""
        return self.whole - self.own

    def is_small(self, threshold: int) -> bool:
        """Whether the count of all agencies, or of the others, is from 1 to one below the threshold."""
        return 0 < self.whole < threshold or 0 < self.others < threshold


def may_compare(total: ComparedCount, agencies: int, threshold: int) -> bool:
    """Whether the figures of all agencies may be shown for a question.

    `total` counts the returns that answered the question; `agencies` is the number of other agencies among
    them.
    """
    return agencies >= FEWEST_OTHERS and total.others >= threshold


def suppressed_single_choice(cells: Sequence[ComparedCount], threshold: int) -> frozenset[int]:
    """The indexes of the figures to hide where every return gave exactly one of these answers.

    At least two figures are hidden, or none. Their remainders add up to zero or to at least the threshold,
    so the visible figures and the total reveal only how many returns are hidden together.
    """
    hidden = {place for place, cell in enumerate(cells) if cell.is_small(threshold)}
    for next_place in _next_smallest(cells, hidden):
        remainder = sum(cells[place].others for place in hidden)
        if not hidden or (len(hidden) > 1 and remainder >= threshold):
            break
        hidden.add(next_place)
    return frozenset(hidden)


def suppressed_multiple_choice(
    cells: Sequence[ComparedCount], total: ComparedCount, threshold: int
) -> frozenset[int]:
    """The indexes of the figures to hide where a return may give several answers.

    The figures do not add up to the total here. Instead, the number of returns that did not give an answer
    can be calculated from the number that did, so it is protected too.
    """
    hidden = {
        place
        for place, cell in enumerate(cells)
        if cell.is_small(threshold) or 0 < total.others - cell.others < threshold
    }
    # With only “None of these” and one other answer, the figures do add up to the total.
    if len(hidden) == 1:
        hidden.update(_next_smallest(cells, hidden)[:1])
    return frozenset(hidden)


def _next_smallest(cells: Sequence[ComparedCount], hidden: Collection[int]) -> list[int]:
    """The indexes of visible figures by remainder, smallest first; zeros protect nothing and come last."""
    visible = [place for place in range(len(cells)) if place not in hidden]
    return sorted(visible, key=lambda place: (cells[place].others == 0, cells[place].others, place))
