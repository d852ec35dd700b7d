"""The columns of a list of cases, by the heads that offices give them; names and birth dates are dropped."""

import re
from dataclasses import replace

from surveyapp.foundation.tables.columns import Column, head_key, without_columns
from surveyapp.foundation.tables.opened_table import OpenedTable
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.foundation.words.dates_and_lists import list_in_words

CASE = Column(
    "case",
    "Case",
    ("child", "pseudonym", "case no", "case number", "case id", "child no", "child id"),
    is_needed=True,
    pattern=r"^child\b",
)
AGE = Column("age", "Age", ("age in years", "age years", "age in months", "age months", "age at audit"))
GENDER = Column("gender", "Gender", ("sex",))
CATEGORY = Column("category", "Category", ("category of abuse", "abuse category", "category of plan"))
PLAN = Column("plan", "Plan type", ("plan", "type of plan"))
SIBLING_GROUP = Column("sibling_group", "Sibling group", ("siblings", "sibling", "family group"))
NEEDS = Column("needs", "Needs and experiences", ("needs", "need", "experiences", "needs experiences"))

CASE_COLUMNS = (CASE, AGE, GENDER, CATEGORY, PLAN, SIBLING_GROUP, NEEDS)

# Heads of columns that identify a child or somebody near them.
_IDENTIFYING = re.compile(
    r"\b(?:names?|forenames?|surname|initials|dob|d o b|born|birth|nhs|upn|address|post ?code|e ?mail"
    r"|telephone|phone|mother|father|parents?|carers?|school)\b"
)


def without_identifying_columns(table: OpenedTable) -> OpenedTable:
    """The table without columns of names, birth dates, numbers and addresses, which no page may carry.

    They are known by their heads; a notice says which they were.
    """
    heads = {position: clean_line(str(cell)) for position, cell in enumerate(table.sheet.rows[0].cells)}
    dropped = {
        position: head
        for position, head in heads.items()
        if _IDENTIFYING.search(head_key(head)) and not any(column.has_head(head) for column in CASE_COLUMNS)
    }
    if not dropped:
        return table
    words = list_in_words([f"“{head}”" for head in dropped.values()])
    notice = f"Dropped on reading, and kept nowhere: {words}. Cases go by pseudonym"
    sheet = without_columns(table.sheet, set(dropped))
    return replace(table, sheet=sheet, notices=(*table.notices, notice))
