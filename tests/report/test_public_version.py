"""The public version prints no small number that the program counts; the internal version prints all."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.answering.models import Concern, Return
from surveyapp.collating.models import Benchmark
from surveyapp.concluding.models import Finding, FindingQuestion
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.disclosure.agency_kinds import agencies_by_kind, have_enough_returns, may_show_figures
from surveyapp.disclosure.small_rows import SplitRow, publishable_rows
from surveyapp.gathering.models import Attendance, FamilyContact, Quote, ReadComment, Workshop
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Bullets, Chart, Note, Paragraph, Quoted, Report, ReportPart, Table
from surveyapp.report.report import report_of
from surveyapp.tracking.agency_returns import AgencyReturns
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

LATER = MONDAY_MORNING + timedelta(hours=1)
YES = (GivenAnswer("supervision", option="yes"),)
AtMost = Callable[[int], AbstractContextManager[list[str]]]
Smaller = Callable[[int], None]
Raising = Callable[[int, int], None]


def reports(audit: Audit) -> tuple[Report, Report]:
    """The internal and the public version."""
    return (
        report_of(audit.id, now=MONDAY_MORNING),
        report_of(audit.id, now=MONDAY_MORNING, public=True),
    )


def words(report: Report) -> str:
    """All text of a report but its tables and charts."""
    said: list[str] = []
    for each in report.parts():
        said += [each.text] if isinstance(each, Paragraph | Note | Quoted) else []
        said += each.lines if isinstance(each, Bullets) else []
    return "\n".join(said)


def rows(report: Report, caption: str) -> dict[str, str]:
    """A table by the names of its rows; empty where it is left out."""
    tables = [each for each in report.parts() if isinstance(each, Table) and each.caption.endswith(caption)]
    return {row[0]: row[1] for table in tables for row in table.rows}


SAMPLE, RETURNED = "The sample and its balance", "Requests returned, by kind of agency"


def test_rows_of_few_children_are_joined_in_the_public_version(demonstrated: Audit) -> None:
    internal, public = reports(demonstrated)
    assert rows(internal, SAMPLE)["Age: Over 10 years"] == "3 of 15"
    assert rows(public, SAMPLE) == {
        "Age: Under 5 years": "8 of 15",
        "Age: 5 to 10 years or over 10 years": "7 of 15",
        "Gender: Female": "8 of 15",
        "Gender: Male": "7 of 15",
        "Category: Emotional abuse": "7 of 15",
        "Category: Neglect": "8 of 15",
        "Plan: Child protection": "15 of 15",
    }
    note = "Rows with small numbers are joined"
    assert note in words(public)
    assert note not in words(internal)


def test_kinds_of_agency_with_few_requests_or_few_outstanding_are_joined(demonstrated: Audit) -> None:
    internal, public = reports(demonstrated)
    assert rows(internal, RETURNED)["Youth justice"] == "3 of 3"
    joined = (
        "Health, Police, School or education, Early help, Nursery, Voluntary sector, Youth justice and Other"
    )
    assert rows(public, RETURNED) == {
        "Children’s social care": "15 of 15",
        f"{joined}, together": "62 of 75",
        "All": "77 of 90",
    }


def test_schools_and_nurseries_are_counted_by_kind_and_not_named(demonstrated: Audit) -> None:
    internal, public = reports(demonstrated)
    for name in ("Hilltop Primary School", "Riverside Primary School", "Little Acorns Nursery"):
        assert name in words(internal)
        assert name not in words(public)
    assert "to 12 agencies of 9 kinds: Wrenford Children’s Social Care, " in words(public)
    assert "Wrenford Police, 3 schools, Wrenford Early Help, 2 nurseries, Harbour" in words(public)


def test_one_surgery_is_counted_too(make: Maker) -> None:
    surgery = make.audit(cases=8, agencies=[make.agency("High Street Surgery", kind="gp")])
    assert "to 1 agency of 1 kind: 1 GP practice. " in words(reports(surgery)[1])


def test_talks_with_families_have_no_small_number(demonstrated: Audit) -> None:
    internal, public = reports(demonstrated)
    assert "5 families were offered a talk, through an agency that knows them. 3 talked" in words(internal)
    assert "Some families were offered a talk, through an agency that knows them. Some of them" in words(
        public
    )
    assert "declined" not in words(public)


def test_a_quote_names_no_kind_of_agency_of_which_few_returned(demonstrated: Audit) -> None:
    internal, public = (
        [each for each in report.parts() if isinstance(each, Quoted)] for report in reports(demonstrated)
    )
    assert "Auditor, Voluntary sector" in {each.source for each in internal}
    assert {each.source for each in public} == {"Auditor", "Practitioner", "Parent"}
    assert [each.text for each in public] == [each.text for each in internal]


def test_figures_of_questions_are_those_of_the_internal_version(demonstrated: Audit) -> None:
    charts, public_charts = (
        [each for each in report.parts() if isinstance(each, Chart)] for report in reports(demonstrated)
    )
    assert public_charts == charts != []


def test_it_says_what_is_hidden_and_the_internal_version_does_not(demonstrated: Audit) -> None:
    internal, public = reports(demonstrated)
    hides = "agency or kind of agency, that are under 6 or would give such a number away."
    assert hides in words(public)
    assert hides not in words(internal)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Fifteen girls whom police, health and youth justice knew; all returned."""
    agencies = [make.agency(f"Northside {kind}", kind=kind) for kind in ("police", "health", "youth")]
    made = make.audit(cases=15, agencies=agencies)
    make.returned_all(make.requests(made), YES)
    return made


