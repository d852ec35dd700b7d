"""The state and the answers of each agency about a child."""

from sqlalchemy.orm import Session

from surveyapp.collating.cases.answers_by_case import NIL, NOT_RETURNED, RETURNED, returns_of_case
from surveyapp.collating.cases.case_disagreement import case_disagreements
from surveyapp.defining.question_kinds import GivenAnswer
from tests.collating.example_answers import four_agencies, say
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_a_nil_return_has_no_answers_but_counts_as_returned(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make))
    say(make, audit, "Child 1", "see_child_alone", Health="another_agency", Police="dont_know", Schools="")
    assert case_disagreements(audit)[0].disagreements == ()
    youth = make.requests(audit)[3]
    make.returned(youth).nil_reason = "not_known"
    session.commit()
    (disagreement,) = case_disagreements(audit)[0].disagreements
    assert disagreement.answered == 2
    assert [agency.state for agency in returns_of_case(audit.cases[0])] == [RETURNED] * 3 + [NIL]


def test_withdrawn_requests_and_drafts_are_left_out(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make))
    say(make, audit, "Child 1", "see_child_alone", Health="own_agency", Police="own_agency")
    assert len(case_disagreements(audit)[0].disagreements) == 1
    make.draft(make.requests(audit)[2], (GivenAnswer("see_child_alone", option="no"),))
    make.requests(audit)[1].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert case_disagreements(audit)[0].disagreements == ()
    states = [agency.state for agency in returns_of_case(audit.cases[0])]
    assert states == [RETURNED, NOT_RETURNED, NOT_RETURNED]


def test_an_answer_behind_a_closed_gate_is_not_compared(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make), form="pre_school_2021")
    for audit_request, move in zip(make.requests(audit), ("yes", "no", "no", "no"), strict=True):
        make.returned(
            audit_request,
            (GivenAnswer("moved_area", option=move), GivenAnswer("plan_type", option="neither")),
        )
    assert [disagreement.question.id for disagreement in case_disagreements(audit)[0].disagreements] == [
        "moved_area"
    ]
    definition = audit.form.model_dump(mode="json", by_alias=True)
    for question in definition["questions"]:
        if question["id"] == "step_down":
            question["show_if"] = {"question": "moved_area", "is": "yes"}
    audit.form_definition = type(audit.form).model_validate(definition).to_json()
    for number, audit_request in enumerate(make.requests(audit)):
        current = returns_of_case(audit.cases[0])[number]
        assert ("step_down" in current.questions_asked(audit.form)) == (number == 0), audit_request.id
    session.rollback()
