import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.chasing.emails import CHASER, ESCALATION
from surveyapp.foundation.mail.compose import render_email
from surveyapp.issuing.links import link_for
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

HERE = Path(__file__).parent
Spoil = Callable[[Audit], None]


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """Three cases; the police have returned the first."""
    police = make.agency("Northside Police", contact="audit@police.example")
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    session.commit()
    return make.audit(cases=3, agencies=[police], returned=1, title="Repeat plans, January 2027")


def test_the_chaser_reads_as_agreed(make: Maker, audit: Audit) -> None:
    grant = make.grants(audit)[0]
    email = CHASER.word(grant.id, "audit@police.example")
    assert email is not None
    worded = render_email(email)
    written = f"Subject: {worded.subject}\n\n{worded.text}".replace(link_for(grant), "LINK")
    assert written == (HERE / "chaser.txt").read_text()
    assert link_for(grant) in worded.html
    assert "Child 2" not in worded.subject


def test_the_escalation_reads_as_agreed_and_names_no_child(make: Maker, audit: Audit) -> None:
    email = ESCALATION.word(make.grants(audit)[0].id, "chief@police.example")
    assert email is not None
    worded = render_email(email)
    assert f"Subject: {worded.subject}\n\n{worded.text}" == (HERE / "escalation.txt").read_text()
    for text in (worded.subject, worded.text, worded.html):
        assert not re.search(r"Child \d", text)
        assert "/r/" not in text


def test_a_chaser_lists_what_is_outstanding_when_it_is_sent(make: Maker, audit: Audit) -> None:
    grant = make.grants(audit)[0]
    make.returned(make.requests(audit)[1])
    email = CHASER.word(grant.id, "audit@police.example")
    assert email is not None
    assert email.words["cases"] == ["Child 3"]
    make.returned(make.requests(audit)[2])
    assert CHASER.word(grant.id, "audit@police.example") is None
    assert ESCALATION.word(grant.id, "chief@police.example") is None


def test_no_chaser_goes_to_an_old_address_or_to_a_contact_who_has_left(
    make: Maker, audit: Audit, session: Session
) -> None:
    grant = make.grants(audit)[0]
    assert CHASER.word(grant.id, "old@police.example") is None
    assert ESCALATION.word(grant.id, "old@police.example") is None
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    assert CHASER.word(grant.id, "audit@police.example") is None


@pytest.mark.parametrize("what", ["closed", "revoked", "withdrawn"])
def test_no_email_is_worded_for_a_closed_audit_a_revoked_link_or_withdrawn_requests(
    make: Maker, audit: Audit, session: Session, what: str
) -> None:
    grant = make.grants(audit)[0]
    if what == "closed":
        audit.closed_at = MONDAY_MORNING
    elif what == "revoked":
        grant.revoked_at = MONDAY_MORNING
    else:
        for audit_request in make.requests(audit):
            audit_request.withdrawn_at = MONDAY_MORNING
    session.commit()
    assert CHASER.word(grant.id, "audit@police.example") is None
    assert ESCALATION.word(grant.id, "chief@police.example") is None


def test_no_email_is_worded_for_a_grant_that_does_not_exist(make: Maker) -> None:
    make.agency()
    assert CHASER.word(99, "a@b.example") is None
