"""Two audits side by side: each share beside the other's, and how far apart they are, with what is chance."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from statistics import NormalDist

from surveyapp.collating.figures import Collation, OptionFigures, PartFigures, QuestionFigures
from surveyapp.foundation.words.shares import Share

# The two-sided 95 per cent point of the normal distribution, 1.96.
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
    def shown(self) -> str:
        """The difference with its sign, to one decimal: +12.0."""
        rounded = self.points.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        return f"{rounded:+}".replace("-", "−") if rounded else "0.0"

    @property
    def in_words(self) -> str:
        """The difference as it may be read out, in whole points."""
        points, low, high = (_whole(each) for each in (self.points, self.low, self.high))
        return f"{_direction_in_words(points)}; at these sizes {_interval_in_words(low, high)} would be no surprise"


@dataclass(frozen=True)
class ComparedAnswer:
    """One answer in both audits; a share is None where that audit does not offer it, or leaves it out."""

    label: str
    first: Share | None
    second: Share | None

    @property
    def difference(self) -> Difference | None:
        """How far the first is from the second; None where one of them is no figure."""
        return difference(self.first, self.second) if self.first and self.second else None


@dataclass(frozen=True)
class ComparedQuestion:
    """One question, or one line of a checklist, in both audits; `note` says what is not alike."""

    label: str
    note: str
    rows: tuple[ComparedAnswer, ...]


def difference(first: Share, second: Share) -> Difference | None:
    """The first share less the second, with its interval; None where one is out of nought."""
    if not first.of or not second.of:
        return None
    low, high = newcombe_interval(first.count, first.of, second.count, second.of)
    points = Decimal(100) * first.count / first.of - Decimal(100) * second.count / second.of
    # The bounds come from floating point, the difference is exact: where they meet, rounding parts them.
    return Difference(points, min(Decimal(100 * low), points), max(Decimal(100 * high), points))


def newcombe_interval(count: int, of: int, other_count: int, other_of: int) -> tuple[float, float]:
    """The 95% interval of one proportion less another, from -1 to 1; both `of` are above 0."""
    (low, here, high), (other_low, there, other_high) = (
        wilson_interval(count, of),
        wilson_interval(other_count, other_of),
    )
    apart = here - there
    below = sqrt((here - low) ** 2 + (other_high - there) ** 2)
    above = sqrt((high - here) ** 2 + (there - other_low) ** 2)
    return max(-1.0, apart - below), min(1.0, apart + above)


def wilson_interval(count: int, of: int) -> tuple[float, float, float]:
    """Wilson's score interval of a proportion with the proportion in its middle; all from 0 to 1."""
    share = count / of
    middle = share + Z_95 * Z_95 / (2 * of)
    half = Z_95 * sqrt(share * (1 - share) / of + Z_95 * Z_95 / (4 * of * of))
    whole = 1 + Z_95 * Z_95 / of
    return max(0.0, (middle - half) / whole), share, min(1.0, (middle + half) / whole)


def compared_by_theme(first: Collation, second: Collation) -> list[tuple[str, list[ComparedQuestion]]]:
    """Each question that both audits ask, under the first one's headings."""
    there = {each.id: each for each in second.questions}
    themes = []
    for _, heading, figures in first.themes:
        parts = [part for each in figures if each.id in there for part in _question(each, there[each.id])]
        if parts:
            themes.append((heading, parts))
    return themes


def questions_only_in_first(first: Collation, second: Collation) -> list[str]:
    """The questions of the first audit that the second does not ask."""
    there = {each.id for each in second.questions}
    return [each.label for each in first.questions if each.id not in there]


def _question(first: QuestionFigures, second: QuestionFigures) -> list[ComparedQuestion]:
    note = ""
    if first.question.ask != second.question.ask:
        note = f"The other audit asks: {second.question.ask}"
    if bool(first.lines) != bool(second.lines) or first.question.kind != second.question.kind:
        return [ComparedQuestion(first.label, "The other audit asks this in another way: not compared.", ())]
    rows = _lines(first.lines, second.lines) if first.lines else _rows(first.rows, second.rows)
    if rows and not first.answered and not second.answered:
        return [ComparedQuestion(first.label, "Nobody has answered this in either audit.", ())]
    return [ComparedQuestion(first.label, note, rows)] if rows else []


def _rows(first: Iterable[OptionFigures], second: Iterable[OptionFigures]) -> tuple[ComparedAnswer, ...]:
    here, there = ({row.value: row for row in rows} for rows in (first, second))
    return tuple(
        ComparedAnswer(
            (here.get(value) or there[value]).label,
            here[value].share if value in here else None,
            there[value].share if value in there else None,
        )
        for value in dict.fromkeys((*here, *there))
    )


def _lines(first: Iterable[PartFigures], second: Iterable[PartFigures]) -> tuple[ComparedAnswer, ...]:
    """A checklist's lines by their “yes”: the “no” is the rest."""
    here, there = ({part.id: part for part in parts} for parts in (first, second))
    return tuple(
        ComparedAnswer(
            (here.get(name) or there[name]).label,
            here[name].rows[0].share if name in here else None,
            there[name].rows[0].share if name in there else None,
        )
        for name in dict.fromkeys((*here, *there))
    )


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
