"""The public version prints no small number counted by the program; the internal version prints all."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from surveyapp.answering.models import Concern, Return
from surveyapp.collating.models import Benchmark
from surveyapp.concluding.models import Finding, FindingQuestion
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.gathering.models import Attendance, FamilyContact, Quote, ReadComment, Workshop
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Bullets, Chart, Note, Quoted, Report, ReportPart, Table
from surveyapp.report.report import report_of
from tests.conftest import MONDAY_MORNING
from tests.report.report_versions import rows_of, text_of, versions
from tests.row_maker import Maker

RETURNED = "Requests returned, by kind of agency"
LATER = MONDAY_MORNING + timedelta(hours=1)
YES = (GivenAnswer("supervision", option="yes"),)
AtMost = Callable[[int], AbstractContextManager[list[str]]]
Raising = Callable[[int, int], None]


def test_agency_kinds_with_few_requests_or_few_outstanding_are_joined(demonstrated: Audit) -> None:
    internal, public = versions(demonstrated)
    assert rows_of(internal, RETURNED)["Youth justice"] == "3 of 3"
    joined = (
        "Health, Police, School or education, Early help, Nursery, Voluntary sector, Youth justice and Other"
    )
    assert rows_of(public, RETURNED) == {
        "Children’s social care": "15 of 15",
        f"{joined}, together": "62 of 75",
        "All": "77 of 90",
    }


def test_schools_and_nurseries_are_counted_by_kind_and_not_named(demonstrated: Audit) -> None:
    internal, public = versions(demonstrated)
    for name in ("Hilltop Primary School", "Riverside Primary School", "Little Acorns Nursery"):
        assert name in text_of(internal)
        assert name not in text_of(public)
    assert "to 12 agencies of 9 kinds: Wrenford Children’s Social Care, " in text_of(public)
    assert "Wrenford Police, 3 schools, Wrenford Early Help, 2 nurseries, Harbour" in text_of(public)


def test_a_single_gp_practice_is_counted_and_not_named(make: Maker) -> None:
    surgery = make.audit(cases=8, agencies=[make.agency("High Street Surgery", kind="gp")])
    assert "to 1 agency of 1 kind: 1 GP practice. " in text_of(versions(surgery)[1])


def test_small_numbers_of_family_talks_are_left_out(demonstrated: Audit) -> None:
    internal, public = versions(demonstrated)
    assert "5 families were offered a talk, through an agency that knows them. 3 talked" in text_of(internal)
    assert "Some families were offered a talk, through an agency that knows them. Some of them" in text_of(
        public
    )
    assert "declined" not in text_of(public)


def test_a_quote_does_not_name_an_agency_kind_with_few_returns(demonstrated: Audit) -> None:
    internal, public = (
        [part for part in report.parts() if isinstance(part, Quoted)] for report in versions(demonstrated)
    )
    assert "Auditor, Voluntary sector" in {quote.source for quote in internal}
    assert {quote.source for quote in public} == {"Auditor", "Practitioner", "Parent"}
    assert [quote.text for quote in public] == [quote.text for quote in internal]


def test_both_versions_have_the_same_figures_for_questions_put_to_all(demonstrated: Audit) -> None:
    charts, public_charts = (
        [part for part in report.parts() if isinstance(part, Chart)] for report in versions(demonstrated)
    )
    assert public_charts == charts != []


def test_only_the_public_version_explains_what_is_hidden(demonstrated: Audit) -> None:
    internal, public = versions(demonstrated)
    hides = "agency or kind of agency, that are under 6 or would give such a number away."
    assert hides in text_of(public)
    assert hides not in text_of(internal)


def test_the_public_version_needs_no_more_queries(
    fifteen_cases: Audit, queries: AtMost, session: Session
) -> None:
    session.rollback()
    with queries(32) as internal:
        report_of(fifteen_cases.id, now=MONDAY_MORNING)
    session.rollback()
    with queries(32) as public:
        report_of(fifteen_cases.id, now=MONDAY_MORNING, public=True)
    assert len(public) <= len(internal)


@pytest.fixture
def raise_concerns(session: Session, make: Maker, fifteen_cases: Audit) -> Raising:
    """Raise concerns about some cases, all with an outcome, some of them referred."""

    def _raise(cases: int, referred: int) -> None:
        first = {audit_request.case_id: audit_request for audit_request in make.requests(fifteen_cases)}
        for number, case in enumerate(fifteen_cases.cases[:cases]):
            outcome = {"outcome": "Done.", "outcome_at": LATER, "was_referred": number < referred}
            session.add(Concern(request_id=first[case.id].id, raised_at=MONDAY_MORNING, **outcome))
        session.commit()

    return _raise


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cases", "referred", "is_counted"),
    [(2, 1, False), (8, 0, True), (8, 2, False), (8, 7, False), (13, 0, False)],
)
def test_concerns_are_counted_where_no_number_is_small(
    raise_concerns: Raising, fifteen_cases: Audit, cases: int, referred: int, *, is_counted: bool
) -> None:
    raise_concerns(cases, referred)
    internal, public = map(text_of, versions(fifteen_cases))
    counted = f"{cases} current practice concerns were raised, about {cases} cases."
    assert counted in internal
    assert (counted in public) is is_counted
    assert ("How many, and what came of them, is not said here" in public) is not is_counted


@pytest.mark.slow
def test_the_public_version_says_that_no_concern_was_raised(fifteen_cases: Audit) -> None:
    assert "No auditor raised a current practice concern." in text_of(versions(fifteen_cases)[1])


@pytest.mark.slow
def test_a_small_number_of_waiting_concerns_is_left_out(
    raise_concerns: Raising, fifteen_cases: Audit, session: Session
) -> None:
    raise_concerns(8, 0)
    waiting = session.query(Concern).order_by(Concern.id).limit(1).one()
    waiting.outcome = waiting.outcome_at = waiting.was_referred = None
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    assert "1 of them waits for an outcome." in internal
    assert "How many, and what came of them, is not said here" in public


@pytest.mark.slow
@pytest.mark.parametrize(("offered", "done", "is_counted"), [(15, 9, True), (15, 3, False), (12, 12, False)])
def test_family_talks_are_counted_where_no_number_is_small(
    fifteen_cases: Audit, session: Session, offered: int, done: int, *, is_counted: bool
) -> None:
    for number, case in enumerate(fifteen_cases.cases[:offered]):
        state, day = ("done", date(2026, 2, 4)) if number < done else ("declined", None)
        session.add(FamilyContact(case=case, state=state, held_on=day))
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    counted = f"{offered} families were offered a talk, through an agency that knows them. {done} talked with"
    assert counted in internal
    assert (counted in public) is is_counted
    assert ("Some families were offered a talk" in public) is not is_counted


def test_a_small_attendance_at_a_workshop_is_left_out(fifteen_cases: Audit, session: Session) -> None:
    agency = fifteen_cases.cases[0].involvements[0].agency
    for people, title in ((3, "Small event"), (12, "Large event")):
        workshop = Workshop(audit_id=fifteen_cases.id, held_on=date(2026, 2, 3), title=title, notes="")
        workshop.attendances = [Attendance(agency=agency, people=people)]
        session.add(workshop)
    session.commit()
    internal, public = map(text_of, versions(fifteen_cases))
    assert "3 people of 1 agency came." in internal
    assert "3 people" not in public
    assert "12 people of 1 agency came." in public


@pytest.mark.slow
@pytest.mark.parametrize("own", [3, 37])
def test_a_small_own_figure_is_not_compared_with_other_places(
    fifteen_cases: Audit, session: Session, own: int
) -> None:
    benchmark = Benchmark(
        audit_id=fifteen_cases.id,
        measure="Repeat plans",
        period="2013",
        source="A table",
        own_count=own,
        own_of=40,
        rows=[["Warrington", "20.4"]],
    )
    session.add(benchmark)
    session.commit()
    internal, public = versions(fifteen_cases)
    assert f"% ({own} of 40)" in text_of(internal)
    assert f"{own} of 40" not in text_of(public)
    assert [name for name in rows_of(public, "Repeat plans") if "our own" in name] == []
    assert "Warrington" in rows_of(public, "Repeat plans")


def only_for(audit: Audit, session: Session, *kinds: str) -> None:
    """Ask only these kinds of agency the question on supervision, and base a finding on it."""
    assert audit.form_definition is not None
    form = json.loads(audit.form_definition)
    next(question for question in form["questions"] if question["id"] == "supervision")["only_for"] = list(
        kinds
    )
    audit.form_definition = json.dumps(form)
    finding = Finding(audit_id=audit.id, position=1, text="Thin.", challenge="")
    session.add(finding)
    session.flush()
    finding.questions = [FindingQuestion(finding_id=finding.id, question="supervision")]
    session.commit()


def supervision_parts(report: Report) -> list[ReportPart]:
    """The parts on the question on supervision, and the finding’s evidence."""
    theme = report.sections[2].sections[0]
    return [*theme.sections[1].parts, *report.sections[4].sections[0].parts[1:]]


@pytest.mark.slow
def test_a_question_put_to_one_agency_has_no_public_figures(fifteen_cases: Audit, session: Session) -> None:
    only_for(fifteen_cases, session, "youth")
    internal, public = map(supervision_parts, versions(fifteen_cases))
    assert any(isinstance(quote, Chart) for quote in internal)
    assert not any(isinstance(quote, Chart | Table) for quote in public)
    assert (
        Note("This question was put to a few agencies alone, so its figures are not printed here.") in public
    )
    evidence = public[-1]
    assert isinstance(evidence, Bullets)
    assert evidence.lines[0].endswith(": its figures are not printed here.")


@pytest.mark.slow
def test_a_question_put_to_two_agencies_with_enough_returns_has_public_figures(
    fifteen_cases: Audit, session: Session
) -> None:
    only_for(fifteen_cases, session, "police", "health")
    internal, public = map(supervision_parts, versions(fifteen_cases))
    assert public == internal
    assert any(isinstance(quote, Chart) for quote in public)


def test_a_quote_names_an_agency_kind_with_enough_returns(make: Maker, session: Session) -> None:
    agencies = [make.agency(kind=kind) for kind in ("police", "police", "health")]
    audit = make.audit(cases=6, agencies=agencies)
    returns = {audit_request: make.returned(audit_request, YES) for audit_request in make.requests(audit)}
    assert session.query(Return).count() == 18
    for request in (
        next(audit_request for audit_request in returns if audit_request.agency is agency)
        for agency in agencies[1:]
    ):
        comment_fields = {
            "request_id": request.id,
            "question": "supervision",
            "item": "comment",
            "digest": "d",
        }
        comment = ReadComment(**comment_fields, judgement="strength", read_at=MONDAY_MORNING)
        session.add(comment)
        session.flush()
        quote = {"audit_id": audit.id, "source": "auditor", "original": "O", "printed": request.agency.kind}
        chosen = {"read_comment_id": comment.id, "names_agency_kind": True, "question": "supervision"}
        session.add(Quote(**quote, **chosen, chosen_at=MONDAY_MORNING))
    session.commit()
    internal, public = (
        {part.text: part.source for part in report.parts() if isinstance(part, Quoted)}
        for report in versions(audit)
    )
    assert internal == {"police": "Auditor, Police", "health": "Auditor, Health"}
    assert public == {"police": "Auditor, Police", "health": "Auditor"}
