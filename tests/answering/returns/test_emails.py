"""The receipt: it names the request and holds no answer."""

from pathlib import Path

from sqlalchemy.orm import Session

from surveyapp.answering.returns.emails import RECEIPT
from surveyapp.answering.returns.operations import return_audit, return_nil, take_back_nil
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import link_for
from tests.answering.conftest import kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

HERE = Path(__file__).parent


def test_the_receipt_matches_receipt_txt(make: Maker, session: Session) -> None:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=3, agencies=[agency], title="Repeat Child Protection Plans, January 2027")
    first = make.requests(audit)[0]
    first.reference = "7K4-Q2B"
    session.commit()
    given = (
        GivenAnswer("supervision", option="no"),
        GivenAnswer("supervision", item="comment", text="Not since May."),
    )
    with transaction():
        return_audit(first, given, ButtonPress("a-first-press", 0), now=MONDAY_MORNING)
    email = RECEIPT.word(kept_of(first).id, "audit@police.example")
    assert email is not None
    worded = render_email(email)
    read = f"Subject: {worded.subject}\n\n{worded.text}".replace(
        link_for(first.grant), "https://audits.example/r/(50 characters)/"
    )
    assert read == (HERE / "receipt.txt").read_text(encoding="utf-8")
    assert "Not since May" not in worded.text + worded.html
    assert "Child 1" not in worded.subject


def test_no_receipt_goes_to_an_old_address_or_for_a_nil_return_taken_back(make: Maker) -> None:
    first = make.requests(make.audit(cases=1, agencies=1))[0]
    address = first.grant.contact.email
    with transaction():
        return_nil(first, "not_known", ButtonPress("a-first-press", 0), now=MONDAY_MORNING)
    kept = kept_of(first)
    email = RECEIPT.word(kept.id, address)
    assert email is not None
    assert "was not involved" in render_email(email).text
    assert RECEIPT.lock(kept.id) is first.grant
    assert RECEIPT.word(kept.id, "old@police.example") is None
    with transaction():
        take_back_nil(first, now=MONDAY_MORNING)
    assert RECEIPT.word(kept.id, address) is None
