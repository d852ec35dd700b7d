"""The checks of a report read everything that people typed, but not the words of the form."""

from dataclasses import replace

import pytest

from surveyapp.checks.audit_facts import AuditFacts, audit_facts
from surveyapp.checks.flags import Flag
from surveyapp.planning.models import Audit
from surveyapp.report.checks import report_flags
from surveyapp.report.parts import (
    FORM_SECTION,
    Asked,
    Bullets,
    Chart,
    Note,
    Paragraph,
    Quoted,
    Report,
    ReportPart,
    Section,
    Table,
)
from surveyapp.report.report import report_of
from tests.brief.briefs import FACTS
from tests.conftest import MONDAY_MORNING

HEAD = ("Action", "Answers", "Who", "By when", "How it will be known", "Progress")
VISIT = (
    "Visit Kayleigh Thompson, born 3 May 2019, NHS number 943 476 5919, at M1 1AE: one child was found alone"
)


def report(*parts: ReportPart, title: str = "A report", author: str = "") -> Report:
    return Report(title, "Kicker", author, "Ours", "Today", "", 3, (Section("Findings", parts=parts),))


def flags(
    *parts: ReportPart, facts: AuditFacts = FACTS, title: str = "A report", author: str = ""
) -> list[Flag]:
    return list(report_flags(report(*parts, title=title, author=author), facts))


def wordings(*parts: ReportPart, title: str = "A report", author: str = "") -> list[str]:
    return [flag.wording for flag in flags(*parts, title=title, author=author)]


def plan(what: str = "Meet", *, who: str = "Head of quality", measure: str = "Minutes say so") -> Table:
    row = (what, "Finding 1", who, "1 May 2027", measure, "Open")
    return Table("The action plan", HEAD, (row,), typed=(0, 4), owners=(2,))


@pytest.mark.parametrize("table", [plan(VISIT), plan(measure=VISIT)])
def test_an_action_and_its_measure_are_checked_like_prose(table: Table) -> None:
    wordings_found = wordings(table)
    assert wordings_found == ["one child", "Kayleigh Thompson", "3 May 2019", "943 476 5919", "M1 1AE"]


def test_the_targets_of_an_action_plan_are_not_checked_as_figures() -> None:
    assert wordings(plan("Northside Police audits 2 files a month", measure="90% of visits in time")) == []
    assert wordings(plan("New Paths joins", measure="88% (60 of 75)")) == ["88%"]
    assert wordings(plan("Meet the nine children"))[0] == "the nine children"


@pytest.mark.parametrize(
    "who",
    [
        "Designated nurse, Northside Health",
        "Dr Ann Lee, named doctor for child protection, Northside Health",
        "Joan Ellery, business manager",
        "Sarah Jones and Paul Reid, Northside Police",
    ],
)
def test_the_name_and_role_of_an_owner_are_not_flagged(who: str) -> None:
    # Eight needless flags would make approvers overlook the ninth.
    assert wordings(plan(who=who)) == []
    assert wordings(author=who) == []


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("Mrs Sharon Thompson, mother of Kayleigh Thompson", ["Mrs Sharon Thompson", "Kayleigh Thompson"]),
        ("Sharon Thompson (mother)", ["Sharon Thompson"]),
        ("Foster carer, Joan Ellery", ["Joan Ellery"]),
        ("Joan Ellery, 07700 900123, j.ellery@agency.example", ["07700 900123", "j.ellery@agency.example"]),
        ("Child 7’s social worker", ["Child 7"]),
    ],
)
def test_the_family_and_contact_details_of_an_owner_are_flagged(who: str, expected: list[str]) -> None:
    facts = replace(FACTS, pseudonyms=("Child 7",))
    assert [flag.wording for flag in flags(plan(who=who), facts=facts)] == expected


def test_themes_and_all_labels_of_figures_are_checked() -> None:
    themes = Table(
        "Themes", ("Theme", "Returns"), (("Kayleigh Thompson, one child", "2 of 3 returns"),), (0,)
    )
    assert wordings(themes) == ["one child", "Kayleigh Thompson"]
    counted = Table(
        "Sharon Thompson’s table", ("Category", "Cases"), (("Kayleigh Thompson", "2 of 10 cases"),)
    )
    assert wordings(counted) == ["Sharon Thompson", "Kayleigh Thompson"]
    assert wordings(Quoted("Words.", "Sharon Thompson")) == ["Sharon Thompson"]
    assert wordings(Paragraph("Words.", lead="Sharon Thompson")) == ["Sharon Thompson"]
    assert wordings(title="Learning from Kayleigh Thompson") == ["Kayleigh Thompson"]


def test_the_words_of_the_form_and_of_charts_are_not_checked() -> None:
    form = Section(
        "Appendices", sections=(Section("Appendix 3", parts=(Note("One child?"),), about=FORM_SECTION),)
    )
    asked = (Asked("Was one child seen?"), Bullets(("Two children",)), Chart("One child", "", ""))
    form_report = replace(report(*asked), sections=(Section("Questions", parts=asked), form))
    assert report_flags(form_report, FACTS) == ()
    assert wordings(Note("Nothing."), Bullets(("Two children",))) == ["Two children"]


def test_a_quote_that_is_no_longer_in_its_return_is_flagged() -> None:
    words = "Nobody wrote it down, and the plan was read to nobody at home before the review was held"
    [flag] = flags(Quoted(words, "Auditor", is_gone=True))
    assert flag.wording == "Nobody wrote it down, and the plan was read to nobody at home before the review…"
    assert flag.says == "These words are no longer in the return they came from."
    assert flags(Quoted(words, "Auditor")) == []


def test_the_demonstration_has_only_a_few_flags(demonstrated: Audit) -> None:
    flagged = [
        (flag.block[:3], flag.wording)
        for flag in report_flags(
            report_of(demonstrated.id, now=MONDAY_MORNING, public=True), audit_facts(demonstrated)
        )
    ]
    assert flagged == [
        ("2.1", "202 children"),
        ("2.1", "34 of them"),
        ("2.1", "One child"),
        ("App", "Two of them"),
    ]
