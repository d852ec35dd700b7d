"""The mean of a benchmark and the place of our own figure in it."""

import tomllib
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.collating.comparison.benchmarks import (
    BenchmarkPlace,
    benchmark_in_words,
    mean_figure,
    printed_percent,
    ranked_places,
)
from surveyapp.collating.comparison.pasted_rows import read_rows
from surveyapp.foundation.normal_form import normal_form
from surveyapp.foundation.words.shares import Share
from tests.published import published

NEIGHBOURS = Path(__file__).parents[3] / "surveyapp" / "commands" / "demonstration" / "benchmark.toml"
OWN = Share(34, 202, "plans")


def test_the_mean_and_our_place_equal_the_published_ones() -> None:
    file = tomllib.loads(NEIGHBOURS.read_text("utf-8"))
    rows = read_rows(file["rows"])
    assert mean_figure(rows) == Decimal("16.07")
    assert printed_percent(Decimal("16.07")) == "16.1"
    places = ranked_places(rows, OWN, "Us")
    assert [place.name for place in places][:5] == [
        "West Berkshire",
        "Warrington",
        "Central Bedfordshire",
        "Worcestershire",
        "Us",
    ]
    assert places[4] == BenchmarkPlace("Us", "16.8", is_own=True)
    assert benchmark_in_words(rows, OWN, file["national_average"]) == (
        "16.8% (34 of 202): of 10 places, 4 are higher and 6 lower. "
        "That is above their mean of 16.1% and above the national average of 14.9%."
    )


def test_the_table_of_the_demonstration_is_the_published_one() -> None:
    figures = published()
    table, file = figures["statistical_neighbours"], tomllib.loads(NEIGHBOURS.read_text("utf-8"))
    rows = read_rows(file["rows"])
    assert {name: float(figure) for name, figure in rows} == table["rows"]
    assert float(file["national_average"]) == table["national_average"]
    assert float(printed_percent(mean_figure(rows) or Decimal(0))) == table["mean"]
    population = figures["population"]
    assert (file["own_count"], file["own_of"]) == (population["repeat_plans"], population["plans"])


def test_equal_figures_and_few_places_in_words() -> None:
    assert benchmark_in_words([("A", "50")], Share(1, 2), "50") == (
        "50% (1 of 2): of 1 place, 0 are higher and 0 lower, 1 the same. "
        "That is the same as their mean of 50% and the same as the national average of 50%."
    )
    assert "1 is higher and 0 lower. That is below their mean of 51%." in benchmark_in_words(
        [("A", "51")], Share(1, 2), ""
    )
    assert benchmark_in_words([("A", "51")], None, "") == ""
    assert benchmark_in_words([], Share(1, 2), "") == ""
    assert ranked_places([("A", "50")], Share(1, 2), "Us")[0].is_own
    assert ranked_places([("A", "50")], None, "Us") == [BenchmarkPlace("A", "50")]
    assert mean_figure([]) is None


NAME = st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=20)
TENTHS = st.integers(0, 1000).map(lambda tenths: str(Decimal(tenths) / 10))


@given(st.dictionaries(NAME.map(str.casefold).filter(bool), TENTHS, min_size=1, max_size=20))
def test_a_written_table_reads_back_and_its_mean_lies_within(rows: dict[str, str]) -> None:
    written = {normal_form("NFC", name): figure for name, figure in rows.items()}
    read = read_rows("\n".join(f"{name}\t{figure}" for name, figure in written.items()))
    assert dict(read) == written
    figures, average = [Decimal(figure) for _, figure in read], mean_figure(read)
    assert average is not None
    assert min(figures) <= average <= max(figures)
