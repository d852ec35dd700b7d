"""The JSON file of figures and returns."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.question_kinds import GivenAnswer
from tests.conftest import MONDAY_MORNING
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import ODD_TEXTS
from tests.exports.opened_files import exported, json_of
from tests.row_maker import Maker

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "export.schema.json").read_text("utf-8"))


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_an_export_matches_its_schema_and_the_figures_of_collate(
    every_kind: EveryKind, make: Maker, session: Session
) -> None:
    audit = every_kind(cases=3)
    requests = make.requests(audit)
    make.returned(
        requests[0], (GivenAnswer("seen", option="yes"), GivenAnswer("file", item="plan", option="yes"))
    )
    make.returned(requests[1], (GivenAnswer("seen", option="na"), GivenAnswer("needs", option="a")))
    make.returned(requests[2]).nil_reason = "not_known"
    requests[3].withdrawn_at = MONDAY_MORNING
    session.commit()
    filters, rule = Filters(kinds=("police", "school")), DenominatorRule(not_applicable=False)
    document = json_of(exported(audit, "json", filters=filters, rule=rule))
    Draft202012Validator(SCHEMA).validate(document)
    figures = collation_json(collate(audit, filters=filters, rule=rule, now=MONDAY_MORNING))
    assert {name: document[name] for name in figures} == figures
    assert len(document["each_return"]) == 3
    assert [
        exported_return["nil"] and exported_return["nil"]["reason"]
        for exported_return in document["each_return"]
    ].count("not_known") == 1
    assert (document["requests"], document["returned"], document["withdrawn"]) == (5, 3, 1)
    assert {question["id"] for question in document["codebook"]} == {
        question.id for question in audit.form.questions
    }


def test_an_export_without_returns_matches_its_schema(every_kind: EveryKind) -> None:
    document = json_of(exported(every_kind(), "json"))
    Draft202012Validator(SCHEMA).validate(document)
    assert document["each_return"] == []


def test_texts_are_exported_unchanged(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=len(ODD_TEXTS))
    texts = [*ODD_TEXTS, "x" * 40_000]
    for text, audit_request in zip(texts, make.requests(audit), strict=False):
        make.returned(audit_request, (GivenAnswer("more", text=text),))
    document = json_of(exported(audit, "json"))
    texts_read = [
        answer["text"] for exported_return in document["each_return"] for answer in exported_return["answers"]
    ]
    assert sorted(texts_read) == sorted(texts)
