"""Chooses a balanced sample: the same list, rules, size and seed always give the same children.

docs/decisions/balanced-sample.md explains the method and why it was taken.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from surveyapp.sampling.balance import target_numbers
from surveyapp.sampling.children import ATTRIBUTES, ListedChild

Profile = tuple[str, str, str]
METHOD = (
    "The program put the eligible children into an order that the seed {seed} alone decides. It then chose "
    "one child at a time: each time the child who brought the sample closest to the eligible children in "
    "gender, category and age band, and of equals the first in that order. Finally it exchanged a chosen "
    "child for another as long as that brought the sample closer. The numbers to aim for are the eligible "
    "children’s shares of the sample, made whole by the method of largest remainders."
)


def seeded_order(numbers: Collection[int], seed: int) -> list[int]:
    """These numbers in the order that a seed decides, the same on every machine."""
    return sorted(numbers, key=lambda number: sha256(f"{seed}:{number}".encode()).digest())


@dataclass
class _Draw:
    """A sample while it is being chosen."""

    children: Mapping[int, ListedChild]
    targets: tuple[dict[str, int], ...]
    pools: dict[Profile, list[int]]
    one_of_siblings: bool
    chosen: list[int] = field(default_factory=list)
    counts: tuple[Counter[str], ...] = field(default_factory=lambda: tuple(Counter() for _ in ATTRIBUTES))
    groups: Counter[str] = field(default_factory=Counter)

    def gain(self, profile: Profile) -> int:
        """How many attributes come closer to their target with one more of this profile."""
        return sum(
            self.counts[place][value] < self.targets[place].get(value, 0)
            for place, value in enumerate(profile)
        )

    def exchange(self, out: Profile, into: Profile) -> int:
        """By how much the distance shrinks if one of the first profile makes room for one of the second."""
        shrinks = 0
        for place, (old, new) in enumerate(zip(out, into, strict=True)):
            if old != new:
                count, target = self.counts[place], self.targets[place]
                shrinks += 1 if count[old] > target.get(old, 0) else -1
                shrinks += 1 if count[new] < target.get(new, 0) else -1
        return shrinks

    def first_free(self, profile: Profile, leaving: str = "") -> int | None:
        """The first of a profile who may be chosen, if a child of the group `leaving` goes."""
        taken = set(self.chosen)
        for number in self.pools[profile]:
            group = self.children[number].sibling_group
            has_sibling = self.one_of_siblings and group and self.groups[group] - (group == leaving) > 0
            if number not in taken and not has_sibling:
                return number
        return None

    def add(self, number: int, *, by: int = 1) -> None:
        """Take a child into the sample, or out of it with `by` -1."""
        child = self.children[number]
        for place, value in enumerate(child.profile):
            self.counts[place][value] += by
        self.groups[child.sibling_group] += by
        if by > 0:
            self.chosen.append(number)
        else:
            self.chosen.remove(number)


def choose_sample(
    eligible: Mapping[int, ListedChild], *, size: int, seed: int, one_of_siblings: bool
) -> tuple[int, ...]:
    """The numbers of the children chosen, in ascending order; fewer than `size` if there are not as many."""
    order = seeded_order(eligible, seed)
    pools: dict[Profile, list[int]] = {}
    for number in order:
        pools.setdefault(eligible[number].profile, []).append(number)
    draw = _Draw(eligible, _targets(pools, min(size, len(order))), pools, one_of_siblings)
    places = {number: place for place, number in enumerate(order)}
    while len(draw.chosen) < size and _add_best(draw, places):
        pass
    while _exchange_best(draw):
        pass
    return tuple(sorted(draw.chosen))


def _targets(pools: Mapping[Profile, Sequence[int]], size: int) -> tuple[dict[str, int], ...]:
    totals: tuple[Counter[str], ...] = tuple(Counter() for _ in ATTRIBUTES)
    for profile, members in pools.items():
        for place, value in enumerate(profile):
            totals[place][value] += len(members)
    return tuple(target_numbers(total, size) for total in totals)


def _add_best(draw: _Draw, places: Mapping[int, int]) -> bool:
    """Add the child who helps most; False if nobody may be added."""
    free = ((profile, draw.first_free(profile)) for profile in draw.pools)
    candidates = [
        (-draw.gain(profile), places[number], number) for profile, number in free if number is not None
    ]
    if not candidates:
        return False
    draw.add(min(candidates)[2])
    return True


def _exchange_best(draw: _Draw) -> bool:
    """Make the exchange that brings the sample closest; False if none brings it closer.

    Each exchange shortens the distance, a whole number, so that there can be only so many.
    """
    best: tuple[int, int, int] | None = None
    for out in draw.chosen:
        child = draw.children[out]
        for profile in draw.pools:
            shrinks = draw.exchange(child.profile, profile)
            if shrinks > 0 and (best is None or shrinks > best[0]):
                into = draw.first_free(profile, leaving=child.sibling_group)
                if into is not None:
                    best = shrinks, out, into
    if best is None:
        return False
    draw.add(best[1], by=-1)
    draw.add(best[2])
    return True
