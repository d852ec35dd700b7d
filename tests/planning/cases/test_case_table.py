"""Tables of cases are read as offices type them, and every mistake is named with its row and column."""

from datetime import date

import pytest

from surveyapp.foundation.tables.columns import match_columns
from surveyapp.foundation.tables.opened_table import OpenedTable, open_cells
from surveyapp.foundation.tables.table_mistakes import TableMistakes
from surveyapp.planning.cases.ages import HOW_TO_WRITE, Age
from surveyapp.planning.cases.case_columns import CASE_COLUMNS, without_identifying_columns
from surveyapp.planning.cases.case_table import ImportedCases, read_cases
from surveyapp.planning.cases.details import CaseDetails


def read(text: str) -> ImportedCases:
    return read_table(open_cells(text))


def read_table(table: OpenedTable) -> ImportedCases:
    table = without_identifying_columns(table)
    return read_cases(table, match_columns(table.sheet, CASE_COLUMNS))


def mistakes(text: str) -> list[str]:
    with pytest.raises(TableMistakes) as refused:
        read(text)
    return refused.value.listed


def test_what_an_office_types_is_taken_and_said() -> None:
    imported = read(
        "Child\tAge\tSex\tCategory\tPlan\tSiblings\tNeeds\n"
        "Child A\t5\tF\tNeglect\tCP\tA\tdomestic abuse; housing, housing\n"
        "Child B\t6 months\tBoy\tother\tCIN\tA\t\n"
        "Child C\tunborn\t\t\t\t\t\n"
    )
    needs = ("domestic abuse", "housing")
    assert imported.cases == (
        CaseDetails("Child A", Age(60), "female", "neglect", "child protection", "A", needs),
        CaseDetails("Child B", Age(6), "male", "other", "child in need", "A"),
        CaseDetails("Child C", Age(unborn=True)),
    )
    assert imported.notices == (
        "Row 2, Age: a number without a unit is taken as years",
        "Row 2, Gender: “F” is taken as “female”",
        "Row 2, Plan type: “CP” is taken as “child protection”",
        "Row 3, Gender: “Boy” is taken as “male”",
        "Row 3, Plan type: “CIN” is taken as “child in need”",
    )


def test_months_are_months_where_the_head_says_so() -> None:
    assert [case.age for case in read("Case,Age (months)\nChild A,18\nChild B,2 years\n").cases] == [
        Age(18),
        Age(24),
    ]


def test_names_and_birth_dates_are_dropped_before_anything_else() -> None:
    table = open_cells("Case\tForename\tDate of Birth\tNHS no.\tAge\nChild A\tAmy\t1/2/2015\t943\t5\n")
    kept = without_identifying_columns(table)
    assert [row.cells for row in kept.sheet.rows] == [
        ("Case", "", "", "", "Age"),
        ("Child A", "", "", "", "5"),
    ]
    dropped = "“Forename”, “Date of Birth” and “NHS no.”"
    assert kept.notices == (f"Dropped on reading, and kept nowhere: {dropped}. Cases go by pseudonym",)
    assert without_identifying_columns(kept) == kept, "The next press says it once."
    assert read_table(table).cases == (CaseDetails("Child A", Age(60)),)


def test_what_may_identify_a_child_is_pointed_out() -> None:
    notices = read(
        "Case,Gender,Sibling group,Needs,Colour\nAmy Smith,?,LS1 4AP,born 1/2/2015,red\n943 476 5919,f,,,\n"
    ).notices
    assert notices == (
        "Row 2, Case: “Amy Smith” looks like a name: use a pseudonym",
        "Row 2, Gender: “?” is none of the usual words female, male, non-binary, not known",
        "Row 2, Needs and experiences: “born 1/2/2015” looks like a date of birth: leave it out",
        "Row 2, Sibling group: “LS1 4AP” looks like a postcode: leave it out",
        "Row 3, Case: “943 476 5919” looks like an NHS number: use a pseudonym",
        "Row 3, Gender: “f” is taken as “female”",
        "Left out: “Colour”",
    )


def test_every_mistake_is_named_with_row_and_column() -> None:
    long = "x" * 81
    assert mistakes(
        f"Case,Age,Plan,Needs\nChild 1,old,{long},{long}\nchild 1,60,=A1,=A1\n,5,,\nChild 3,=A1,,\n"
    ) == [
        f"Row 2, Age: “old” is not an age: write it like {HOW_TO_WRITE}",
        "Row 2, Needs and experiences: use 80 characters or fewer for each need",
        "Row 2, Plan type: use 80 characters or fewer",
        "Row 3, Age: “60 years” is over 25 years: check it, and its unit",
        "Row 3, Case: “child 1” is there twice, first in row 2",
        "Row 3, Needs and experiences: a formula stands here: put its value instead",
        "Row 3, Plan type: a formula stands here: put its value instead",
        "Row 4, Case: write a pseudonym, such as Child 1",
        "Row 5, Age: a formula stands here: put its value instead",
    ]
    assert mistakes("Case,Age\n") == ["There is no row below the heads"]


def test_a_date_is_never_taken_for_an_age_or_a_pseudonym() -> None:
    table = open_cells("Case,Age\nChild 1,5\n")
    row = table.sheet.rows[1]
    dated = type(row)(2, (date(2026, 1, 2), date(2015, 2, 1)))
    sheet = type(table.sheet)((table.sheet.rows[0], dated))
    with pytest.raises(TableMistakes) as refused:
        read_table(OpenedTable("cases.xlsx", sheet))
    assert refused.value.listed == [
        "Row 2, Age: a date stands here: write the age, and never a date of birth",
        "Row 2, Case: a date stands here, 02/01/2026: format the column as Text",
        "Row 2, Case: write a pseudonym, such as Child 1",
    ]
