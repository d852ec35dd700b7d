"""The chart of a brief has the answers to one question, out of the returns that answered."""

from surveyapp.brief.charts import chart_of, chartable_questions
from surveyapp.collating.queries import collate
from surveyapp.defining.question_kinds import GivenAnswer
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_a_chart_has_the_answers_to_one_question_out_of_those_that_answered(make: Maker) -> None:
    audit = make.audit(cases=5, agencies=1)
    for number, audit_request in enumerate(make.requests(audit)):
        option = ("yes", "yes", "no", "not_applicable")[number] if number < 4 else "yes"
        ticked = "yes" if number < 3 else "no"
        basic = GivenAnswer("file_contents", item="basic_information", option=ticked)
        make.returned(audit_request, (GivenAnswer("supervision", option=option), basic))
    collation = collate(audit, now=MONDAY_MORNING)
    chart = chart_of(collation, "supervision")
    assert chart is not None
    assert [bar.quoted for bar in chart.bars] == ["3 of 5 (60%)", "1 of 5 (20%)", "1 of 5 (20%)"]
    ticks = chart_of(collation, "file_contents")
    assert ticks is not None
    assert ticks.bars[0].quoted == "3 of 5 (60%)"
    assert len(ticks.bars) == 1, "A line that nobody answered has no bar."
    assert chart_of(collation, "see_child_alone") is None
    assert chart_of(collation, "of another form") is None
    assert {"supervision", "file_contents"} <= {question.id for question in chartable_questions(audit)}
