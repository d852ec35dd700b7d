"""The columns of a case-management export that are taken; all others are dropped as the file is read."""

from collections.abc import Mapping

from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.tables.columns import (
    Column,
    ColumnMatch,
    chosen_columns,
    column_letter,
    head_key,
    match_columns,
)
from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.planning.cases.pseudonyms import identifier_kind

LONGEST_HEAD = 120
# What a kept head says of a column that staff left out.
LEFT_OUT = "-"

COLUMNS = (
    Column("born_on", "Date of birth", ("dob", "d o b", "birth date", "birthdate", "born", "born on")),
    Column("age", "Age", ("current age", "age in years", "age at plan start", "age now")),
    Column("gender", "Gender", ("sex", "gender identity")),
    Column(
        "category",
        "Category",
        (
            "category of abuse",
            "abuse category",
            "category of need",
            "cp category",
            "latest category",
            "current category",
            "initial category",
        ),
    ),
    Column("plan", "Plan type", ("type of plan", "plan", "current plan")),
    Column(
        "began_on",
        "Plan began on",
        (
            "plan start",
            "plan start date",
            "start of plan",
            "start date",
            "date plan started",
            "plan began",
            "cpp start date",
            "cp plan start date",
            "date of registration",
        ),
    ),
    Column(
        "previous_ended_on",
        "Previous plan ended on",
        (
            "previous plan end",
            "previous plan end date",
            "end of previous plan",
            "last plan ended",
            "previous plan ended",
        ),
    ),
    Column(
        "interval",
        "Time between the plans",
        ("interval", "interval between plans", "time between plans", "months between plans", "gap"),
    ),
    Column(
        "plans",
        "Number of plans",
        ("plans", "no of plans", "plan number", "plan count", "number of cp plans"),
    ),
    Column(
        "is_repeat", "Repeat plan", ("repeat", "repeat cpp", "second or subsequent plan", "repeat plan y n")
    ),
    Column(
        "sibling_group",
        "Sibling group",
        ("siblings", "family", "family id", "family group", "family number", "household", "group"),
    ),
    Column(
        "reference",
        "Case reference",
        ("reference", "case id", "case number", "child id", "person id", "client id", "id", "system id"),
    ),
)
COLUMNS_BY_NAME = {column.name: column for column in COLUMNS}


def recognised_columns(sheet: Sheet, kept: Mapping[str, str]) -> ColumnMatch:
    """Which column is which: as staff said before (`kept`, by the key of the head), or by its usual names."""
    usual = match_columns(sheet, COLUMNS)
    if not kept:
        return usual
    chosen = {position: column.name for position, column in usual.columns.items()}
    named = {
        position: kept[head_key(head)]
        for position, head in enumerate(sheet.rows[0].cells)
        if head_key(head) in kept
    }
    taken = set(named.values())
    chosen = {
        position: name for position, name in chosen.items() if name not in taken and position not in named
    }
    return chosen_columns({**chosen, **named}, COLUMNS, has_heads=usual.has_heads or bool(named))


def check_heads(sheet: Sheet, match: ColumnMatch) -> None:
    """Raise TableMistakes if the first row holds a child and no heads: a head is stored, a child never is."""
    if not match.has_heads:
        raise TableMistakes([TableMistake(1, "", "put the heads of the columns into the first row")])
    mistakes = [
        TableMistake(1, f"column {column_letter(position)}", f"a head cannot be {kind or 'a number'}")
        for position, head in enumerate(sheet.rows[0].cells)
        for kind in [identifier_kind(str(head))]
        if kind or (str(head).strip() and not any(character.isalpha() for character in str(head)))
    ]
    if mistakes:
        raise TableMistakes(
            [*mistakes, TableMistake(1, "", "put the heads of the columns into the first row")]
        )


def columns_with_heads(sheet: Sheet, heads: Mapping[str, str]) -> ColumnMatch:
    """The columns of a file that was read before, by the heads that `heads_of` gave then."""
    names = {head: name for name, head in heads.items()}
    found = {position: names.get(_stored_head(head), "") for position, head in enumerate(sheet.rows[0].cells)}
    return chosen_columns(found, COLUMNS, has_heads=True)


def _stored_head(head: object) -> str:
    return clean_line(str(head))[:LONGEST_HEAD]


def heads_of(sheet: Sheet, match: ColumnMatch) -> dict[str, str]:
    """The head of each column that is taken, by the column's name."""
    heads = sheet.rows[0].cells
    return {column.name: _stored_head(heads[position]) for position, column in match.columns.items()}
