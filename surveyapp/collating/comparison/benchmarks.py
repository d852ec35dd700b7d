"""Ranks our own figure among other places', with their mean, and says the result in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from surveyapp.foundation.words.shares import Share, counted


@dataclass(frozen=True)
class BenchmarkPlace:
    """One row of the ranking: a name and its percentage as written; `is_own` marks our own figure."""

    name: str
    figure: str
    is_own: bool = False


def mean_figure(rows: Sequence[tuple[str, str]]) -> Decimal | None:
    """The exact mean of the figures; None without rows."""
    return sum((Decimal(figure) for _, figure in rows), Decimal(0)) / len(rows) if rows else None


def printed_percent(figure: Decimal) -> str:
    """A percentage as printed: to one decimal place, half up; without decimals when whole."""
    whole = figure.to_integral_value()
    return str(whole if figure == whole else figure.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def ranked_places(rows: Sequence[tuple[str, str]], own: Share | None, own_name: str) -> list[BenchmarkPlace]:
    """Every place, the highest first, with our own figure before places that print the same."""
    places = [(Decimal(figure), BenchmarkPlace(name, figure)) for name, figure in rows]
    if own is not None and own.percent is not None:
        places.append((own.percent, BenchmarkPlace(own_name, str(own.percent), is_own=True)))
    return [
        place for _, place in sorted(places, key=lambda pair: (-pair[0], not pair[1].is_own, pair[1].name))
    ]


def benchmark_in_words(rows: Sequence[tuple[str, str]], own: Share | None, national: str) -> str:
    """How our own figure compares, in a sentence; figures are compared as printed, to one decimal place.

    Empty without an own figure or without places.
    """
    average = mean_figure(rows)
    if own is None or own.percent is None or average is None:
        return ""
    figures = [Decimal(figure) for _, figure in rows]
    higher = sum(figure > own.percent for figure in figures)
    lower = sum(figure < own.percent for figure in figures)
    alike = len(figures) - higher - lower
    printed_average = printed_percent(average)
    words = f"{own.percent}% ({own.count:,} of {own.of:,}): "
    words += f"of {counted(len(figures), 'place')}, {higher} {_are(higher)} higher and {lower} lower"
    words += f", {alike} the same. " if alike else ". "
    comparison = _comparison(own.percent, Decimal(printed_average))
    words += f"That is {comparison} their mean of {printed_average}%"
    if national:
        words += f" and {_comparison(own.percent, Decimal(national))} the national average of {national}%"
    return f"{words}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _comparison(own: Decimal, other: Decimal) -> str:
    return "above" if own > other else "below" if own < other else "the same as"
