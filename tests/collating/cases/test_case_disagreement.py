"""The disagreements of each case, read from options without any text."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from surveyapp.collating.cases.case_disagreement import case_disagreements
from surveyapp.defining.question_kinds import GivenAnswer
from tests.collating.example_answers import four_agencies
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_cases_keep_the_order_of_the_audit_and_list_the_strongest_disagreement_first(
    make: Maker, queries: Queries
) -> None:
    audit = make.audit(cases=2, agencies=four_agencies(make))
    for audit_request in make.requests(audit):
        if audit_request.case.pseudonym == "Child 2":
            first = audit_request.agency.name == "Health"
            make.returned(
                audit_request,
                (
                    GivenAnswer("see_child_alone", option="another_agency" if first else "dont_know"),
                    GivenAnswer("explain_plan", option="own_agency" if first else "no"),
                    GivenAnswer("similar_concerns", option="same_issues"),
                ),
            )
    # Three statements, and one that reads the audit again after the commits above.
    with queries(4) as statements:
        first_case, second_case = case_disagreements(audit)
    assert not [statement for statement in statements if "survey_answer.text" in statement]
    assert (first_case.pseudonym, first_case.disagreements, first_case.compared, first_case.strength) == (
        "Child 1",
        (),
        0,
        0,
    )
    assert [
        (disagreement.question.number, disagreement.strength) for disagreement in second_case.disagreements
    ] == [
        (7, 75),
        (8, 50),
    ]
    assert (second_case.compared, second_case.strength) == (3, 42)


def test_a_form_without_conflicts_and_roles_compares_nothing(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    definition = audit.form.model_dump(mode="json", by_alias=True)
    for question in definition["questions"]:
        question["conflicts"], question["role"] = [], None
    audit.form_definition = type(audit.form).model_validate(definition).to_json()
    session.commit()
    assert case_disagreements(audit) == []


@pytest.mark.parametrize("cases", [3, 60])
def test_the_number_of_statements_does_not_grow_with_cases(make: Maker, queries: Queries, cases: int) -> None:
    audit = make.audit(cases=cases, agencies=2)
    assert audit.id
    with queries(3):
        case_disagreements(audit)
