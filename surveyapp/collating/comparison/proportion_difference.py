"""The difference between two shares in percentage points, with its 95% interval."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from statistics import NormalDist

from surveyapp.foundation.words.shares import Share

# The two-sided 95% point of the normal distribution, 1.96.
Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Difference:
    """The first share less the second, in percentage points from -100 to 100, with its 95% interval.

    The interval is Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10).
    """

    points: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0

    @property
    def shown(self) -> str:
        """The difference with its sign, to one decimal place: +12.0."""
        rounded = self.points.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        return f"{rounded:+}".replace("-", "−") if rounded else "0.0"

    @property
    def in_words(self) -> str:
        """The difference and its interval in words, in whole percentage points."""
        points, low, high = (_whole(bound) for bound in (self.points, self.low, self.high))
        interval = _interval_in_words(low, high)
        return f"{_direction_in_words(points)}; at these sizes {interval} would be no surprise"


def difference(first: Share, second: Share) -> Difference | None:
    """The first share less the second, with its 95% interval; None where one of them is out of 0."""
    if not first.of or not second.of:
        return None
    low, high = newcombe_interval(first.count, first.of, second.count, second.of)
    points = Decimal(100) * first.count / first.of - Decimal(100) * second.count / second.of
    # The bounds are floats and the difference is exact, so rounding could put it outside its own interval.
    return Difference(points, min(Decimal(100 * low), points), max(Decimal(100 * high), points))


def newcombe_interval(count: int, of: int, other_count: int, other_of: int) -> tuple[float, float]:
    """Newcombe's 95% interval of one proportion less another, from -1 to 1; both `of` are above 0."""
    low, share, high = wilson_interval(count, of)
    other_low, other_share, other_high = wilson_interval(other_count, other_of)
    apart = share - other_share
    below = sqrt((share - low) ** 2 + (other_high - other_share) ** 2)
    above = sqrt((high - share) ** 2 + (other_share - other_low) ** 2)
    return max(-1.0, apart - below), min(1.0, apart + above)


def wilson_interval(count: int, of: int) -> tuple[float, float, float]:
    """Wilson's 95% score interval as lower bound, proportion and upper bound, all from 0 to 1."""
    share = count / of
    middle = share + Z_95 * Z_95 / (2 * of)
    half = Z_95 * sqrt(share * (1 - share) / of + Z_95 * Z_95 / (4 * of * of))
    whole = 1 + Z_95 * Z_95 / of
    return max(0.0, (middle - half) / whole), share, min(1.0, (middle + half) / whole)


def _whole(points: Decimal) -> int:
    return int(points.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _direction_in_words(points: int) -> str:
    if not points:
        return "about the same"
    return f"{'higher' if points > 0 else 'lower'} by {abs(points)} point{'' if abs(points) == 1 else 's'}"


def _interval_in_words(low: int, high: int) -> str:
    if low < 0 < high:
        return f"anything from {-low} lower to {high} higher"
    if low >= 0 and high > 0:
        return f"anything from {low} to {high} higher"
    if high <= 0 and low < 0:
        return f"anything from {-low} to {-high} lower"
    return "no difference"
