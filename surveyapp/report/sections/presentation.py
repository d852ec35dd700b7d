"""Section 2.5 of the report: its themes and how to read its figures."""

from collections.abc import Iterable

from surveyapp.report.parts import Bullets, Paragraph, ReportPart
from surveyapp.report.sections.inputs import ReportInputs


def presentation_parts(inputs: ReportInputs) -> Iterable[ReportPart]:
    """List the themes, and explain what the figures count and, to the public, what is hidden."""
    yield Paragraph("Section 3 has the answers under these headings:")
    yield Bullets(tuple(inputs.form.themes.values()))
    # The public version avoids “one child”, which the checks before release would flag.
    one, an = ("a", "an") if inputs.public else ("one", "one")
    yield Paragraph(
        f"Figures count returns, not children: {one} return is what {an} agency answered about {one} child. "
        "Each figure is out of the returns that answered the question. “Not applicable” and “don’t know” are "
        "counted as answers; a question left blank is not, and stands beside. Per cents have one decimal. "
        "Quotations name no one: whether an auditor, a practitioner or a parent said it is all that is kept."
    )
    if inputs.public:
        yield Paragraph(
            "The tables and sentences written from the audit hide numbers of children, and figures of one "
            f"agency or kind of agency, that are under {inputs.threshold} or would give such a number "
            "away. They are joined with others or left out."
        )
