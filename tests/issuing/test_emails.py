"""The words of the request email, compared with a text file, and when none is sent."""

import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.foundation import clock
from surveyapp.foundation.mail.compose import RenderedEmail, compose_message, render_email
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing import operations
from surveyapp.issuing.emails import REQUEST, TEST_COPY, request_preview
from surveyapp.issuing.issue_plan_queries import contacts_to_ask
from surveyapp.issuing.links import link_for
from surveyapp.planning.models import Audit
from tests.page_client import PageClient
from tests.row_maker import Maker

HERE = Path(__file__).parent


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=3, agencies=[agency], title="Repeat Child Protection Plans, January 2027")
    audit.key_message = "the secure message of 28 November from the partnership’s office."
    session.commit()
    return audit


def worded_now(kind: MailKind, subject_id: int, to: str) -> Email:
    email = kind.word(subject_id, to)
    assert email is not None
    return email


def as_read(worded: RenderedEmail, link: str) -> str:
    return f"Subject: {worded.subject}\n\n{worded.text}".replace(
        link, "https://audits.example/r/(50 characters)/"
    )


def test_the_request_email_reads_as_in_the_text_file(make: Maker, audit: Audit) -> None:
    grant = make.grants(audit)[0]
    email = worded_now(REQUEST, grant.id, "audit@police.example")
    assert email.to == "audit@police.example"
    assert as_read(render_email(email), link_for(grant)) == (HERE / "request.txt").read_text(encoding="utf-8")


def test_the_link_stands_alone_on_its_line(make: Maker, audit: Audit) -> None:
    grant = make.grants(audit)[0]
    assert (
        f"\n\n{link_for(grant)}\n\n"
        in render_email(worded_now(REQUEST, grant.id, "audit@police.example")).text
    )


def test_the_subject_has_no_pseudonym_and_the_email_no_please(make: Maker, audit: Audit) -> None:
    worded = render_email(worded_now(REQUEST, make.grants(audit)[0].id, "audit@police.example"))
    assert "Child 1" in worded.text
    assert "Child 1" not in worded.subject
    assert not re.search(r"please|must|simply|!", worded.text, re.IGNORECASE)


def test_one_return_is_asked_for_in_the_singular(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    worded = render_email(worded_now(REQUEST, grant.id, grant.contact.email))
    assert ": 1 return by" in worded.subject
    assert "for 1 child and" in worded.text


def test_no_request_email_goes_to_an_old_address_or_once_withdrawn_or_closed(
    make: Maker, audit: Audit, session: Session
) -> None:
    grant = make.grants(audit)[0]
    assert REQUEST.word(grant.id, "old@police.example") is None
    assert REQUEST.word(0, "audit@police.example") is None
    audit.closed_at = clock.now()
    session.commit()
    assert REQUEST.word(grant.id, "audit@police.example") is None
    audit.closed_at = None
    for audit_request in make.requests(audit):
        audit_request.withdrawn_at = clock.now()
    session.commit()
    assert REQUEST.word(grant.id, "audit@police.example") is None


def test_the_preview_is_the_email_but_for_the_link(make: Maker) -> None:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=2, agencies=[agency], issued=False)
    preview = render_email(request_preview(audit, contacts_to_ask(audit)[0]))
    with transaction():
        operations.issue_requests(audit, actor="me", now=clock.now())
    grant = make.grants(audit)[0]
    sent = render_email(worded_now(REQUEST, grant.id, "audit@police.example"))
    test_link = "http://127.0.0.1:5000/r/test-copy/"
    assert sent.subject == preview.subject
    assert sent.text.replace(link_for(grant), test_link) == preview.text
    assert sent.html.replace(link_for(grant), test_link) == preview.html


def test_a_test_copy_says_so_first_and_its_link_opens_nothing(make: Maker, stranger: PageClient) -> None:
    audit = make.audit(cases=2, issued=False)
    worded = render_email(worded_now(TEST_COPY, audit.id, "me@partnership.example"))
    assert worded.subject.startswith("Test copy: Audit request from")
    assert worded.text.startswith("This is a test copy of the email that Lead")
    assert "Its link opens nothing" in worded.html
    page = stranger.get("/r/test-copy/", status=404)
    assert "It opens nothing" in page.text


def test_a_test_copy_leaves_out_a_stored_name_that_holds_a_link(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, issued=False)
    contact = audit.cases[0].involvements[0].agency.contacts[0]
    contact.name = "Click http://evil.example/win now"
    session.commit()
    text = render_email(worded_now(TEST_COPY, audit.id, "me@partnership.example")).text
    assert text.startswith(f"This is a test copy of the email that {contact.email}")
    assert "evil" not in text
    assert "Hello" not in text


def test_titles_and_names_with_markup_and_line_breaks_stay_text(make: Maker, session: Session) -> None:
    evil = '"><svg/onload=alert(1)>{{7*7}}\r\nBcc: x@evil.example'
    audit = make.audit(cases=1, agencies=[make.agency(evil, contact="a@b.example")], title=evil)
    audit.authority = evil
    session.commit()
    grant = make.grants(audit)[0]
    session.add(Contact(agency=grant.contact.agency, name=evil, email="c@b.example", role="deputy"))
    session.commit()
    email = worded_now(REQUEST, grant.id, "a@b.example")
    assert "<svg" not in render_email(email).html
    written = compose_message(
        email, message_id="<1@x.example>", date_header="Mon, 30 Nov 2026 09:00:00 +0000"
    )
    assert b"\r\nBcc:" not in written.partition(b"\r\n\r\n")[0]
    assert "49" not in render_email(email).text.replace("14 questions", "")


def test_no_request_email_goes_to_a_contact_who_has_left_or_with_a_revoked_link(
    make: Maker, audit: Audit, session: Session
) -> None:
    grant = make.grants(audit)[0]
    address = grant.contact.email
    assert REQUEST.word(grant.id, address) is not None
    for row, column in ((grant.contact, "left_at"), (grant, "revoked_at")):
        setattr(row, column, clock.now())
        session.flush()
        assert REQUEST.word(grant.id, address) is None, column
        setattr(row, column, None)
        session.flush()
    assert REQUEST.word(grant.id, address) is not None
