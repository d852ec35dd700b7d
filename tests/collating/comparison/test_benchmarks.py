"""A pasted table of places: read, averaged, and our own figure placed in it."""

import tomllib
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.collating.comparison.benchmarks import (
    MOST_ROWS,
    BenchmarkPlace,
    RowMistakes,
    benchmark_in_words,
    mean_figure,
    printed_percent,
    ranked_places,
    read_rows,
)
from surveyapp.foundation.words.shares import Share
from tests.published import published

NEIGHBOURS = Path(__file__).parents[3] / "surveyapp" / "commands" / "benchmark.toml"
OWN = Share(34, 202, "plans")
ROWS = [("Warrington", "20.4"), ("Solihull", "9.6"), ("Hertfordshire", "16.0")]


def wrong(text: str) -> list[str]:
    with pytest.raises(RowMistakes) as refused:
        read_rows(text)
    return refused.value.mistakes


@pytest.mark.parametrize(
    "text",
    [
        "Warrington\t20.4\nSolihull\t9.6\nHertfordshire\t16.0",
        "Warrington, 20.4\r\nSolihull,9.6%\r\n\r\nHertfordshire , 16.0 %\r\n",
        'Local authority,Per cent\n"Warrington","20.4"\n"Solihull",9.6\nHertfordshire,16.0,,',
        "  Warrington\t20.4\t\nSolihull\t 9.6\nHertfordshire\t16.0",
    ],
)
def test_a_table_is_read_as_people_paste_it(text: str) -> None:
    assert read_rows(text) == ROWS


def test_a_name_keeps_its_commas_and_quotes() -> None:
    assert read_rows('"Bristol, City of",12.3\nKent, county ""of"" , 1\n"The ""Shire""",2') == [
        ("Bristol, City of", "12.3"),
        ('Kent, county ""of""', "1"),
        ('The "Shire"', "2"),
    ]


def test_every_wrong_row_is_told_with_its_number() -> None:
    rows = ["Warrington,20.4", "Solihull,c", "Hampshire 14.1", "Kent,101", "warrington,3", "Devon,20,4"]
    assert wrong("\n".join([*rows, "x" * 121 + ",1"])) == [
        "Row 2: “c” is not a per cent; write one like 20.4, or leave the row out",
        "Row 3: write a name, a tab or a comma, and a per cent, such as Warrington, 20.4",
        "Row 4: 101 is more than 100 per cent",
        "Row 5: warrington stands in row 1 already",
        "Row 6: write the per cent with a point, not a comma: 20.4",
        "Row 7: the name is longer than 120 characters",
    ]


def test_a_first_row_without_a_figure_is_no_heading() -> None:
    assert wrong("Kent,c\nDevon,1") == [
        "Row 1: “c” is not a per cent; write one like 20.4, or leave the row out"
    ]


def test_more_rows_than_anybody_compares_with_are_refused() -> None:
    text = "\n".join(f"Place {number},1" for number in range(MOST_ROWS + 1))
    assert wrong(text) == [f"There are {MOST_ROWS + 1} rows; {MOST_ROWS} are the most."]


def test_the_published_mean_and_our_own_place_come_out() -> None:
    said = tomllib.loads(NEIGHBOURS.read_text("utf-8"))
    rows = read_rows(said["rows"])
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
    assert benchmark_in_words(rows, OWN, said["national_average"]) == (
        "16.8% (34 of 202): of 10 places, 4 are higher and 6 lower. "
        "That is above their mean of 16.1% and above the national average of 14.9%."
    )


def test_the_demonstrations_table_is_the_published_one() -> None:
    figures = published()
    table, said = figures["statistical_neighbours"], tomllib.loads(NEIGHBOURS.read_text("utf-8"))
    rows = read_rows(said["rows"])
    assert {name: float(figure) for name, figure in rows} == table["rows"]
    assert float(said["national_average"]) == table["national_average"]
    assert float(printed_percent(mean_figure(rows) or Decimal(0))) == table["mean"]
    population = figures["population"]
    assert (said["own_count"], said["own_of"]) == (population["repeat_plans"], population["plans"])


def test_equals_and_few_are_said_as_they_are() -> None:
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
def test_what_is_written_reads_back_and_the_mean_lies_within(rows: dict[str, str]) -> None:
    written = {unicodedata.normalize("NFC", name): figure for name, figure in rows.items()}
    read = read_rows("\n".join(f"{name}\t{figure}" for name, figure in written.items()))
    assert dict(read) == written
    figures, average = [Decimal(figure) for _, figure in read], mean_figure(read)
    assert average is not None
    assert min(figures) <= average <= max(figures)
