"""The email with a code names no child and leaves before other email."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.answering.access.codes import CODE_LIFETIME, MOST_TRIES
from surveyapp.answering.access.emails import CODE
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.leases import claim_email
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import Grant
from tests.answering.access.sent_codes import digits, sent_code
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

NOW = MONDAY_MORNING
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MINE, THEIRS = "my-browser", "their-browser"
Queued = Callable[[], list[Outbox]]


@pytest.fixture
def grant(make: Maker) -> Grant:
    return make.grants(make.audit(cases=1, agencies=1))[0]


def test_the_email_holds_the_code_in_its_body_alone_and_no_child(grant: Grant, outbox: Queued) -> None:
    code = sent_code(grant)
    mail = outbox()[0]
    assert (mail.kind, mail.subject_id, mail.to_addr) == ("code", code.id, grant.contact.email)
    assert mail.expires_at == NOW + CODE_LIFETIME
    email = CODE.word(code.id, grant.contact.email)
    assert email is not None
    worded = render_email(email)
    assert digits(code) not in worded.subject
    # A locked screen shows about the first line.
    assert worded.text.index(digits(code)) > 120
    assert digits(code) in worded.html
    assert "by 9:10am" in worded.text
    assert "Child 1" not in worded.subject + worded.text + worded.html
    assert "/r/" not in worded.text + worded.html
    assert CODE.lock(code.id) is grant


def test_no_email_goes_to_an_old_address_or_with_a_code_that_is_not_valid(
    grant: Grant, session: Session
) -> None:
    code, address = sent_code(grant), grant.contact.email
    assert CODE.word(code.id, "old@agency.example") is None
    for spoil in (
        {"attempts": MOST_TRIES},
        {"used_at": NOW},
    ):
        for name, value in spoil.items():
            setattr(code, name, value)
        assert CODE.word(code.id, address) is None
        session.rollback()
    grant.revoked_at = NOW
    assert CODE.word(code.id, address) is None
    session.rollback()
    grant.contact.left_at = NOW
    assert CODE.word(code.id, address) is None
    session.rollback()
    assert CODE.word(code.id, address) is not None
    assert CODE.word(999, address) is None


def test_a_code_is_sent_before_three_hundred_requests_and_beyond_their_rate(grant: Grant) -> None:
    rate = settings().mail_per_minute
    with transaction():
        for number in range(300):
            queue_email("request", grant.id, to="a@agency.example", key=f"bulk:{number}", now=NOW - MINUTE)
    for _ in range(rate):
        claimed = claim_email(now=NOW)
        assert claimed is not None
        assert claimed.kind == "request"
    assert claim_email(now=NOW) is None
    sent_code(grant)
    claimed = claim_email(now=NOW)
    assert claimed is not None
    assert claimed.kind == "code"
    assert claim_email(now=NOW) is None


def test_codes_are_sent_at_twice_the_rate_at_most(grant: Grant) -> None:
    rate = settings().mail_per_minute
    with transaction():
        for number in range(3 * rate):
            queue_email("code", grant.id, to="a@agency.example", key=f"code-bulk:{number}", now=NOW)
    gone = [claim_email(now=NOW) for _ in range(3 * rate)]
    assert sum(claim is not None for claim in gone) == 2 * rate


def test_a_code_waits_with_all_other_mail_while_the_server_is_away(grant: Grant, session: Session) -> None:
    sent_code(grant)
    session.execute(text("UPDATE survey_switches SET mail_held = :yes"), {"yes": True})
    session.commit()
    assert claim_email(now=NOW) is None
    with transaction():
        queue_email(TEST_KIND.name, 0, to="a@agency.example", key="test:1", now=NOW)
    claimed = claim_email(now=NOW)
    assert claimed is not None
    assert claimed.kind == "test"
