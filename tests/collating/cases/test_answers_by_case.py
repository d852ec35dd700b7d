"""Answers across agencies as SQL reads them: options for an audit, texts for one case only."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from surveyapp.collating.cases.answers_by_case import NIL, NOT_RETURNED, RETURNED, returns_of_case
from surveyapp.collating.cases.case_disagreement import case_disagreements
from surveyapp.defining.question_kinds import GivenAnswer
from tests.collating.example_answers import four_agencies, say
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_cases_come_in_the_audits_order_with_their_disagreements_strongest_first(
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
    # The fourth reads the audit again, as the returns made above were committed.
    with queries(4) as seen:
        first_case, second_case = case_disagreements(audit)
    assert not [each for each in seen if "survey_answer.text" in each]
    assert (first_case.pseudonym, first_case.found, first_case.compared, first_case.strength) == (
        "Child 1",
        (),
        0,
        0,
    )
    assert [(each.question.number, each.strength) for each in second_case.found] == [(7, 75), (8, 50)]
    assert (second_case.compared, second_case.strength) == (3, 42)


def test_a_nil_return_answers_nothing_but_is_in(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make))
    say(make, audit, "Child 1", "see_child_alone", Health="another_agency", Police="dont_know", Schools="")
    assert case_disagreements(audit)[0].found == ()
    youth = make.requests(audit)[3]
    make.returned(youth).nil_reason = "not_known"
    session.commit()
    (found,) = case_disagreements(audit)[0].found
    assert found.answered == 2
    assert [each.state for each in returns_of_case(audit.cases[0])] == [RETURNED] * 3 + [NIL]


def test_withdrawn_requests_and_drafts_are_left_out(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make))
    say(make, audit, "Child 1", "see_child_alone", Health="own_agency", Police="own_agency")
    assert len(case_disagreements(audit)[0].found) == 1
    make.draft(make.requests(audit)[2], (GivenAnswer("see_child_alone", option="no"),))
    make.requests(audit)[1].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert case_disagreements(audit)[0].found == ()
    states = [each.state for each in returns_of_case(audit.cases[0])]
    assert states == [RETURNED, NOT_RETURNED, NOT_RETURNED]


def test_an_answer_that_its_gate_has_closed_is_not_compared(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make), form="pre_school_2021")
    for audit_request, move in zip(make.requests(audit), ("yes", "no", "no", "no"), strict=True):
        make.returned(
            audit_request,
            (GivenAnswer("moved_area", option=move), GivenAnswer("plan_type", option="neither")),
        )
    assert [each.question.id for each in case_disagreements(audit)[0].found] == ["moved_area"]
    definition = audit.form.model_dump(mode="json", by_alias=True)
    for question in definition["questions"]:
        if question["id"] == "step_down":
            question["show_if"] = {"question": "moved_area", "is": "yes"}
    audit.form_definition = type(audit.form).model_validate(definition).to_json()
    for number, kept in enumerate(make.requests(audit)):
        current = returns_of_case(audit.cases[0])[number]
        assert ("step_down" in current.questions_asked(audit.form)) == (number == 0), kept.id
    session.rollback()


def test_a_form_that_names_no_conflict_compares_nothing(make: Maker, session: Session) -> None:
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
