"""Reading a pasted table of places and percentages."""

import pytest

from surveyapp.collating.comparison.pasted_rows import (
    MOST_ROWS,
    RowMistakes,
    may_be_parts_of_one,
    percent_of_part,
    read_rows,
    to_three_decimals,
)
from surveyapp.defining.mistakes import MOST_LISTED

ROWS = [("Warrington", "20.4"), ("Solihull", "9.6"), ("Hertfordshire", "16.0")]


def mistakes_in(text: str) -> list[str]:
    with pytest.raises(RowMistakes) as refused:
        read_rows(text)
    return refused.value.mistakes


def test_of_very_many_mistakes_the_first_are_listed_with_the_count() -> None:
    found = mistakes_in("\n".join(["Kent,many"] * 5000))
    assert len(found) == MOST_LISTED + 1
    assert found[-1] == "These are the first 200 of 5,000 mistakes."


@pytest.mark.parametrize(
    "text",
    [
        "Warrington\t20.4\nSolihull\t9.6\nHertfordshire\t16.0",
        "Warrington, 20.4\r\nSolihull,9.6%\r\n\r\nHertfordshire , 16.0 %\r\n",
        'Local authority,Per cent\n"Warrington","20.4"\n"Solihull",9.6\nHertfordshire,16.0,,',
        "  Warrington\t20.4\t\nSolihull\t 9.6\nHertfordshire\t16.0",
        "Warrington;20,4\nSolihull;9,6\nHertfordshire;16,0",
        "sep=;\nWhere;Rate\nWarrington;20,4\nSolihull;9,6 %\nHertfordshire;16,0;",
        "Warrington\t20,4\nSolihull\t9,6\nHertfordshire\t16,0",
        'Where,Rate\n"Warrington","20,4"\nSolihull,"9,6"\nHertfordshire,16.0',
        "Warrington\t20.4\nSolihull, 9.6\nHertfordshire\t16.0",
    ],
)
def test_pasted_tables_are_read(text: str) -> None:
    assert read_rows(text) == ROWS


def test_a_name_keeps_its_commas_and_quotes() -> None:
    assert read_rows('"Bristol, City of",12.3\nKent, county ""of"" , 1\n"The ""Shire""",2') == [
        ("Bristol, City of", "12.3"),
        ('Kent, county ""of""', "1"),
        ('The "Shire"', "2"),
    ]


def test_a_quoted_name_may_go_over_two_lines_and_an_open_quotation_mark_harms_its_own_line_only() -> None:
    assert read_rows('"Bristol,\nCity of",12.3\nKent,1') == [("Bristol, City of", "12.3"), ("Kent", "1")]
    assert read_rows('"Bristol,12.3\nKent,1') == [("Bristol", "12.3"), ("Kent", "1")]


def test_parts_of_one_are_told_from_per_cents_by_their_size() -> None:
    assert may_be_parts_of_one(["0.204", "1", "0"])
    for figures in (["0.204", "16"], ["1", "1"], ["0"], []):
        assert not may_be_parts_of_one(figures)
    assert percent_of_part("0.204") == "20.4"
    assert percent_of_part("0.1633333333") == "16.333"
    assert [percent_of_part(figure) for figure in ("1", "0", "0.2")] == ["100", "0", "20"]
    assert to_three_decimals("0.1633333333") == "0.163"
    assert to_three_decimals("16.0") == "16.0"


def test_every_mistake_has_the_number_of_its_row() -> None:
    rows = ["Warrington,20.4", "Solihull,c", "Hampshire 14.1", "Kent,101", "warrington,3", "Devon,20,4"]
    assert mistakes_in("\n".join([*rows, "x" * 121 + ",1"])) == [
        "Row 2: “c” is not a per cent; write one like 20.4, or leave the row out",
        "Row 3: write a name, a tab or a comma, and a per cent, such as Warrington, 20.4",
        "Row 4: 101 is more than 100 per cent",
        "Row 5: warrington stands in row 1 already",
        "Row 6: write the per cent with a point, not a comma: 20.4",
        "Row 7: the name is longer than 120 characters",
    ]


def test_a_first_row_without_a_heading_word_is_not_a_heading() -> None:
    assert mistakes_in("Kent,c\nDevon,1") == [
        "Row 1: “c” is not a per cent; write one like 20.4, or leave the row out"
    ]


def test_more_than_the_most_rows_are_refused() -> None:
    text = "\n".join(f"Place {number},1" for number in range(MOST_ROWS + 1))
    assert mistakes_in(text) == [f"There are {MOST_ROWS + 1} rows; {MOST_ROWS} are the most."]


def test_as_many_rows_as_are_allowed_are_read() -> None:
    def table(rows: int) -> str:
        return "\n".join(f"Place {number}\t20" for number in range(rows))

    assert len(read_rows(table(MOST_ROWS))) == MOST_ROWS
    assert mistakes_in(table(MOST_ROWS + 1)) == ["There are 201 rows; 200 are the most."]
