from surveyapp.planning.models import Audit
from surveyapp.report.parts import Bullets, Paragraph
from tests.report.report_readers import current_report, section_at


def test_the_appendices_are_case_example_practitioners_view_and_form(quoted: Audit) -> None:
    case, practitioner, form = section_at(current_report(quoted), "Appendices").sections
    assert case.parts == (Paragraph("Child A is well.", marked=True),)
    assert practitioner.parts == (
        Paragraph("I was there.", marked=True),
        Paragraph("And stayed.", marked=True),
    )
    for question in quoted.form.questions:
        assert any(question.ask in str(part) for part in form.parts), question.id
        for option in question.answers:
            assert any(option.label in part.lines for part in form.parts if isinstance(part, Bullets))
