"""The figures of the population, for the report’s section on method (R2014 2.1.5; stories B1, B3)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from surveyapp.foundation.words.shares import Share
from surveyapp.sampling.children import NOT_RECORDED, ListedChild


@dataclass(frozen=True)
class PopulationFigures:
    """The figures of a list on a UK day.

    `described` is how many children the other figures are about: those on a repeat plan if there are any, or
    else everybody. `intervals` are the shortest and the longest time between plans in months, None if no
    child has one.
    """

    listed_on: date
    children: int
    repeats: Share
    described: int
    sibling_groups: int
    in_sibling_groups: int
    categories: Mapping[str, int]
    intervals: tuple[int, int] | None


def population_figures(children: Collection[ListedChild], *, listed_on: date) -> PopulationFigures:
    """Count a list. A sibling group has at least two of the children described."""
    repeats = [child for child in children if child.is_repeat]
    described = repeats or list(children)
    groups = Counter(child.sibling_group for child in described if child.sibling_group)
    sizes = [size for size in groups.values() if size > 1]
    categories = Counter(child.category or NOT_RECORDED for child in described)
    intervals = [child.interval for child in described if child.interval is not None]
    return PopulationFigures(
        listed_on,
        len(children),
        Share(len(repeats), len(children), "children"),
        len(described),
        len(sizes),
        sum(sizes),
        dict(sorted(categories.items(), key=lambda item: (-item[1], item[0]))),
        (min(intervals), max(intervals)) if intervals else None,
    )
