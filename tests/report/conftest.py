"""The demonstration's report, written once for the tests that only read it."""

from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from surveyapp.foundation.store.db import engine
from surveyapp.foundation.store.db import session as current_session
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.report import report_of
from surveyapp.report.word.report_word import report_as_word
from tests.conftest import MONDAY_MORNING


@dataclass(frozen=True)
class Made:
    """The demonstration's report: as values, as a Word file by our template, as a PDF."""

    report: Report
    word: bytes
    pdf: bytes


@pytest.fixture(scope="session")
def demonstration_report(demonstration: Flask) -> Made:
    """The demonstration's report, written once for the tests that only read it."""
    with time_machine.travel(MONDAY_MORNING, tick=False), demonstration.app_context():
        audit_id = current_session.scalars(select(Audit.id)).one()
        report = report_of(audit_id, now=MONDAY_MORNING)
        current_session.rollback()
        engine().dispose()
        return Made(report, report_as_word(report), report_as_pdf(report))
