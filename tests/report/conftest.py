"""Audits with returns and quotes, and the demonstration’s report for tests that only read it."""

from dataclasses import dataclass
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.concluding.models import Action, Conclusion, Finding, FindingQuestion, Recommendation
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.db import session as current_session
from surveyapp.gathering.models import (
    FamilyContact,
    Narrative,
    PracticeTheme,
    Quote,
    ReadComment,
    Workshop,
)
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.report import report_of
from surveyapp.report.word.report_word import report_as_word
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

YES = (GivenAnswer("supervision", option="yes"),)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two cases with police and health: three of four returns are in, one with a comment."""
    audit = make.audit(
        cases=2, agencies=[make.agency("Northside Police"), make.agency("Care", kind="health")]
    )
    first, second, third, _ = make.requests(audit)
    make.returned(
        first,
        (GivenAnswer("supervision", option="yes"), GivenAnswer("supervision", "comment", text="Monthly.")),
    )
    make.returned(second, (GivenAnswer("supervision", option="no"),))
    make.returned(third, (GivenAnswer("supervision", option="not_applicable"),))
    return audit


@pytest.fixture
def quoted(audit: Audit, make: Maker, session: Session) -> Audit:
    """The same audit with a judged comment, quotes, a finding, recommendations, an action and narratives."""
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
        fields = {"audit_id": audit.id, "source": source, "original": "Original", "printed": printed}
        return Quote(**fields, chosen_at=MONDAY_MORNING, **where)

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


@pytest.fixture
def fifteen_cases(make: Maker) -> Audit:
    """Fifteen girls known to police, health and youth justice; all requests are returned."""
    agencies = [make.agency(f"Northside {kind}", kind=kind) for kind in ("police", "health", "youth")]
    audit = make.audit(cases=15, agencies=agencies)
    make.returned_all(make.requests(audit), YES)
    return audit


@dataclass(frozen=True)
class WrittenReport:
    """The demonstration's report: its values, as a Word file by the default template, and as a PDF."""

    report: Report
    word: bytes
    pdf: bytes


@pytest.fixture(scope="session")
def demonstration_report(demonstration: Flask) -> WrittenReport:
    """The demonstration's report, written once for the tests that only read it."""
    with time_machine.travel(MONDAY_MORNING, tick=False), demonstration.app_context():
        audit_id = current_session.scalars(select(Audit.id)).one()
        report = report_of(audit_id, now=MONDAY_MORNING)
        current_session.rollback()
        engine().dispose()
        return WrittenReport(report, report_as_word(report), report_as_pdf(report))
