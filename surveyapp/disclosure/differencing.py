"""Which figures of all agencies may stand beside one agency's own, so that no subtraction shows a few.

Who reads them knows their own agency's figures, so each figure of all gives away the remainder: what the
others answered. A figure that leaves few is hidden, and with it as many more as keep the totals from giving
it back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

# With one other agency alone, the remainder is that agency's own figures.
FEWEST_OTHERS = 2


@dataclass(frozen=True)
class ComparedCount:
    """How many returns of one agency gave an answer, and how many of all; `own` is at most `whole`."""

    own: int
    whole: int

    @property
    def others(self) -> int:
        """The remainder: how many returns of the others gave it."""
        return self.whole - self.own

    def is_small(self, threshold: int) -> bool:
        """Whether all of them, or the others alone, are from 1 to one below the threshold."""
        return 0 < self.whole < threshold or 0 < self.others < threshold


def may_compare(total: ComparedCount, agencies: int, threshold: int) -> bool:
    """Whether the figures of all may be shown for a question at all.

    `total` counts the returns that answered it, `agencies` how many others they come from.
    """
    return agencies >= FEWEST_OTHERS and total.others >= threshold


def suppressed_single_choice(cells: Sequence[ComparedCount], threshold: int) -> frozenset[int]:
    """The places of the figures of all to hide, where every return gave exactly one of these answers.

    Together the hidden ones leave a remainder of nought or of the threshold at least, and there are two at
    least, so that those shown and the total give back no more than how many returns are hidden together.
    """
    hidden = {place for place, each in enumerate(cells) if each.is_small(threshold)}
    for place in _next_smallest(cells, hidden):
        left = sum(cells[each].others for each in hidden)
        if not hidden or (len(hidden) > 1 and left >= threshold):
            break
        hidden.add(place)
    return frozenset(hidden)


def suppressed_multiple_choice(
    cells: Sequence[ComparedCount], total: ComparedCount, threshold: int
) -> frozenset[int]:
    """The same where a return may give several answers, so that figures do not add up to the total.

    Here the returns that did not give an answer are a figure too, and either gives back the other.
    """
    hidden = {
        place
        for place, each in enumerate(cells)
        if each.is_small(threshold) or 0 < total.others - each.others < threshold
    }
    # “None of these” and one answer beside it add up to the total after all.
    if len(hidden) == 1:
        hidden.update(_next_smallest(cells, hidden)[:1])
    return frozenset(hidden)


def _next_smallest(cells: Sequence[ComparedCount], hidden: Collection[int]) -> list[int]:
    """The places not hidden, those that leave least first; those that leave nought hide nothing, so last."""
    rest = [place for place in range(len(cells)) if place not in hidden]
    return sorted(rest, key=lambda place: (cells[place].others == 0, cells[place].others, place))
