"""Sections 2.1 and 2.2 of the report, as staff read them."""

from datetime import date

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from surveyapp.report.operations import ReportDetails, save_report_details
from surveyapp.report.parts import Table
from tests.conftest import MONDAY_MORNING
from tests.report.report_readers import current_report, section_at, words_of


def test_sample_requests_and_returns_are_described_from_the_database(audit: Audit, session: Session) -> None:
    for case, (gender, category) in zip(
        audit.cases, (("female", "neglect"), ("male", "neglect")), strict=True
    ):
        case.gender, case.category, case.sibling_group = gender, category, case.pseudonym
    session.commit()
    methodology = section_at(current_report(audit), "Audit methodology")
    sample = methodology.sections[0]
    assert "The sample is 2 cases. The children were aged from 1 year to 2 years." in words_of(sample.parts)
    assert "They include 2 sibling groups, with one child from each." in words_of(sample.parts)
    assert "4 requests, 2 a case on average, to 2 agencies of 2 kinds: Care and Northside Police" in words_of(
        sample.parts
    )
    table = next(part for part in sample.parts if isinstance(part, Table))
    assert ("Category: Neglect", "2 of 2", "100%") in table.rows
    assert ("Age: Under 5 years", "2 of 2", "100%") in table.rows
    response = methodology.sections[1]
    assert "3 of 4 returned (75%). 1 request is outstanding." in words_of(response.parts)
    table = next(part for part in response.parts if isinstance(part, Table))
    assert table.rows == (("Health", "1 of 2", "50%"), ("Police", "2 of 2", "100%"), ("All", "3 of 4", "75%"))


def test_the_authors_population_and_rules_are_in_the_section_on_the_sample(audit: Audit) -> None:
    details = ReportDetails(
        "Ann Lee", date(2026, 2, 3), "202 plans.", "Three years or less\nOne per family", ""
    )
    with transaction():
        save_report_details(audit, details, actor="a", now=MONDAY_MORNING)
    report = current_report(audit)
    assert (report.author, report.day) == ("Ann Lee", "3 February 2026")
    text = words_of(section_at(report, "Audit methodology").sections[0].parts)
    assert "202 plans." in text
    assert "Three years or less\nOne per family" in text
