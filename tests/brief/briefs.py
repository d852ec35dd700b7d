"""A brief of ten children with every block filled."""

from dataclasses import replace
from datetime import date

from surveyapp.brief.brief import (
    Brief,
    BriefBar,
    BriefChart,
    BriefText,
    FoundAndNeeded,
    LearningTheme,
    Resource,
)
from surveyapp.brief.sections import assemble_brief
from surveyapp.checks.audit_facts import AuditFacts, Child, Organisation
from surveyapp.foundation.words.shares import Share

TEN = tuple(
    Child(
        age_months=months,
        gender="female" if number % 2 else "male",
        plan="child protection" if number < 7 else "child in need",
        category="neglect",
        needs=("domestic abuse", "autism") if number == 3 else ("domestic abuse",),
    )
    for number, months in enumerate((6, 25, 31, 40, 52, 66, 80, 99, 120, 161))
)
FACTS = AuditFacts(
    theme="Neglect",
    aim="To see whether agencies keep good standards together.",
    partnership="Example Partnership",
    month=date(2024, 10, 1),
    cases=10,
    children=TEN,
    organisations=(
        Organisation("Northside Police", "police", 10),
        Organisation("Hill School", "school", 2),
        Organisation("Dale School", "school", 3),
        Organisation("Northside Social Care", "social_care", 10),
        Organisation("New Paths", "voluntary", 0),
    ),
)
WRITTEN = BriefText(
    audited_on=date(2024, 9, 17),
    cohort="with a child protection plan for neglect",
    discussed=7,
    shows_splits=True,
    worries=("Neglect was not **named**", "Visits were missed"),
    good_practice=("Information was shared early",),
    themes=(LearningTheme("Domestic abuse", ("It runs through every home",)),),
    pairs=(FoundAndNeeded("neglect goes unnamed", ("Records do not say it",), ("Tell families plainly",)),),
    callouts=("A child is no protection for an adult",),
)
LINKS = (Resource("Neglect toolkit", "how to name it", "https://www.tools.example/neglect?a=1&b=2"),)
CHART = BriefChart("Overseen in supervision", (BriefBar("Yes", Share(58, 70)), BriefBar("No", Share(12, 70))))


def brief(facts: AuditFacts = FACTS, written: BriefText = WRITTEN, *, foot: str = "Draft") -> Brief:
    """A brief, with every block filled by default."""
    return assemble_brief(facts, written, resources=LINKS, chart=CHART, foot=foot)


def facts_of(*children: Child) -> AuditFacts:
    """The facts of an audit on these children."""
    return replace(FACTS, children=children)


ODD = '<b>bold</b> {{ 7*7 }} #panic("no") $x$ \\textbf *a* _b_ @ref ]] \x07\x00 “quotes” 😀'
