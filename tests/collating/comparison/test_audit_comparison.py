"""Comparing the figures of two audits, question by question."""

import json

from surveyapp.collating.comparison.audit_comparison import compared_by_theme
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm
from tests.collating.example_audits import FORM, audit_of, chose
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_a_question_asked_in_another_way_is_not_compared(make: Maker) -> None:
    form = json.loads(FORM.to_json())
    for question in form["questions"]:
        if question["id"] == "grade":
            question["kind"] = "choice"
        if question["id"] == "seen":
            question["ask"] = "Did anybody see the child?"
    first, second = audit_of(make), audit_of(make)
    second.form_definition = AuditForm.model_validate(form).to_json()
    for audit in (first, second):
        for audit_request in make.requests(audit):
            make.returned(audit_request, (*chose("seen", "yes"), *chose("grade", "yes")))
    here, there = (collate(audit, now=MONDAY_MORNING) for audit in (first, second))
    by_label = {
        question.label: question
        for _heading, questions in compared_by_theme(here, there)
        for question in questions
    }
    grade, seen = (by_label[here.question(name).label] for name in ("grade", "seen"))
    assert (grade.note, grade.rows) == ("The other audit asks this in another way: not compared.", ())
    assert seen.note == "The other audit asks: Did anybody see the child?"
    assert [row.first for row in seen.rows] == [row.second for row in seen.rows]
