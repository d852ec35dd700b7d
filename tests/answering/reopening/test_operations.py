"""One return is opened again for correction; the earlier version counts meanwhile."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from surveyapp.answering.models import REOPENING_REASONS, Revision
from surveyapp.answering.reopening.emails import RETURN_REOPENED
from surveyapp.answering.reopening.operations import (
    NobodyToTell,
    NothingToReopen,
    ReopenedAlready,
    reopen_return,
    take_back_reopening,
)
from surveyapp.answering.returns.operations import return_audit, return_nil, save_draft, take_back_nil
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.chasing.queries import chasing_list
from surveyapp.closing.operations import close_returns
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import tally
from tests.answering.conftest import kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

HERE = Path(__file__).parent
YES, NO = (GivenAnswer("supervision", option="yes"),), (GivenAnswer("supervision", option="no"),)
LATER = MONDAY_MORNING + timedelta(hours=1)


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(
        cases=1, agencies=[agency], returned=1, title="Repeat Child Protection Plans, January 2027"
    )
    return make.requests(audit)[0]


def reopens(audit_request: AuditRequest, reason: str = "contradiction", note: str = "") -> None:
    with transaction():
        reopen_return(audit_request, reason, note=note, actor="Ann", now=LATER)


def returns_again(audit_request: AuditRequest, given: tuple[GivenAnswer, ...]) -> None:
    with transaction():
        press = ButtonPress("a-second-press", kept_of(audit_request).version)
        return_audit(audit_request, given, press, now=LATER)


def says_yes(audit: Audit) -> int:
    collation = collate(audit, filters=Filters(), rule=DenominatorRule(), now=LATER)
    every = [figures for _id, _heading, questions in collation.themes for figures in questions]
    figures = next(figures for figures in every if figures.question.id == "supervision")
    return next(row.count for row in figures.rows if row.value == "yes")


def test_the_return_counts_as_it_was_until_it_is_returned_again(
    audit_request: AuditRequest, session: Session
) -> None:
    audit = audit_request.audit
    reopens(audit_request)
    kept = kept_of(audit_request)
    assert kept.waits_for_correction
    assert (tally(audit, now=LATER).returned, says_yes(audit)) == (1, 1)
    with transaction():
        save_draft(audit_request, NO, ButtonPress("a-first-press", kept.version), now=LATER)
    assert says_yes(audit) == 1
    returns_again(audit_request, NO)
    assert says_yes(audit) == 0
    session.refresh(kept)
    assert not kept.waits_for_correction
    kinds = [revision.kind for revision in session.query(Revision).order_by(Revision.id)]
    assert kinds == ["submit", "save", "submit"]


def test_nobody_is_chased_for_a_return_that_is_open_for_correction(audit_request: AuditRequest) -> None:
    reopens(audit_request)
    chasing = chasing_list(audit_request.audit, date(2026, 12, 11), working_calendar())
    assert [not_due.why for not_due in chasing.not_due] == ["everything returned"]


def test_after_the_close_it_can_be_returned_once_and_is_not_late(audit_request: AuditRequest) -> None:
    with transaction():
        close_returns(audit_request.audit, actor="Ann", now=MONDAY_MORNING)
    reopens(audit_request)
    returns_again(audit_request, NO)
    kept = kept_of(audit_request)
    assert (kept.is_late, kept.current_revision.kind if kept.current_revision else "") == (False, "submit")
    with transaction():
        press = ButtonPress("a-third-press", kept.version)
        assert return_audit(audit_request, YES, press, now=LATER).kind == "late"


def test_a_nil_return_that_was_wrong_is_taken_back_after_the_close_and_is_not_late(make: Maker) -> None:
    audit_request = make.requests(make.audit(cases=1, agencies=1))[0]
    with transaction():
        return_nil(audit_request, "not_known", ButtonPress("a-first-press", 0), now=MONDAY_MORNING)
        close_returns(audit_request.audit, actor="Ann", now=MONDAY_MORNING)
    reopens(audit_request, "other_file")
    with transaction():
        take_back_nil(audit_request, now=LATER)
    returns_again(audit_request, YES)
    kept = kept_of(audit_request)
    assert (kept.has_returned, kept.nil_reason, kept.is_late) == (True, "", False)


def test_the_email_says_why_and_holds_neither_the_note_nor_an_answer(
    audit_request: AuditRequest, session: Session
) -> None:
    audit_request.reference = "7K4-Q2B"
    session.commit()
    reopens(audit_request, note="Question 5 says that Kylie was seen")
    kept = kept_of(audit_request)
    email = RETURN_REOPENED.word(kept.id, "audit@police.example")
    assert email is not None
    worded = render_email(email)
    read = f"Subject: {worded.subject}\n\n{worded.text}".replace(
        link_for(audit_request.grant), "https://audits.example/r/(50 characters)/"
    )
    assert read == (HERE / "return_reopened.txt").read_text(encoding="utf-8")
    assert "Kylie" not in worded.text + worded.html
    assert RETURN_REOPENED.lock(kept.id) is audit_request.grant
    assert RETURN_REOPENED.word(kept.id, "old@police.example") is None
    returns_again(audit_request, YES)
    assert RETURN_REOPENED.word(kept.id, "audit@police.example") is None


def test_it_is_taken_back_and_asked_again_with_another_email(
    audit_request: AuditRequest, outbox: object
) -> None:
    reopens(audit_request)
    with pytest.raises(ReopenedAlready):
        reopens(audit_request)
    with transaction():
        assert take_back_reopening(audit_request, actor="Ann", now=LATER)
        assert not take_back_reopening(audit_request, actor="Ann", now=LATER)
    assert not kept_of(audit_request).waits_for_correction
    reopens(audit_request, "missing")
    assert [(mail.kind, mail.state) for mail in outbox()] == [  # type: ignore[operator]
        ("return_reopened", "cancelled"),
        ("return_reopened", "queued"),
    ]


def test_what_cannot_be_corrected_is_not_opened(make: Maker, audit_request: AuditRequest) -> None:
    draft = make.requests(make.audit(cases=1, agencies=1))[0]
    make.draft(draft)
    with pytest.raises(NothingToReopen):
        reopens(draft)
    with pytest.raises(Refused, match="Choose why"):
        reopens(audit_request, "because")
    audit_request.grant.contact.left_at = MONDAY_MORNING
    with pytest.raises(NobodyToTell):
        reopens(audit_request)
    assert not kept_of(audit_request).waits_for_correction


def test_every_reason_is_a_sentence_for_an_email() -> None:
    assert all(words[:1].isupper() and not words.endswith(".") for words in REOPENING_REASONS.values())