@pytest.fixture
def smaller(app: Flask) -> Smaller:
    """Change the number under which numbers are small."""

    def _smaller(number: int) -> None:
        state = app.extensions["survey"]
        app.extensions["survey"] = replace(state, settings=replace(state.settings, small_number=number))

    return _smaller


def test_the_public_version_asks_the_database_no_more(
    audit: Audit, queries: AtMost, session: Session
) -> None:
    session.rollback()
    with queries(32) as internal:
        report_of(audit.id, now=MONDAY_MORNING)
    session.rollback()
    with queries(32) as public:
        report_of(audit.id, now=MONDAY_MORNING, public=True)
    assert len(public) <= len(internal)


def test_the_partnership_says_which_numbers_are_small(audit: Audit, smaller: Smaller) -> None:
    for number, ages in (
        (
            4,
            {
                "Age: Under 5 years": "4 of 15",
                "Age: 5 to 10 years": "6 of 15",
                "Age: Over 10 years": "5 of 15",
            },
        ),
        (5, {"Age: Under 5 years or over 10 years": "9 of 15", "Age: 5 to 10 years": "6 of 15"}),
        (7, {}),
    ):
        smaller(number)
        found = rows(reports(audit)[1], SAMPLE)
        assert {name: figure for name, figure in found.items() if name.startswith("Age")} == ages
    assert rows(reports(audit)[0], SAMPLE)["Age: Under 5 years"] == "4 of 15"


def test_names_that_one_row_joins_stand_by_the_alphabet(audit: Audit, session: Session) -> None:
    for case in audit.cases:
        case.category = ("neglect", "sexual abuse", "CSE")[(case.position > 8) + (case.position > 13)]
    session.commit()
    internal, public = reports(audit)
    assert list(rows(internal, SAMPLE))[-3:] == [
        "Category: Neglect",
        "Category: Sexual abuse",
        "Category: CSE",
    ]
    assert list(rows(public, SAMPLE))[-2:] == ["Category: CSE or sexual abuse", "Category: Neglect"]


def test_unborn_children_and_brothers_and_sisters_have_no_small_number(
    audit: Audit, session: Session
) -> None:
    first, second, *others = audit.cases
    first.unborn, first.age_months = True, None
    second.sibling_group = others[0].sibling_group = "A"
    session.commit()
    internal, public = map(words, reports(audit))
    assert "1 child not yet born. They include 1 sibling group, some with" in internal
    assert "Some were not yet born. They include sibling groups." in public


def test_a_number_that_leaves_few_without_brothers_and_sisters_is_small_too(
    audit: Audit, session: Session
) -> None:
    for case in audit.cases[:12]:
        case.sibling_group = case.pseudonym
    session.commit()
    audit.cases[11].sibling_group = audit.cases[0].pseudonym
    session.commit()
    assert "They include sibling groups." in words(reports(audit)[1])
    audit.cases[11].sibling_group = audit.cases[11].pseudonym
    session.commit()
    internal, public = map(words, reports(audit))
    assert "They include 12 sibling groups, with one child from each." in internal
    assert "They include sibling groups." in public


def test_many_with_and_many_without_brothers_and_sisters_are_counted(audit: Audit, session: Session) -> None:
    for case in audit.cases[:8]:
        case.sibling_group = case.pseudonym
    session.commit()
    internal, public = map(words, reports(audit))
    assert "They include 8 sibling groups, with one child from each." in internal
    assert "They include 8 sibling groups." in public


def test_ages_are_said_as_in_a_brief(audit: Audit, session: Session) -> None:
    audit.cases[0].age_months, audit.cases[-1].age_months = 4, 16 * 12 + 7
    session.commit()
    internal, public = map(words, reports(audit))
    assert "aged from 4 months to 16 years 7 months." in internal
    assert "aged from 4 months to 16 years." in public


