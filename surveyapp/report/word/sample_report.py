"""A sample report with every kind of part, to fill an uploaded template with before it is saved."""

from surveyapp.report.parts import Asked, Bullets, Chart, Note, Paragraph, Quoted, Report, Section, Table

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>'
_TABLES = tuple(
    Table(f"A table of {columns} columns", tuple("abcdef"[:columns]), (tuple("uvwxyz"[:columns]),) * 2)
    for columns in (2, 3, 4, 6)
)

SAMPLE_REPORT = Report(
    title="A sample report",
    kicker="Multi-agency case audit report",
    author="An author",
    partnership="A partnership",
    day="9 March 2026",
    figures_as_of="Figures as they stood on Monday 9 March 2026 at 9:00am.",
    returns=1,
    sections=(
        Section(
            "A section",
            sections=(
                Section(
                    "A theme",
                    parts=(
                        Paragraph("A paragraph.", lead="A lead"),
                        Bullets(("one line", "another")),
                        Asked("A question?"),
                        Note("A note."),
                        Chart("A chart", _SVG, "What it shows."),
                        *_TABLES,
                        Quoted("Words.", "Auditor"),
                    ),
                    sections=(Section("A question", parts=(Paragraph("More."),)),),
                ),
            ),
        ),
        Section(
            "Appendices", sections=(Section("An appendix", parts=(Paragraph("Text."),), numbered=False),)
        ),
    ),
)
