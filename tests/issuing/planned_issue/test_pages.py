"""The buttons about issuing an audit on its day."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit
from tests.issuing.conftest import Queued
from tests.mail_server import ELSEWHERE, use_mail_server
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """An audit that is ready, for Wednesday 2 December; today is Monday 30 November."""
    audit = make.audit(issued=False)
    audit.issue_on = date(2026, 12, 2)
    session.commit()
    return audit


def test_the_issue_is_planned_and_taken_back_on_the_page_before_issuing(
    client: PageClient, audit: Audit, outbox: Queued
) -> None:
    here = f"/audits/{audit.id}/issue"
    page = client.get(here).text
    assert "Issue on Wednesday 2 December" in page
    assert "This audit is planned for Wednesday 2 December" in page
    assert "its report says that it was issued on Monday 30 November" in page
    said = client.follow(client.post(f"{here}/plan")).text
    assert "This audit is issued by itself on Wednesday 2 December" in said
    assert "planned on Monday 30 November" in said
    assert "is not issued by itself any more" in client.follow(client.post(f"{here}/plan/drop")).text
    assert "No issue was planned" in client.follow(client.post(f"{here}/plan/drop")).text
    assert not outbox()


def test_another_day_needs_another_plan(client: PageClient, audit: Audit) -> None:
    client.post(f"/audits/{audit.id}/issue/plan")
    typed = {
        "title": audit.title,
        "form_id": audit.form_id,
        "chasers": "0",
        "ask_for_code": "as_needed",
        "issue_on": ["3", "12", "2026"],
        "due_on": ["18", "12", "2026"],
        "close_on": ["15", "1", "2027"],
    }
    said = client.follow(client.post(f"/audits/{audit.id}/edit", typed)).text
    assert "it is not issued by itself until you plan that again" in said
    assert not audit.issues_by_itself


def test_with_example_text_nothing_is_planned_and_the_page_says_why(
    app: Flask, client: PageClient, audit: Audit
) -> None:
    use_mail_server(app, ELSEWHERE)
    page = client.follow(client.post(f"/audits/{audit.id}/issue/plan")).text
    assert "settings hold example text" in page
    assert not audit.issues_by_itself