def test_of_a_small_sample_nothing_is_said(make: Maker) -> None:
    internal, public = reports(make.audit(cases=3, agencies=4, returned=12))
    assert "The sample is 3 cases." in words(internal)
    assert "The sample is a small number of cases" in words(public)
    assert rows(public, SAMPLE) == {}
    assert "12 requests, 4 a case on average, to 4 agencies" in words(internal)
    assert "12 requests, to 4 agencies" in words(public)


@pytest.fixture
def raise_concerns(session: Session, make: Maker, audit: Audit) -> Raising:
    """Raise concerns about so many cases, all with an outcome, of which some were referred."""

    def _raise(cases: int, referred: int) -> None:
        first = {each.case_id: each for each in make.requests(audit)}
        for number, case in enumerate(audit.cases[:cases]):
            written = {"outcome": "Done.", "outcome_at": LATER, "was_referred": number < referred}
            session.add(Concern(request_id=first[case.id].id, raised_at=MONDAY_MORNING, **written))
        session.commit()

    return _raise


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cases", "referred", "is_told"),
    [(2, 1, False), (8, 0, True), (8, 2, False), (8, 7, False), (13, 0, False)],
)
def test_concerns_are_counted_where_no_number_is_small(
    raise_concerns: Raising, audit: Audit, cases: int, referred: int, *, is_told: bool
) -> None:
    raise_concerns(cases, referred)
    internal, public = map(words, reports(audit))
    counted = f"{cases} current practice concerns were raised, about {cases} cases."
    assert counted in internal
    assert (counted in public) is is_told
    assert ("How many, and what came of them, is not said here" in public) is not is_told


@pytest.mark.slow
def test_without_a_concern_the_public_version_says_so(audit: Audit) -> None:
    assert "No auditor raised a current practice concern." in words(reports(audit)[1])


@pytest.mark.slow
def test_concerns_that_wait_are_no_small_number_either(
    raise_concerns: Raising, audit: Audit, session: Session
) -> None:
    raise_concerns(8, 0)
    waiting = session.query(Concern).order_by(Concern.id).limit(1).one()
    waiting.outcome = waiting.outcome_at = waiting.was_referred = None
    session.commit()
    internal, public = map(words, reports(audit))
    assert "1 of them waits for an outcome." in internal
    assert "How many, and what came of them, is not said here" in public


@pytest.mark.slow
@pytest.mark.parametrize(("offered", "done", "is_told"), [(15, 9, True), (15, 3, False), (12, 12, False)])
def test_talks_are_counted_where_no_number_is_small(
    audit: Audit, session: Session, offered: int, done: int, *, is_told: bool
) -> None:
    for number, case in enumerate(audit.cases[:offered]):
        state, day = ("done", date(2026, 2, 4)) if number < done else ("declined", None)
        session.add(FamilyContact(case=case, state=state, held_on=day))
    session.commit()
    internal, public = map(words, reports(audit))
    counted = f"{offered} families were offered a talk, through an agency that knows them. {done} talked with"
    assert counted in internal
    assert (counted in public) is is_told
    assert ("Some families were offered a talk" in public) is not is_told


def test_few_people_of_a_workshop_are_not_counted(audit: Audit, session: Session) -> None:
    agency = audit.cases[0].involvements[0].agency
    for people, title in ((3, "Small event"), (12, "Large event")):
        workshop = Workshop(audit_id=audit.id, held_on=date(2026, 2, 3), title=title, notes="")
        workshop.attendances = [Attendance(agency=agency, people=people)]
        session.add(workshop)
    session.commit()
    internal, public = map(words, reports(audit))
    assert "3 people of 1 agency came." in internal
    assert "3 people" not in public
    assert "12 people of 1 agency came." in public


@pytest.mark.slow
@pytest.mark.parametrize("own", [3, 37])
def test_our_own_figure_of_few_children_stands_beside_no_other_place(
    audit: Audit, session: Session, own: int
) -> None:
    kept = Benchmark(
        audit_id=audit.id,
        measure="Repeat plans",
        period="2013",
        source="A table",
        own_count=own,
        own_of=40,
        rows=[["Warrington", "20.4"]],
    )
    session.add(kept)
    session.commit()
    internal, public = reports(audit)
    assert f"% ({own} of 40)" in words(internal)
    assert f"{own} of 40" not in words(public)
    assert [name for name in rows(public, "Repeat plans") if "our own" in name] == []
    assert "Warrington" in rows(public, "Repeat plans")


def only_for(audit: Audit, session: Session, *kinds: str) -> None:
    """Put the question on supervision to these kinds of agency alone."""
    assert audit.form_definition is not None
    form = json.loads(audit.form_definition)
    next(each for each in form["questions"] if each["id"] == "supervision")["only_for"] = list(kinds)
    audit.form_definition = json.dumps(form)
    finding = Finding(audit_id=audit.id, position=1, text="Thin.", challenge="")
    session.add(finding)
    session.flush()
    finding.questions = [FindingQuestion(finding_id=finding.id, question="supervision")]
    session.commit()


