"""Section 3 of the report."""

from surveyapp.planning.models import Audit
from surveyapp.report.parts import Chart, Paragraph, Quoted, Table
from tests.report.report_readers import current_report, section_at


def test_themes_and_questions_are_in_the_order_of_the_form(audit: Audit) -> None:
    analysis = section_at(current_report(audit), "Analysis of thematic findings")
    assert [section.title for section in analysis.sections][:-1] == list(audit.form.themes.values())
    first = analysis.sections[0].sections
    assert [section.key for section in first] == [
        f"question-{question.id}" for question in audit.form.questions if question.theme == "records"
    ]


def test_a_question_has_its_wording_a_chart_a_table_and_sentences(audit: Audit) -> None:
    theme = section_at(current_report(audit), "Analysis of thematic findings", "File/record management")
    asked, chart, table, paragraph = theme.sections[1].parts
    assert "overseen or discussed in supervision with a manager" in asked.text  # type: ignore[union-attr]
    assert isinstance(chart, Chart)
    assert "Yes: 1 of 3 (33.3%)." in chart.description
    assert isinstance(table, Table)
    assert table.rows[0] == ("Yes", "1 of 3", "33.3%")
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text.startswith("In 1 of 3 returns (33.3%) the answer was “Yes”")
    assert paragraph.text.endswith("1 of 3 returns (33.3%) comment on it.")


def test_quotes_follow_their_question_with_their_source_but_no_agency_name(quoted: Audit) -> None:
    report = current_report(quoted)
    theme = section_at(report, "Analysis of thematic findings", "File/record management")
    quotes = [part for part in theme.sections[1].parts if isinstance(part, Quoted)]
    assert quotes == [
        # The comment does not say “Original”, so the release asks about it.
        Quoted("Clear [and] kept.", "Auditor, Police", is_gone=True),
        Quoted("We never knew.", "Practitioner"),
    ]
    parents = section_at(report, "Analysis of thematic findings", "Parents’ perspective")
    assert parents.parts == (Quoted("They listened.", "Parent"),)
    assert "Original" not in str(report)


def test_practice_themes_are_counted_in_returns(quoted: Audit) -> None:
    section = section_at(
        current_report(quoted), "Analysis of thematic findings", "What the comments speak of"
    )
    table = next(part for part in section.parts if isinstance(part, Table))
    assert table.rows == (("Voice of the child", "1 of 3 returns", "1", "0"),)
