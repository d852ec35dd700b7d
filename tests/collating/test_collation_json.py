"""The JSON of `survey collate` keeps the shape that scripts read (docs/exports.md)."""

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.queries import collate
from tests.collating.example_audits import audit_of, chose, ticked
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_shape_is_the_promised_one(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    make.returned(first, (*chose("seen", "yes"), *ticked("file", "plan")))
    make.returned(second, ticked("file", "plan", "notes"))
    document = collation_json(collate(audit, now=MONDAY_MORNING))
    questions = document.pop("questions")
    assert document == {
        "audit": audit.id,
        "case": None,
        "requests": 2,
        "returned": 2,
        "returns": 2,
        "nil": 0,
        "withdrawn": 0,
        "filters": {},
        "not_applicable_counted": True,
        "dont_know_counted": True,
        "not_collated": [],
    }
    assert isinstance(questions, list)
    assert [question["number"] for question in questions] == [1, 2, 3, 4, 5, 6, 7, 8]
    seen = questions[0]
    assert {**seen, "options": seen["options"][0]} == {
        "id": "seen",
        "number": 1,
        "theme": "first",
        "asked": 2,
        "not_asked": 0,
        "answered": 1,
        "not_answered": 1,
        "commented": 0,
        "options": {"value": "yes", "label": "Yes", "count": 1, "of": 1, "percent": 100.0},
    }
    notes = questions[3]["items"][1]
    assert notes == {
        "id": "notes",
        "label": "The notes",
        "asked": 2,
        "answered": 2,
        "not_answered": 0,
        "options": [
            {"value": "yes", "label": "Yes", "count": 1, "of": 2, "percent": 50.0},
            {"value": "no", "label": "No", "count": 1, "of": 2, "percent": 50.0},
        ],
    }


def test_a_percentage_without_answers_is_null_rather_than_0(make: Maker) -> None:
    document = collation_json(collate(audit_of(make), now=MONDAY_MORNING))
    questions = document["questions"]
    assert isinstance(questions, list)
    assert questions[0]["options"][0] == {
        "value": "yes",
        "label": "Yes",
        "count": 0,
        "of": 0,
        "percent": None,
    }
