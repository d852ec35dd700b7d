"""An agency's own reference is only on the pages of its own contact after the code (stories DC2)."""

import io
import zipfile
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.agencies.models import Contact
from surveyapp.answering.access.codes import code_digits
from surveyapp.answering.models import Code
from surveyapp.foundation import clock as our_clock
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import Grant
from surveyapp.issuing.operations import issue_requests, send_test_copy
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

# Parts of them are looked for too; their letters keep numbers and digests from holding them by chance.
REFERENCE, THEIRS = "OCC/4471-Q", "GP 88-Z-107"


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """A planned audit in which two agencies have references for the first child."""
    agencies = [make.agency("Northside Police"), make.agency("Hill Surgery", kind="gp")]
    agencies[0].contacts.append(Contact(name="Chief", email="chief@agency.example", role="escalation"))
    audit = make.audit(cases=2, agencies=agencies, issued=False)
    audit.chasers, audit.escalate_from = [0], 0
    for cell, reference in zip(audit.cases[0].involvements, (REFERENCE, THEIRS), strict=True):
        cell.own_reference = reference
    session.commit()
    return audit


def comes_in(person: Person, session: Session, grant: Grant) -> str:
    """Start from the link, enter the code and open the list."""
    answer = person.browser.post("/start/", {"token": token_in(link_for(grant))})
    there = answer.headers["Location"]
    assert REFERENCE not in person.reads(there).text
    drain(our_clock.now)
    code = session.query(Code).order_by(Code.id.desc()).limit(1).one()
    answer = person.browser.post(there, {"proof-code": code_digits(code.random_id, keys().link[0])})
    return person.browser.follow(answer).text


def issue(audit: Audit) -> None:
    with transaction():
        issue_requests(audit, actor="manager", now=MONDAY_MORNING)


def test_after_the_code_the_list_and_the_form_show_the_agencys_own_reference(
    person: Person, make: Maker, audit: Audit, session: Session
) -> None:
    issue(audit)
    own = {
        audit_request.agency.name: audit_request
        for audit_request in make.requests(audit)
        if audit_request.case.pseudonym == "Child 1"
    }
    grant = own["Northside Police"].grant
    page = comes_in(person, session, grant)
    assert f"Your own reference: {REFERENCE}" in page
    assert THEIRS not in page
    assert page.count("Your own reference") == 1
    page = person.opens(own["Northside Police"]).text
    assert f"Your own reference: <strong>{REFERENCE}</strong>" in page
    audit.ask_for_code = False
    session.commit()
    assert REFERENCE not in person.reads("/returns/").text + person.opens(own["Northside Police"]).text


@pytest.mark.slow
def test_no_email_export_event_or_row_contains_a_reference(  # noqa: PLR0913, PLR0917 — it goes all the way
    person: Person,
    client: PageClient,
    make: Maker,
    audit: Audit,
    session: Session,
    clock: Traveller,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with transaction():
        send_test_copy(
            audit, to="me@partnership.example", press="one-test-copy", actor="manager", now=MONDAY_MORNING
        )
    drain(our_clock.now)
    issue(audit)
    first = next(
        audit_request
        for audit_request in make.requests(audit)
        if audit_request.agency.name == "Northside Police"
    )
    comes_in(person, session, first.grant)
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    assert kept_of(first).nil_reason == "not_known"
    drain(our_clock.now)
    assert audit.due_on is not None
    clock.move_to(utc_moment(audit.due_on, settings().chase_from))
    session.execute(text("UPDATE survey_switches SET last_tick_at = NULL"))
    session.commit()
    assert tick(our_clock.now())
    drain(our_clock.now)
    sent = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted(Path(settings().mail_folder).glob("*.eml"))
    ]
    rows = session.scalars(text("SELECT kind FROM survey_outbox WHERE state = 'sent'")).all()
    assert set(rows) == {"test_copy", "request", "code", "receipt", "chaser", "escalation"}
    assert len(sent) == len(rows)
    written = [
        str(part.get_content()) for email in sent for part in email.walk() if not part.is_multipart()
    ] + [str(email["Subject"]) for email in sent]
    client.sign_in()
    at = f"/audits/{audit.id}"
    pages = ("", "/outstanding", "/outstanding.csv", "/collation", "/totals", f"/requests/{first.id}")
    written += [client.get(at + page).get_data(as_text=True) for page in pages]
    for kind in ("csv", "json", "xlsx"):
        answer = client.get(f"{at}/collation/export.{kind}")
        content = answer.data
        answer.close()
        if kind == "xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"".join(book.read(name) for name in book.namelist())
        written.append(content.decode("utf-8", "replace"))
    for table in ("survey_event", "survey_outbox", "survey_involvement", "survey_audit_request"):
        written += [str(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 — our own
    said = capfd.readouterr()
    written += [said.out, said.err, caplog.text]
    for reference in (REFERENCE, THEIRS, "4471-Q", "88-Z-1"):
        assert not [text[:200] for text in written if reference in text], reference
