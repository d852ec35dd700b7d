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


def figures(collation: Collation) -> Figures:
    """Every figure of a collation: count, denominator and per cent by question number, line and answer."""
    by_key: Figures = {}
    for question in collation.questions:
        number = question.question.number
        for part in question.parts:
            line = part.label if question.lines else ""
            for row in part.rows:
                percent = row.share.percent if row.share else None
                by_key[number, line, row.label] = (
                    row.count,
                    row.share.of if row.share else None,
                    None if percent is None else float(percent),
                )
        for part in question.lines or (question,):
            percent = part.blank.percent
            by_key[number, part.label if question.lines else "", "Not answered"] = (
                part.not_answered,
                part.asked,
                None if percent is None else float(percent),
            )
    return by_key


def in_workbook(content: bytes) -> Figures:
    """The figures on the sheets of the themes."""
    by_key: Figures = {}
    book = opened(content)
    for sheet in book.sheetnames[1 : book.sheetnames.index("Returns")]:
        for row in rows(book, sheet):
            if row["Answer"] not in {"Not asked", "With a comment", "Answered", None}:
                key = (row["Number"], row["Line"] or "", row["Answer"])
                by_key[key] = (row["Count"], row["Of"], row["Per cent"])
    return by_key


def counted_in_csv(content: bytes) -> dict[tuple[str, str, str], int]:
    """The number of returns with each option, by question, line and option."""
    by_key: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in csv_rows(content):
        if row["option"] and row["option"] != "given":
            by_key[row["question"], row["item"], row["option"]].add(row["request"])
    return {key: len(requests) for key, requests in by_key.items()}


def counted_in_collation(collation: Collation) -> dict[tuple[str, str, str], int]:
    return {
        (question.id, part.id if question.lines else "", row.value): row.count
        for question in collation.questions
        for part in question.parts
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
    collation = collate(audit, filters=filters, rule=rule, now=MONDAY_MORNING)
    files: dict[str, Any] = {
        ending: exported(audit, ending, filters=filters, rule=rule) for ending in ("xlsx", "csv", "json")
    }
    assert in_workbook(files["xlsx"]) == figures(collation)
    document = json_of(files["json"])
    expected = collation_json(collation)
    assert {name: document[name] for name in expected} == expected
    assert len(document["each_return"]) == collation.returns == len(rows(opened(files["xlsx"]), "Returns"))
    assert counted_in_csv(files["csv"]) == counted_in_collation(collation)
    commented = sum(question.commented for question in collation.questions)
    assert len(rows(opened(files["xlsx"]), "Comments")) == commented
    assert sum(row["item"] == "comment" for row in csv_rows(files["csv"])) == commented
