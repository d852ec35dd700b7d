"""What came back, on the page Mail, under “Needs you today” and on the request’s page."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.chasing.queries import chasing_list
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.bounces.operations import store_report
from surveyapp.foundation.bounces.reports import MailReport
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.chasing.conftest import SLOT
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """One contact with one request."""
    return make.audit(cases=1, agencies=1)


@pytest.fixture
def sent(make: Maker, audit: Audit, session: Session) -> Outbox:
    """The request's email, which a mail server has taken."""
    grant = make.grants(audit)[0]
    mail = Outbox(
        dedupe_key="request",
        kind="request",
        subject_id=grant.id,
        to_addr=grant.contact.email,
        state="sent",
        on_doubt="resend",
        message_id="<1@audits.example.org>",
        date_header="",
        not_before=MONDAY_MORNING,
        created_at=MONDAY_MORNING,
        handed_over_at=MONDAY_MORNING,
    )
    session.add(mail)
    session.commit()
    return mail


def comes_back(mail: Outbox, kind: str = "bounce") -> None:
    report = MailReport("away" if kind == "away" else "bounce", (mail.message_id,), "5.1.1", "user unknown")
    with transaction():
        store_report(report, now=MONDAY_MORNING)


def chased(audit: Audit) -> int:
    return len(chasing_list(audit, SLOT, working_calendar()).due)


def test_a_report_is_only_a_mark_until_a_person_decides(
    client: PageClient, make: Maker, audit: Audit, sent: Outbox, session: Session
) -> None:
    comes_back(sent)
    needs = '<a class="govuk-link" href="/mail#came-back">1 message seems to have come back'
    assert f"{needs}: <span data-typed>{audit.title}</span></a>" in client.get("/audits").text
    assert f"{needs}</a>" in client.get(f"/audits/{audit.id}").text
    page = client.get("/mail").text
    assert 'id="came-back">1 message seems to have come back' in page
    assert "user unknown" in page
    request = f"/audits/{audit.id}/requests/{make.requests(audit)[0].id}"
    assert "It seems to have come back: user unknown." in client.get(request).text
    # Whoever forges a report stops neither the link nor the chasers.
    assert chased(audit) == 1
    bounce_id = session.scalars(select(Bounce.id)).one()
    said = client.follow(client.post(f"/mail/bounces/{bounce_id}")).text
    assert "it counts as not delivered" in said
    assert chased(audit) == 0
    assert "to have come back" not in client.get("/audits").text
    assert session.scalars(select(Event.action).order_by(Event.id)).all()[-1] == "noted_bounce"
    client.post(f"/mail/bounces/{bounce_id}", status=409)
    client.post("/mail/bounces/99", status=404)


def test_a_report_that_was_wrong_is_dismissed(
    client: PageClient, audit: Audit, sent: Outbox, session: Session
) -> None:
    comes_back(sent)
    bounce_id = session.scalars(select(Bounce.id)).one()
    said = client.follow(client.post(f"/mail/bounces/{bounce_id}", {"arrived": "yes"})).text
    assert "the message counts as sent" in said
    assert "to have come back" not in said
    assert chased(audit) == 1


def test_an_automatic_reply_stands_beside_the_email_and_counts_as_no_bounce(
    client: PageClient, make: Maker, audit: Audit, sent: Outbox
) -> None:
    comes_back(sent, "away")
    request = f"/audits/{audit.id}/requests/{make.requests(audit)[0].id}"
    assert (
        "An automatic reply came on Monday 30 November 2026 at 9:00am: “user unknown”"
        in client.get(request).text
    )
    assert "to have come back" not in client.get("/mail").text
    assert "to have come back" not in client.get("/audits").text
