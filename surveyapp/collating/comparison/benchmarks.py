"""A table of other places beside our own figure: read as it is pasted, its mean, and our place in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.shares import Share, counted

MOST_ROWS = 200
LONGEST_NAME = 120
_FIGURE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%?")
_HEADING = re.compile(r"per ?cent|%|rate|share|figure|value", re.IGNORECASE)
_HUNDRED = Decimal(100)


class RowMistakes(ValueError):
    """What is wrong in a pasted table, each with the number of its row."""

    def __init__(self, mistakes: list[str]) -> None:
        """Keep every sentence."""
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class BenchmarkPlace:
    """One row of the table in order: a name and its per cent as written; `is_own` marks our own figure."""

    name: str
    figure: str
    is_own: bool = False


def read_rows(text: str) -> list[tuple[str, str]]:
    """Read names and per cents, one row a line with a tab or a comma between; figures stay as written.

    A first line whose second column is named, like “Per cent”, is a heading. Raises RowMistakes with
    everything that is wrong.
    """
    found: list[tuple[str, str]] = []
    mistakes: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, figure = _parts(line)
        is_heading = number == 1 and not re.search(r"\d", figure) and _HEADING.search(figure)
        if not line.strip() or is_heading:
            continue
        wrong = _mistake(name, figure, seen)
        if wrong:
            mistakes.append(f"Row {number}: {wrong}")
        else:
            seen[name.casefold()] = number
            found.append((name, _FIGURE.fullmatch(figure)[1]))  # type: ignore[index]  # it was looked at just above
    if len(found) > MOST_ROWS:
        mistakes.append(f"There are {len(found)} rows; {MOST_ROWS} are the most.")
    if mistakes:
        raise RowMistakes(mistakes)
    return found


def _parts(line: str) -> tuple[str, str]:
    """A name and a figure: parted by the last tab, or where there is none by the last comma."""
    name, _, figure = line.rstrip("\t ,;").rpartition("\t" if "\t" in line.strip() else ",")
    return clean_line(_unquoted(name)), clean_line(_unquoted(figure))


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def _mistake(name: str, figure: str, seen: dict[str, int]) -> str:
    found = _FIGURE.fullmatch(figure)
    if not name:
        return "write a name, a tab or a comma, and a per cent, such as Warrington, 20.4"
    if found is None:
        return f"“{figure}” is not a per cent; write one like 20.4, or leave the row out"
    if Decimal(found[1]) > _HUNDRED:
        return f"{figure} is more than 100 per cent"
    if re.search(r",\s*\d+$", name):
        return f"write the per cent with a point, not a comma: {name.rpartition(',')[2].strip()}.{figure}"
    if name.casefold() in seen:
        return f"{name} stands in row {seen[name.casefold()]} already"
    return f"the name is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else ""


def mean_figure(rows: Sequence[tuple[str, str]]) -> Decimal | None:
    """The mean of the figures, exact; None of no rows."""
    return sum((Decimal(figure) for _, figure in rows), Decimal(0)) / len(rows) if rows else None


def printed_percent(figure: Decimal) -> str:
    """A per cent as it is printed: to one decimal, half up; whole when exact."""
    whole = figure.to_integral_value()
    return str(whole if figure == whole else figure.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def ranked_places(rows: Sequence[tuple[str, str]], own: Share | None, own_name: str) -> list[BenchmarkPlace]:
    """Every place, the highest first, with our own figure among them; before those it equals as printed."""
    places = [(Decimal(figure), BenchmarkPlace(name, figure)) for name, figure in rows]
    if own is not None and own.percent is not None:
        places.append((own.percent, BenchmarkPlace(own_name, str(own.percent), is_own=True)))
    return [
        place for _, place in sorted(places, key=lambda each: (-each[0], not each[1].is_own, each[1].name))
    ]


def benchmark_in_words(rows: Sequence[tuple[str, str]], own: Share | None, national: str) -> str:
    """Where our own figure stands, in a sentence; compared as printed, to one decimal."""
    average = mean_figure(rows)
    if own is None or own.percent is None or average is None:
        return ""
    figures = [Decimal(figure) for _, figure in rows]
    higher = sum(each > own.percent for each in figures)
    lower = sum(each < own.percent for each in figures)
    alike = len(figures) - higher - lower
    said = f"{own.percent}% ({own.count:,} of {own.of:,}): "
    said += f"of {counted(len(figures), 'place')}, {higher} {_are(higher)} higher and {lower} lower"
    said += f", {alike} the same. " if alike else ". "
    said += f"That is {_against(own.percent, Decimal(printed_percent(average)))} their mean of {printed_percent(average)}%"
    if national:
        said += f" and {_against(own.percent, Decimal(national))} the national average of {national}%"
    return said + "."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _against(own: Decimal, other: Decimal) -> str:
    return "above" if own > other else "below" if own < other else "the same as"
