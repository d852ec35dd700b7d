"""Mistakes name their row and column; notices with the same words stand together."""

from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes, gathered_notices


def test_mistakes_are_listed_in_the_order_of_rows_each_once_and_not_without_end() -> None:
    mistakes = TableMistakes(
        [TableMistake(3, "Age", "“old” is not an age"), TableMistake(2, "", "too short")] * 2
    )
    assert mistakes.listed == ["Row 2: too short", "Row 3, Age: “old” is not an age"]
    many = TableMistakes(TableMistake(row, "", "wrong") for row in range(1, 1001))
    assert (len(many.listed), many.listed[-1]) == (201, "There are 800 more mistakes")


def test_notices_with_the_same_words_stand_together() -> None:
    notices = [TableMistake(row, "Age", "taken as years") for row in (5, 3)] + [TableMistake(4, "", "other")]
    assert gathered_notices(notices) == ["Rows 3 and 5, Age: taken as years", "Row 4: other"]
    many = gathered_notices(TableMistake(row, "", "same") for row in range(1, 31))
    assert many == ["Rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more: same"]
