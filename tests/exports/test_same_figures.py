"""Collation, JSON, workbook and CSV give the same numbers, whatever was answered (promises P14)."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.figures import Collation, DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.question_kinds import GivenAnswer
from tests.conftest import MONDAY_MORNING
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import RETURNS
from tests.exports.opened_files import csv_rows, exported, json_of, opened, rows
from tests.row_maker import Maker

Figures = dict[tuple[int, str, str], tuple[int, int | None, float | None]]


def figures(found: Collation) -> Figures:
    """Every figure of a collation: by question number, line and answer, its count, of and per cent."""
    told: Figures = {}
    for each in found.questions:
        number = each.question.number
        for part in each.parts:
            line = part.label if each.lines else ""
            for row in part.rows:
                percent = row.share.percent if row.share else None
                told[number, line, row.label] = (
                    row.count,
                    row.share.of if row.share else None,
                    None if percent is None else float(percent),
                )
        for part in each.lines or (each,):
            percent = part.blank.percent
            told[number, part.label if each.lines else "", "Not answered"] = (
                part.not_answered,
                part.asked,
                None if percent is None else float(percent),
            )
    return told


def in_workbook(content: bytes) -> Figures:
    """The figures on the sheets of the themes."""
    told: Figures = {}
    book = opened(content)
    for sheet in book.sheetnames[1 : book.sheetnames.index("Returns")]:
        for row in rows(book, sheet):
            if row["Answer"] not in {"Not asked", "With a comment", "Answered", None}:
                key = (row["Number"], row["Line"] or "", row["Answer"])
                told[key] = (row["Count"], row["Of"], row["Per cent"])
    return told


def counted_in_csv(content: bytes) -> dict[tuple[str, str, str], int]:
    """In how many returns each option of each question or line stands."""
    told: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in csv_rows(content):
        if row["option"] and row["option"] != "given":
            told[row["question"], row["item"], row["option"]].add(row["request"])
    return {key: len(requests) for key, requests in told.items()}


def counted_in_collation(found: Collation) -> dict[tuple[str, str, str], int]:
    return {
        (each.id, part.id if each.lines else "", row.value): row.count
        for each in found.questions
        for part in each.parts
        for row in part.rows
        if row.count
    }


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    returns=st.lists(RETURNS, max_size=4),
    rule=st.builds(DenominatorRule, not_applicable=st.booleans(), dont_know=st.booleans()),
    filters=st.sampled_from([Filters(), Filters(kinds=("police",)), Filters(ages=("over_10",))]),
)
def test_page_json_workbook_and_csv_give_the_same_numbers(
    every_kind: EveryKind,
    make: Maker,
    returns: list[tuple[GivenAnswer, ...]],
    rule: DenominatorRule,
    filters: Filters,
) -> None:
    audit = every_kind(cases=2)
    for audit_request, answers in zip(make.requests(audit), returns, strict=False):
        make.returned(audit_request, answers or (GivenAnswer("line", text="x"),))
    found = collate(audit, filters=filters, rule=rule, now=MONDAY_MORNING)
    files: dict[str, Any] = {
        ending: exported(audit, ending, filters=filters, rule=rule) for ending in ("xlsx", "csv", "json")
    }
    assert in_workbook(files["xlsx"]) == figures(found)
    told = json_of(files["json"])
    figures_told = collation_json(found)
    assert {name: told[name] for name in figures_told} == figures_told
    assert len(told["each_return"]) == found.returns == len(rows(opened(files["xlsx"]), "Returns"))
    assert counted_in_csv(files["csv"]) == counted_in_collation(found)
    commented = sum(each.commented for each in found.questions)
    assert len(rows(opened(files["xlsx"]), "Comments")) == commented
    assert sum(row["item"] == "comment" for row in csv_rows(files["csv"])) == commented
