"""How closely a sample follows the eligible children in gender, category and age (stories B6)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from surveyapp.foundation.words.shares import Share
from surveyapp.planning.cases.age_bands import AGE_BAND_WORDS
from surveyapp.sampling.children import ATTRIBUTES, ListedChild

_BANDS = tuple(AGE_BAND_WORDS.values())


def target_numbers(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of a sample of `size` should have each value, in proportion to these counts.

    By the method of largest remainders: whole numbers that add up to `size`. Of equal remainders the value
    with the larger count comes first, then the alphabet decides. All are 0 where there is nobody.
    """
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0)
    exact = {value: Fraction(count * size, total) for value, count in counts.items()}
    numbers = {value: int(share) for value, share in exact.items()}
    left = size - sum(numbers.values())
    by_remainder = sorted(counts, key=lambda value: (numbers[value] - exact[value], -counts[value], value))
    for value in by_remainder[:left]:
        numbers[value] += 1
    return numbers


@dataclass(frozen=True)
class BalanceRow:
    """One value of one attribute: how many eligible children have it, and how many of the sample.

    `target` is how many of the sample would have it in proportion.
    """

    attribute: str
    value: str
    eligible: Share
    sample: Share
    target: int

    @property
    def difference(self) -> int:
        """By how many the sample is away from the proportion; positive: too many."""
        return self.sample.count - self.target


@dataclass(frozen=True)
class Balance:
    """The table that sets the sample beside the eligible children."""

    rows: tuple[BalanceRow, ...]

    @property
    def by_attribute(self) -> dict[str, list[BalanceRow]]:
        """The rows of each attribute, in the order of ATTRIBUTES."""
        return {
            attribute: [row for row in self.rows if row.attribute == attribute]
            for attribute in ATTRIBUTES.values()
        }

    @property
    def distance(self) -> int:
        """The sum of all differences, each taken as positive: 0 is perfect balance."""
        return sum(abs(row.difference) for row in self.rows)


def balance_of(eligible: Iterable[ListedChild], sample: Iterable[ListedChild]) -> Balance:
    """Set a sample beside the eligible children it was chosen from."""
    profiles = [child.profile for child in eligible]
    chosen = [child.profile for child in sample]
    rows: list[BalanceRow] = []
    for place, attribute in enumerate(ATTRIBUTES.values()):
        counts = Counter(profile[place] for profile in profiles)
        in_sample = Counter(profile[place] for profile in chosen)
        targets = target_numbers(counts, len(chosen))
        rows += [
            BalanceRow(
                attribute,
                value,
                Share(counts[value], len(profiles), "children"),
                Share(in_sample[value], len(chosen), "cases"),
                targets.get(value, 0),
            )
            for value in sorted(counts | in_sample, key=lambda value: _order(value, counts))
        ]
    return Balance(tuple(rows))


def _order(value: str, counts: Mapping[str, int]) -> tuple[int, int, str]:
    """Age bands in their order, other values by frequency."""
    return (_BANDS.index(value) if value in _BANDS else 0), -counts[value], value
