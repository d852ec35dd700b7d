"""The report as a whole: fresh figures, unchanged texts, few queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from surveyapp.report.models import ReportText
from surveyapp.report.parts import Paragraph, Report
from surveyapp.report.report import report_of
from tests.conftest import MONDAY_MORNING
from tests.report.report_readers import current_report, section_at
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


def test_new_returns_change_the_figures_but_not_the_authors_text(
    audit: Audit, make: Maker, session: Session
) -> None:
    own = "My own words on 1 of 3.\n\n{{ title }} <b>& #panic</b>"
    session.add(
        ReportText(audit_id=audit.id, section="question-supervision", text=own, updated_at=MONDAY_MORNING)
    )
    session.commit()

    def paragraphs() -> list[str]:
        theme = section_at(current_report(audit), "Analysis of thematic findings", "File/record management")
        report = Report("", "", "", "", "", "", 0, (theme.sections[1],))
        return [part.text for part in report.parts() if isinstance(part, Paragraph)]

    before = paragraphs()
    make.returned(make.requests(audit)[3], (GivenAnswer("supervision", option="yes"),))
    after = paragraphs()
    assert before[0] != after[0]
    assert "In 2 of 4 returns (50%)" in after[0]
    assert before[1:] == after[1:] == ["My own words on 1 of 3.", "{{ title }} <b>& #panic</b>"]


def test_a_report_needs_no_more_queries_for_more_returns(
    make: Maker, quoted: Audit, queries: AtMost, session: Session
) -> None:
    assert session.query(Answer).count()
    session.rollback()
    with queries(32) as small:
        current_report(quoted)
    large = make.audit(cases=12, agencies=5, returned=50)
    session.rollback()
    with queries(32) as sent:
        report_of(large.id, now=MONDAY_MORNING)
    assert len(sent) <= len(small)
