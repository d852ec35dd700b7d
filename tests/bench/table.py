"""The table of a benchmark: each figure beside its budget and its floor, and whether the budget is kept."""

import re
from dataclasses import asdict, dataclass

# What a module of the benchmark yields: what was measured, its budget, the figure, and its floor.
Line = tuple[str, str, str, str]
HEADING = "| What | Budget | Measured | Floor | Times the floor | Kept |\n|---|---|---|---|---|---|"
# A figure with its unit; times are compared in seconds and sizes in bytes.
_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?) (ms|s|min|kB|MB|a second|times|commits a second)(?![\w])")
_UNITS: dict[str, tuple[str, float]] = {
    "ms": ("time", 0.001),
    "s": ("time", 1),
    "min": ("time", 60),
    "kB": ("size", 1_000),
    "MB": ("size", 1_000_000),
    "a second": ("rate", 1),
    "commits a second": ("commits", 1),
    "times": ("ratio", 1),
}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    `times_the_floor` is above 1 where the floor is faster; None if the floor is not of the same kind. `kept`
    is None where there is no budget, or nothing was measured.
    """

    what: str
    budget: str
    measured: str
    floor: str
    times_the_floor: float | None
    kept: bool | None

    def as_markdown(self) -> str:
        """The line in Markdown."""
        ratio = "" if self.times_the_floor is None else f"{self.times_the_floor:.1f}"
        kept = {None: "", True: "yes", False: "**no**"}[self.kept]
        return f"| {self.what} | {self.budget} | {self.measured} | {self.floor} | {ratio} | {kept} |"

    def as_json(self) -> dict[str, object]:
        """The line as an object."""
        return asdict(self)


def row_of(line: Line) -> Row:
    """The row of a line, with its verdict."""
    what, budget, measured, floor = line
    return Row(what, budget, measured, floor, times_the_floor(measured, floor), is_kept(budget, measured))


def is_kept(budget: str, measured: str) -> bool | None:
    """Whether every figure of a budget is kept by the first figure of its kind in what was measured.

    A rate is at least the budget, anything else at most. None without a budget or without a figure.
    """
    wanted, found = _first_of_each_kind(budget), _first_of_each_kind(measured)
    if not wanted or not found:
        return None
    return all(
        kind in found and (found[kind] >= limit if kind == "rate" else found[kind] <= limit)
        for kind, limit in wanted.items()
    )


def times_the_floor(measured: str, floor: str) -> float | None:
    """How many times as long as its floor something takes, by the first figure of each."""
    first, bare = _FIGURE.search(measured), _FIGURE.search(floor)
    if not first or not bare or bare.start() != 0:
        return None
    (kind, value), (kind_of_floor, least) = _figure(first), _figure(bare)
    if kind != kind_of_floor or kind not in {"time", "rate", "size"} or not value or not least:
        return None
    return least / value if kind == "rate" else value / least


def _first_of_each_kind(words: str) -> dict[str, float]:
    figures: dict[str, float] = {}
    for found in _FIGURE.finditer(words):
        kind, value = _figure(found)
        figures.setdefault(kind, value)
    return figures


def _figure(found: re.Match[str]) -> tuple[str, float]:
    kind, factor = _UNITS[found[2]]
    return kind, float(found[1].replace(",", "")) * factor
