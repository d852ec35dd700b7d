"""A sample report with every kind of part, to fill an uploaded template with before it is saved."""

from surveyapp.report.parts import Asked, Bullets, Chart, Note, Paragraph, Quoted, Report, Section, Table

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10"/></svg>'
# The numbers of columns that tables of a report have.
_COLUMNS = (2, 3, 4, 6)
_TABLES = tuple(
    Table(
        f"A table of {columns} columns",
        tuple("abcdef"[:columns]),
        ((f"row of {columns}", *"vwxyz"[: columns - 1]),) * 2,
    )
    for columns in _COLUMNS
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
            "Appendices",
            sections=(Section("An appendix", parts=(Paragraph("Plain text."),), numbered=False),),
        ),
    ),
)

# Words of the sample by which to see what a filled template holds, for each thing that it may leave out.
SAMPLE_TITLE = SAMPLE_REPORT.title
SAMPLE_PARTS = {
    "headings": ("A section", "A theme", "An appendix"),
    "paragraphs": ("A paragraph.", "Plain text."),
    "lists": ("one line",),
    "questions": ("A question?",),
    "notes": ("A note.",),
    "charts": ("What it shows.",),
    **{f"tables of {columns} columns": (f"row of {columns}",) for columns in _COLUMNS},
    "quotes": ("Words.",),
}
