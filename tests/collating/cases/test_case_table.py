"""The table of one case, and the words of cells without an answer."""

from sqlalchemy.orm import Session

from surveyapp.collating.cases.answers_by_case import returns_of_case
from surveyapp.collating.cases.case_disagreement import disagreement_of_case
from surveyapp.collating.cases.case_table import CaseAnswer, CaseQuestion, side_by_side
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.collating.example_answers import four_agencies
from tests.row_maker import Maker


def lines_of(audit: Audit) -> dict[str, CaseQuestion]:
    returns = returns_of_case(audit.cases[0])
    apart = disagreement_of_case(audit.form, audit.cases[0].id, "Child 1", returns)
    return {line.question.id: line for _, lines in side_by_side(audit.form, returns, apart) for line in lines}


def words(line: CaseQuestion) -> list[str]:
    return [", ".join(cell.lines) for cell in line.cells]


def test_not_returned_nil_not_asked_and_blank_are_four_things(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=four_agencies(make), form="neglect_2024")
    health, police, school, _ = make.requests(audit)
    make.returned(
        health, (GivenAnswer("immunised", option="yes"), GivenAnswer("domestic_abuse", option="yes"))
    )
    make.returned(police, (GivenAnswer("domestic_abuse", option="no"),))
    make.returned(school).nil_reason = "not_known"
    session.commit()
    lines = lines_of(audit)
    assert words(lines["immunised"]) == ["Yes", "not asked", "not asked", "not asked"]
    assert words(lines["domestic_abuse"]) == ["Yes", "No", "nil return", "not returned"]
    assert words(lines["domestic_abuse_effect"]) == ["blank", "not asked", "nil return", "not returned"]
    assert words(lines["fathers"]) == ["blank", "blank", "nil return", "not returned"]
    assert lines["fathers"].cells[0] == CaseAnswer(("blank",), is_answer=False)
    assert lines["domestic_abuse"].cells[0].is_answer


def test_a_question_that_no_agency_of_the_case_is_asked_has_no_row(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police", kind="police")], form="neglect_2024")
    assert "immunised" not in lines_of(audit)


def test_every_kind_of_answer_has_short_words(make: Maker) -> None:
    audit = make.audit(
        cases=1, agencies=[make.agency("Care", kind="social_care")], form="emotional_abuse_2022"
    )
    long = "It changed a good deal.\nThe school said so twice."
    make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("child_heard", option="yes"),
            GivenAnswer("how_heard", option="alone"),
            GivenAnswer("how_heard", option="advocate"),
            GivenAnswer("father_included", item="views", option="yes"),
            GivenAnswer("father_included", item="assessment", option="no"),
            GivenAnswer("documents_on_file", item="plan", option="no"),
            GivenAnswer("strategy_meeting_on", text="2026-03-09"),
            GivenAnswer("tools_used", text=long),
            GivenAnswer("re_referrals", text="3"),
            GivenAnswer("difference_made", option="7"),
            GivenAnswer("difference_made", item="comment", text="He laughs again."),
        ),
    )
    lines = lines_of(audit)
    assert words(lines["how_heard"]) == ["The child was spoken with alone, Through an advocate"]
    assert words(lines["father_included"]) == ["His views are recorded"]
    assert words(lines["documents_on_file"]) == ["None of these"]
    assert words(lines["strategy_meeting_on"]) == ["Monday 9 March 2026"]
    assert words(lines["tools_used"]) == ["written, below"]
    assert lines["tools_used"].texts == (("Care", "", long),)
    assert words(lines["re_referrals"]) == ["3"]
    assert words(lines["difference_made"]) == ["7"]
    assert lines["difference_made"].texts == (("Care", "7", "He laughs again."),)


def test_contact_details_are_not_shown_among_answers(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, form="pre_school_2021")
    person = (("name", "Ann Lee"), ("email", "ann@agency.example"))
    make.returned(
        make.requests(audit)[0],
        tuple(GivenAnswer("practitioner", item=part, text=text) for part, text in person),
    )
    line = lines_of(audit)["practitioner"]
    assert words(line) == ["named"]
    assert line.texts == ()
