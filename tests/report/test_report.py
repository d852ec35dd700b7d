from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.concluding.models import Action, Conclusion, Finding, FindingQuestion, Recommendation
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.gathering.models import (
    Attendance,
    FamilyContact,
    Narrative,
    PracticeTheme,
    Quote,
    ReadComment,
    Workshop,
)
from surveyapp.planning.models import Audit
from surveyapp.report.models import ReportText
from surveyapp.report.operations import ReportDetails, save_report_details
from surveyapp.report.parts import Bullets, Chart, Note, Paragraph, Quoted, Report, ReportPart, Section, Table
from surveyapp.report.queries import author_texts
from surveyapp.report.report import report_of
from surveyapp.report.sections import outline, section_named
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


def made(audit: Audit) -> Report:
    return report_of(audit.id, now=MONDAY_MORNING)


def named(report: Report, *titles: str) -> Section:
    """One section by the titles that lead to it."""
    sections, found = report.sections, None
    for title in titles:
        found = next(each for each in sections if each.title == title)
        sections = found.sections
    assert found is not None
    return found


def words(parts: tuple[ReportPart, ...]) -> str:
    """What paragraphs, notes and lists say."""
    said: list[str] = []
    for each in parts:
        said += [each.text] if isinstance(each, Paragraph | Note | Quoted) else []
        said += each.lines if isinstance(each, Bullets) else []
    return "\n".join(said)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two cases, police and health, three of four returns in, one with a comment."""
    found = make.audit(
        cases=2, agencies=[make.agency("Northside Police"), make.agency("Care", kind="health")]
    )
    first, second, third, _ = make.requests(found)
    make.returned(
        first,
        (GivenAnswer("supervision", option="yes"), GivenAnswer("supervision", "comment", text="Monthly.")),
    )
    make.returned(second, (GivenAnswer("supervision", option="no"),))
    make.returned(third, (GivenAnswer("supervision", option="not_applicable"),))
    return found


def test_the_report_has_the_sections_of_2014_in_their_order(audit: Audit) -> None:
    assert [each.title for each in made(audit).sections] == [
        "Introduction",
        "Audit methodology",
        "Analysis of thematic findings",
        "Conclusions and recommendations",
        "Findings",
        "References",
        "Appendices",
    ]


def test_themes_stand_in_the_forms_order_with_their_questions(audit: Audit) -> None:
    analysis = named(made(audit), "Analysis of thematic findings")
    assert [each.title for each in analysis.sections][:-1] == list(audit.form.themes.values())
    first = analysis.sections[0].sections
    assert [each.key for each in first] == [
        f"question-{each.id}" for each in audit.form.questions if each.theme == "records"
    ]


def test_a_question_has_its_wording_chart_table_and_sentence(audit: Audit) -> None:
    theme = named(made(audit), "Analysis of thematic findings", "File/record management")
    asked, chart, table, paragraph = theme.sections[1].parts
    assert "overseen or discussed in supervision with a manager" in asked.text  # type: ignore[union-attr]
    assert isinstance(chart, Chart)
    assert "Yes: 1 of 3 (33.3%)." in chart.description
    assert isinstance(table, Table)
    assert table.rows[0] == ("Yes", "1 of 3", "33.3%")
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text.startswith("In 1 of 3 returns (33.3%) the answer was “Yes”")
    assert paragraph.text.endswith("1 of 3 returns (33.3%) comment on it.")


def test_the_methodology_is_written_from_what_is_stored(audit: Audit, session: Session) -> None:
    for case, (gender, category) in zip(
        audit.cases, (("female", "neglect"), ("male", "neglect")), strict=True
    ):
        case.gender, case.category, case.sibling_group = gender, category, case.pseudonym
    session.commit()
    found = named(made(audit), "Audit methodology")
    sample = found.sections[0]
    assert "The sample is 2 cases. The children were aged from 1 year to 2 years." in words(sample.parts)
    assert "They include 2 sibling groups, with one child from each." in words(sample.parts)
    assert "4 requests, 2 a case on average, to 2 agencies of 2 kinds: Care and Northside Police" in words(
        sample.parts
    )
    table = next(each for each in sample.parts if isinstance(each, Table))
    assert ("Category: Neglect", "2 of 2", "100%") in table.rows
    assert ("Age: Under 5 years", "2 of 2", "100%") in table.rows
    response = found.sections[1]
    assert "3 of 4 returned (75%). 1 request is outstanding." in words(response.parts)
    table = next(each for each in response.parts if isinstance(each, Table))
    assert table.rows == (("Health", "1 of 2", "50%"), ("Police", "2 of 2", "100%"), ("All", "3 of 4", "75%"))


def test_population_and_rules_are_the_authors_and_stand_with_the_sample(audit: Audit) -> None:
    details = ReportDetails(
        "Ann Lee", date(2026, 2, 3), "202 plans.", "Three years or less\nOne per family", ""
    )
    with transaction():
        save_report_details(audit, details, actor="a", now=MONDAY_MORNING)
    found = made(audit)
    assert (found.author, found.day) == ("Ann Lee", "3 February 2026")
    said = words(named(found, "Audit methodology").sections[0].parts)
    assert "202 plans." in said
    assert "Three years or less\nOne per family" in said


def test_workshops_and_families_are_counted_and_nobody_is_named(audit: Audit, session: Session) -> None:
    agency = next(iter(audit.cases)).involvements[0].agency
    workshop = Workshop(audit_id=audit.id, held_on=date(2026, 2, 3), title="Learning event", notes="Secret")
    workshop.attendances = [Attendance(agency=agency, people=12)]
    talks = [
        FamilyContact(case=case, state=state, held_on=date(2026, 2, 4) if state == "done" else None)
        for case, state in zip(audit.cases, ("done", "declined"), strict=True)
    ]
    session.add_all([workshop, *talks])
    session.commit()
    found = named(made(audit), "Audit methodology")
    assert "Learning event: a workshop held on Tuesday 3 February 2026. 12 people of 1 agency came." in words(
        found.sections[2].parts
    )
    assert "2 families were offered a talk" in words(found.sections[3].parts)
    assert "1 talked with us. 1 declined." in words(found.sections[3].parts)
    assert "Secret" not in str(found)


@pytest.fixture
def quoted(audit: Audit, make: Maker, session: Session) -> Audit:
    """The same with a comment read, quotes from an auditor and a parent, findings and what follows."""
    theme = PracticeTheme(audit_id=audit.id, position=1, name="Voice of the child")
    request = make.requests(audit)[0]
    comment = ReadComment(
        request_id=request.id,
        question="supervision",
        item="comment",
        digest="d",
        judgement="strength",
        read_at=MONDAY_MORNING,
    )
    comment.themes = [theme]
    workshop = Workshop(audit_id=audit.id, held_on=date(2026, 2, 3), title="Learning event")
    talk = FamilyContact(case=audit.cases[0], state="done", held_on=date(2026, 2, 4))
    session.add_all([theme, comment, workshop, talk])
    session.flush()

    def quote(source: str, printed: str, **where: object) -> Quote:
        said = {"audit_id": audit.id, "source": source, "original": "Original", "printed": printed}
        return Quote(**said, chosen_at=MONDAY_MORNING, **where)

    practitioner = quote("practitioner", "We never knew.", workshop_id=workshop.id, question="supervision")
    auditor = quote(
        "auditor",
        "Clear [and] kept.",
        read_comment_id=comment.id,
        question="supervision",
        names_agency_kind=True,
    )
    parent = quote("parent", "They listened.", family_contact_id=talk.id)
    cited = quote("parent", "Nobody rang.", family_contact_id=talk.id)
    finding = Finding(
        audit_id=audit.id, position=1, text="Supervision is thin.", challenge="Show that it is not."
    )
    session.add_all([practitioner, auditor, parent, cited, finding])
    session.flush()
    finding.questions = [FindingQuestion(finding_id=finding.id, question="supervision")]
    finding.themes, finding.quotes = [theme], [cited]
    earlier = Audit(title="Earlier audit", form_id="x", created_at=MONDAY_MORNING)
    session.add(earlier)
    session.flush()
    before = Recommendation(audit_id=earlier.id, position=1, text="Same again")
    session.add(before)
    session.flush()
    follows = Recommendation(audit_id=audit.id, position=1, text="Keep workers.", finding_id=finding.id)
    weak = Recommendation(audit_id=audit.id, position=2, text="Train.", repeated_from_id=before.id)
    action = Action(
        audit_id=audit.id,
        finding_id=finding.id,
        what="Write it down",
        measure="In nine of ten files",
        owner="Head of service",
        due_on=date(2026, 6, 30),
    )
    session.add_all([follows, weak, action, Conclusion(audit_id=audit.id, re_audit_on=date(2027, 3, 1))])
    for kind, text in (("case_example", "Child A is well."), ("practitioner", "I was there.\n\nAnd stayed.")):
        session.add(Narrative(audit_id=audit.id, kind=kind, text=text, case=audit.cases[0]))
    session.commit()
    return audit


def test_quotes_stand_with_their_question_by_source_and_name_no_agency(quoted: Audit) -> None:
    found = made(quoted)
    theme = named(found, "Analysis of thematic findings", "File/record management")
    quotes = [each for each in theme.sections[1].parts if isinstance(each, Quoted)]
    assert quotes == [
        # The comment does not say “Original”, so the release asks about it.
        Quoted("Clear [and] kept.", "Auditor, Police", is_gone=True),
        Quoted("We never knew.", "Practitioner"),
    ]
    parents = named(found, "Analysis of thematic findings", "Parents’ perspective")
    assert parents.parts == (Quoted("They listened.", "Parent"),)
    assert "Original" not in str(found)


def test_themes_of_practice_are_counted_in_returns(quoted: Audit) -> None:
    found = named(made(quoted), "Analysis of thematic findings", "What the comments speak of")
    table = next(each for each in found.parts if isinstance(each, Table))
    assert table.rows == (("Voice of the child", "1 of 3 returns", "1", "0"),)


def test_findings_have_their_challenge_and_what_they_rest_on(quoted: Audit) -> None:
    first, response = named(made(quoted), "Findings").sections
    assert first.title == "Finding 1"
    assert first.parts[:2] == (
        Paragraph("Supervision is thin.", marked=True),
        Paragraph("Show that it is not.", lead="Challenge to the board", marked=True),
    )
    evidence = words(first.parts)
    assert "Yes, 1 of 3 returns (33.3%); No, 1 of 3 returns (33.3%)" in evidence
    assert "Comments speak of “Voice of the child” in 1 of 3 returns." in evidence
    assert Quoted("Nobody rang.", "Parent") in first.parts
    table = next(each for each in response.parts if isinstance(each, Table))
    assert table.rows == (
        (
            "Write it down",
            "Finding 1",
            "Head of service",
            "30 June 2026",
            "In nine of ten files",
            "Not started",
        ),
    )


def test_recommendations_stand_apart_from_findings(quoted: Audit) -> None:
    said = words(named(made(quoted), "Conclusions and recommendations", "Recommendations").parts)
    assert "Keep workers.\nIt follows from Finding 1." in said
    assert "Train.\nThe evidence was not strong enough for a finding. It repeats" in said
    assert "of an earlier audit: Earlier audit (2026), recommendation 1." in said
    assert "audited again on Monday 1 March 2027" in said


def test_appendices_are_the_case_the_practitioner_and_the_form(quoted: Audit) -> None:
    case, practitioner, form = named(made(quoted), "Appendices").sections
    assert case.parts == (Paragraph("Child A is well.", marked=True),)
    assert practitioner.parts == (
        Paragraph("I was there.", marked=True),
        Paragraph("And stayed.", marked=True),
    )
    for question in quoted.form.questions:
        assert any(question.ask in str(each) for each in form.parts), question.id
        for option in question.answers:
            assert any(option.label in each.lines for each in form.parts if isinstance(each, Bullets))


def test_an_audit_without_returns_says_so_in_each_section(make: Maker) -> None:
    for audit in (make.audit(cases=2, agencies=1), make.audit(cases=0, agencies=0, issued=False)):
        found = made(audit)
        assert found.returns == 0
        said = {
            title: words(section.parts)
            for part in found.sections
            for title, section in [(part.title, part), *((each.title, each) for each in part.sections)]
        }
        assert "There are no returns yet." in said["Response to the audit"]
        for question in (each for theme in found.sections[2].sections for each in theme.sections):
            assert "There are no returns yet, so there are no figures here." in words(question.parts)
        for title in ("Conclusions", "Findings"):
            assert "There are no returns yet." in said[title], title
        assert not any(isinstance(each, Chart) for each in found.parts())


def test_refreshing_the_figures_leaves_the_authors_paragraphs_alone(
    audit: Audit, make: Maker, session: Session
) -> None:
    own = "My own words on 1 of 3.\n\n{{ title }} <b>& #panic</b>"
    session.add(
        ReportText(audit_id=audit.id, section="question-supervision", text=own, updated_at=MONDAY_MORNING)
    )
    session.commit()

    def paragraphs() -> list[str]:
        theme = named(made(audit), "Analysis of thematic findings", "File/record management")
        report = Report("", "", "", "", "", "", 0, (theme.sections[1],))
        return [each.text for each in report.parts() if isinstance(each, Paragraph)]

    before = paragraphs()
    make.returned(make.requests(audit)[3], (GivenAnswer("supervision", option="yes"),))
    after = paragraphs()
    assert before[0] != after[0]
    assert "In 2 of 4 returns (50%)" in after[0]
    assert before[1:] == after[1:] == ["My own words on 1 of 3.", "{{ title }} <b>& #panic</b>"]


def test_the_outline_names_every_section_that_has_a_key(quoted: Audit) -> None:
    keys = [each.key for each in outline(quoted.form) if each.key]
    found: list[str] = []

    def gather(sections: tuple[Section, ...]) -> None:
        for each in sections:
            found.extend([each.key] if each.key else [])
            gather(each.sections)

    report = made(quoted)
    gather(report.sections)
    assert keys == found
    from surveyapp.report.inputs import ReportInputs  # noqa: PLC0415 — the last lines use it alone

    material = ReportInputs(quoted, now=MONDAY_MORNING)
    assert {section_named(material, key).title for key in keys} >= {"Terms of reference", "Conclusions"}


def test_each_thing_is_read_once_whatever_the_number_of_returns(
    make: Maker, quoted: Audit, queries: AtMost, session: Session
) -> None:
    assert session.query(Answer).count()
    session.rollback()
    with queries(32) as small:
        made(quoted)
    large = make.audit(cases=12, agencies=5, returned=50)
    session.rollback()
    with queries(32) as sent:
        report_of(large.id, now=MONDAY_MORNING)
    assert len(sent) <= len(small)


def test_the_demonstration_has_an_authors_paragraphs_in_sections_that_are_there(demonstrated: Audit) -> None:
    keys = {each.key for each in outline(demonstrated.form)}
    texts = author_texts(demonstrated)
    assert len(texts) == 4
    assert set(texts) <= keys