def of_supervision(report: Report) -> list[ReportPart]:
    """What stands on that question, and what the finding says of it."""
    theme = report.sections[2].sections[0]
    return [*theme.sections[1].parts, *report.sections[4].sections[0].parts[1:]]


@pytest.mark.slow
def test_a_question_of_one_agency_has_no_figures_in_the_public_version(
    audit: Audit, session: Session
) -> None:
    only_for(audit, session, "youth")
    internal, public = map(of_supervision, reports(audit))
    assert any(isinstance(each, Chart) for each in internal)
    assert not any(isinstance(each, Chart | Table) for each in public)
    assert (
        Note("This question was put to a few agencies alone, so its figures are not printed here.") in public
    )
    evidence = public[-1]
    assert isinstance(evidence, Bullets)
    assert evidence.lines[0].endswith(": its figures are not printed here.")


@pytest.mark.slow
def test_a_question_of_two_agencies_with_returns_enough_has_its_figures(
    audit: Audit, session: Session
) -> None:
    only_for(audit, session, "police", "health")
    internal, public = map(of_supervision, reports(audit))
    assert public == internal
    assert any(isinstance(each, Chart) for each in public)


def asked(*rows: tuple[str, int, int, int]) -> list[AgencyReturns]:
    """Agencies by kind, requests, returns and nil returns among them."""
    return [AgencyReturns(f"Agency {number}", *row) for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("put_to", "is_told"),
    [
        (["police", "health"], True),
        # One agency.
        (["police"], False),
        # It would tell how many of the joined row are schools’.
        (["police", "school"], False),
        (["school"], False),
        (["school", "youth"], True),
        (["police", "health", "school", "youth"], True),
        # Fewer returns say something than came back, by a small number.
        (["police", "health", "voluntary"], False),
    ],
)
def test_a_question_of_some_kinds_takes_no_joined_row_apart(put_to: list[str], *, is_told: bool) -> None:
    kinds = agencies_by_kind(
        asked(
            ("police", 15, 15, 0),
            ("health", 15, 15, 0),
            ("voluntary", 12, 12, 2),
            ("school", 4, 4, 0),
            ("school", 3, 2, 0),
            ("youth", 3, 3, 0),
        )
    )
    found = publishable_rows([group.row for group in kinds.values()], 6)
    assert [each.names for each in found] == [("police",), ("health",), ("voluntary",), ("school", "youth")]
    assert may_show_figures(put_to, kinds=kinds, rows=found, threshold=6) is is_told


@pytest.mark.parametrize(
    ("agencies", "many"),
    [
        ([("police", 5, 3, 0), ("police", 5, 3, 0)], True),
        ([("police", 5, 3, 0), ("police", 5, 2, 0)], False),
        ([("police", 5, 3, 0), ("police", 5, 3, 1)], False),
        ([("police", 9, 9, 0), ("police", 5, 0, 0)], False),
        ([("police", 9, 9, 0), ("police", 5, 5, 5)], False),
        ([("police", 9, 9, 0)], False),
    ],
)
def test_many_are_two_agencies_that_returned_answers_enough(
    agencies: list[tuple[str, int, int, int]], *, many: bool
) -> None:
    assert have_enough_returns(asked(*agencies), 6) is many


def test_a_reader_knows_that_each_agency_had_a_request() -> None:
    schools = agencies_by_kind(asked(("school", 4, 4, 0), ("school", 3, 2, 0)))["school"]
    assert schools.row == SplitRow(("school",), (6, 1), least=2)


def test_a_quote_names_a_kind_of_which_two_agencies_returned_enough(make: Maker, session: Session) -> None:
    agencies = [make.agency(kind=kind) for kind in ("police", "police", "health")]
    audit = make.audit(cases=6, agencies=agencies)
    made = {each: make.returned(each, YES) for each in make.requests(audit)}
    assert session.query(Return).count() == 18
    for request in (next(each for each in made if each.agency is agency) for agency in agencies[1:]):
        said = {"request_id": request.id, "question": "supervision", "item": "comment", "digest": "d"}
        comment = ReadComment(**said, judgement="strength", read_at=MONDAY_MORNING)
        session.add(comment)
        session.flush()
        quote = {"audit_id": audit.id, "source": "auditor", "original": "O", "printed": request.agency.kind}
        chosen = {"read_comment_id": comment.id, "names_agency_kind": True, "question": "supervision"}
        session.add(Quote(**quote, **chosen, chosen_at=MONDAY_MORNING))
    session.commit()
    internal, public = (
        {each.text: each.source for each in report.parts() if isinstance(each, Quoted)}
        for report in reports(audit)
    )
    assert internal == {"police": "Auditor, Police", "health": "Auditor, Health"}
    assert public == {"police": "Auditor, Police", "health": "Auditor"}
