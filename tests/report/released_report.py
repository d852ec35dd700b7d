"""A report with one of everything, as an earlier version of the program released it."""

from surveyapp.report.parts import (
    Asked,
    Bullets,
    Chart,
    FiguresAsOf,
    Heading,
    Note,
    Paragraph,
    Quoted,
    Report,
    Section,
    Table,
)

RELEASED_REPORT = Report(
    title="Neglect: ‘the child’s day’",
    kicker="Multi-agency case audit report",
    author="Ann Lee",
    partnership="Northshire Safeguarding Partnership",
    day="30 November 2026",
    figures_as_of="Figures as they stood on Monday 30 November 2026 at 9:00am.",
    returns=16,
    sections=(
        Section(
            "Returns",
            key="returns",
            parts=(
                FiguresAsOf(
                    "Figures as they stood on Monday 30 November 2026 at 9:00am, with returns still open.",
                    "with returns still open",
                ),
            ),
        ),
        Section(
            "Analysis",
            key="analysis",
            parts=(Paragraph("Eight children.", lead="Sample"),),
            own="**Two** teams wrote:\n\n- one\n- another",
            sections=(
                Section(
                    "Records",
                    parts=(
                        Heading(2, "Its own heading", "1.1"),
                        Asked("Question 1: Was the child seen?"),
                        Bullets(("Yes: 3 of 8", 'No: "5" of 8'), marked=True),
                        Note("It's rounded."),
                        Chart("Seen", "<svg><text>3</text></svg>", "3 of 8 were seen."),
                        Table("By agency", ("Agency", "Seen"), (("Police", "3"), ("Health", "5"))),
                        Table("Plan", ("What", "Who"), (("Visit", "J. Moss"),), typed=(0, 1), owners=(1,)),
                        Quoted("She was\nnot seen.", "Auditor, Police", is_gone=True),
                        Paragraph("Numbered.", number="1.1.1", marked=True),
                    ),
                    sections=(Section("Question 1", numbered=False),),
                ),
            ),
        ),
        Section("Appendices", sections=(Section("Appendix 1", numbered=False), Section("Appendix 2"))),
    ),
)
