"""The sections of a report and their outline."""

from surveyapp.planning.models import Audit
from surveyapp.report.parts import Chart, Section
from surveyapp.report.queries import author_texts
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.outline import outline
from surveyapp.report.sections.sections import section_named
from tests.conftest import MONDAY_MORNING
from tests.report.report_readers import current_report, words_of
from tests.row_maker import Maker


def test_the_report_has_the_sections_of_the_2014_report_in_order(audit: Audit) -> None:
    assert [section.title for section in current_report(audit).sections] == [
        "Introduction",
        "Audit methodology",
        "Analysis of thematic findings",
        "Conclusions and recommendations",
        "Findings",
        "References",
        "Appendices",
    ]


def test_each_section_says_when_an_audit_has_no_returns(make: Maker) -> None:
    for audit in (make.audit(cases=2, agencies=1), make.audit(cases=0, agencies=0, issued=False)):
        report = current_report(audit)
        assert report.returns == 0
        texts = {
            title: words_of(section.parts)
            for part in report.sections
            for title, section in [
                (part.title, part),
                *((section.title, section) for section in part.sections),
            ]
        }
        assert "There are no returns yet." in texts["Response to the audit"]
        for question in (section for theme in report.sections[2].sections for section in theme.sections):
            assert "There are no returns yet, so there are no figures here." in words_of(question.parts)
        for title in ("Conclusions", "Findings"):
            assert "There are no returns yet." in texts[title], title
        assert not any(isinstance(part, Chart) for part in report.parts())


def test_the_outline_lists_every_section_that_has_a_key(quoted: Audit) -> None:
    keys = [entry.key for entry in outline(quoted.form) if entry.key]
    keys_in_report: list[str] = []

    def gather(sections: tuple[Section, ...]) -> None:
        for section in sections:
            keys_in_report.extend([section.key] if section.key else [])
            gather(section.sections)

    report = current_report(quoted)
    gather(report.sections)
    assert keys == keys_in_report
    inputs = ReportInputs(quoted, now=MONDAY_MORNING)
    assert {section_named(inputs, key).title for key in keys} >= {"Terms of reference", "Conclusions"}


def test_the_author_texts_of_the_demonstration_belong_to_existing_sections(demonstrated: Audit) -> None:
    keys = {entry.key for entry in outline(demonstrated.form)}
    texts = author_texts(demonstrated)
    assert len(texts) == 4
    assert set(texts) <= keys
