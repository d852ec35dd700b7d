"""Every press is stored, whether or not it counts."""

import contextvars
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.access.locks import LinkWithdrawn
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.progress_queries import return_progress
from surveyapp.answering.returns.queries import (
    NIL_RETURN_QUESTION,
    answers_seen,
    put_together,
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
)
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.signals import audit_returned
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.errors import ReturnsClosed
from tests.answering.conftest import kept_of
from tests.answering.returns.button_presses import NO, YES, give_back, press, save
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
AtMost = Callable[[int], AbstractContextManager[list[str]]]


def nil(
    audit_request: AuditRequest, reason: str = "not_known", how: ButtonPress | None = None, **rest: Any
) -> SaveOutcome:
    with transaction():
        return operations.return_nil(audit_request, reason, how or press(), now=MONDAY_MORNING, **rest)


def test_a_draft_is_stored_and_does_not_count_as_returned(audit_request: AuditRequest) -> None:
    outcome = save(audit_request, NO)
    assert outcome.kind == "save"
    kept = kept_of(audit_request)
    assert set(revision_answers(kept.current_revision)) == set(NO)
    assert not kept.has_returned
    assert [awaited.id for awaited in outstanding(audit_request.grant)][:1] == [audit_request.id]


def test_texts_are_encrypted_and_options_are_not(audit_request: AuditRequest, session: Session) -> None:
    save(audit_request, NO)
    rows = session.connection().exec_driver_sql("SELECT option, text FROM survey_answer").all()
    assert {row[0] for row in rows} == {"no", ""}
    assert all(b"Not since May" not in bytes(row[1]) for row in rows if row[1] is not None)


def test_the_answers_of_a_full_form_are_stored_by_one_statement(
    audit_request: AuditRequest, queries: AtMost, session: Session
) -> None:
    full = full_form(audit_request)
    session.rollback()
    with queries(16) as saving:
        save(audit_request, full)
    assert sum("INSERT INTO survey_answer" in statement for statement in saving) == 1
    assert set(revision_answers(working_revision(return_of(audit_request)))) == set(full)
    session.rollback()
    with queries(18) as returning:
        give_back(audit_request, full, press(2, seen=1))
    assert sum("INSERT INTO survey_answer" in statement for statement in returning) == 1


def full_form(audit_request: AuditRequest) -> tuple[GivenAnswer, ...]:
    """An answer and a comment on every question with choices."""
    questions = [question for question in audit_request.audit.form.questions if question.choice_values]
    chosen = [GivenAnswer(question.id, option=question.choice_values[0]) for question in questions]
    written = [
        GivenAnswer(question.id, item="comment", text=f"On {question.number}.") for question in questions
    ]
    return tuple(answer for pair in zip(chosen, written, strict=True) for answer in pair)


def test_a_return_counts_queues_one_receipt_and_records_an_event(
    audit_request: AuditRequest, session: Session, outbox: Queued, app: Flask
) -> None:
    heard = []

    def listen(_app: Flask, **facts: int) -> None:
        heard.append(facts)

    with audit_returned.connected_to(listen, sender=app):
        outcome = give_back(audit_request)
    assert outcome.kind == "submit"
    assert kept_of(audit_request).returned_at == MONDAY_MORNING
    assert audit_request not in outstanding(audit_request.grant)
    assert [(mail.kind, mail.to_addr) for mail in outbox()] == [
        ("receipt", audit_request.grant.contact.email)
    ]
    event = session.scalars(select(Event).where(Event.action == "returned_audit")).one()
    assert (event.actor, event.object) == (f"grant {audit_request.grant_id}", f"request {audit_request.id}")
    assert heard == [{"audit_id": audit_request.audit_id, "request_id": audit_request.id}]


def test_the_same_press_twice_is_one_return_and_one_receipt(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    assert [give_back(audit_request).kind for _ in range(3)] == ["submit"] * 3
    assert session.query(Revision).count() == 1
    assert len(outbox()) == 1


def test_the_same_page_with_other_answers_is_stored_as_a_clash(
    audit_request: AuditRequest, session: Session
) -> None:
    save(audit_request, YES, press(1, 0))
    outcome = save(audit_request, NO, press(1, 0))
    assert outcome.kind == "clash"
    assert session.query(Revision).count() == 2
    assert set(revision_answers(outcome.revision)) == set(NO)


def test_an_older_version_clashes_and_both_texts_are_kept(audit_request: AuditRequest) -> None:
    save(audit_request, YES, press(1, 0))
    outcome = save(audit_request, NO, press(2, 0))
    assert outcome.kind == "clash"
    assert outcome.revision.kind == "clash"
    assert set(revision_answers(working_revision(outcome.audit_return))) == set(YES)
    assert save(audit_request, NO, press(3, 1)).kind == "save"


def test_a_clash_is_put_together_from_the_answers_that_its_page_was_opened_with(
    audit_request: AuditRequest,
) -> None:
    reason = GivenAnswer("tasks_and_dates", item="comment", text="Typed here.")
    save(audit_request, YES, press(1, 0))
    save(audit_request, NO, press(2, 1))
    outcome = save(audit_request, (*YES, reason), press(3, 1))
    kept, saved = outcome.audit_return, revision_answers(working_revision(outcome.audit_return))
    assert [answers_seen(kept, version) for version in range(4)] == [(), YES, NO, None]
    merged = put_together(answers_seen(kept, 1), revision_answers(outcome.revision), saved)
    assert set(merged.answers) == {*NO, reason}
    assert merged.changed == {"tasks_and_dates"}
    assert not merged.conflicting
    # Without the answers that the page was opened with, all that differs is for the person to settle.
    merged = put_together(None, (*YES, reason), saved)
    assert set(merged.answers) == {*YES, reason}
    assert merged.conflicting == {"tasks_and_dates", "supervision"}


def test_an_answer_taken_back_on_an_older_page_is_a_change() -> None:
    assert put_together(YES, (), YES).answers == ()
    assert put_together(YES, (), NO).conflicting == {"supervision"}


def test_answers_seen_are_those_before_a_nil_return_and_unknown_after_a_late_text(
    audit_request: AuditRequest,
) -> None:
    save(audit_request, NO, press(1, 0))
    nil(audit_request, how=press(2, 1))
    kept = kept_of(audit_request)
    assert answers_seen(kept, 2) == NO
    save(audit_request, YES, press(3, 2), now=closing_time(audit_request))
    assert answers_seen(kept_of(audit_request), 2) is None


def test_saving_after_returning_does_not_take_the_return_back(audit_request: AuditRequest) -> None:
    give_back(audit_request, YES, press(1, 0))
    outcome = save(audit_request, NO, press(2, 1))
    kept = outcome.audit_return
    assert outcome.kind == "save"
    assert kept.has_returned
    assert set(revision_answers(returned_revision(kept))) == set(YES)
    assert set(revision_answers(working_revision(kept))) == set(NO)
    give_back(audit_request, NO, press(3, 2))
    assert set(revision_answers(returned_revision(kept_of(audit_request)))) == set(NO)


def test_a_correction_keeps_the_earlier_version_and_the_time_of_the_first_return(
    audit_request: AuditRequest, session: Session
) -> None:
    give_back(audit_request, YES, press(1, 0))
    later = MONDAY_MORNING.replace(hour=15)
    give_back(audit_request, NO, press(2, 1), now=later)
    kept = kept_of(audit_request)
    assert (kept.first_returned_at, kept.returned_at) == (MONDAY_MORNING, later)
    assert session.query(Revision).filter_by(kind="submit").count() == 2


def test_a_nil_return_counts_as_returned_with_its_reason(audit_request: AuditRequest, outbox: Queued) -> None:
    nil(audit_request, "moved", whereabouts="Southside")
    kept = kept_of(audit_request)
    assert (kept.has_returned, kept.nil_reason) == (True, "moved")
    assert GivenAnswer(NIL_RETURN_QUESTION, "whereabouts", "", "Southside") in revision_answers(
        returned_revision(kept)
    )
    assert [mail.kind for mail in outbox()] == ["receipt"]


def test_the_whereabouts_are_kept_with_whichever_reason_is_chosen(audit_request: AuditRequest) -> None:
    nil(audit_request, "not_known", whereabouts="Southside")
    assert GivenAnswer(NIL_RETURN_QUESTION, "whereabouts", "", "Southside") in revision_answers(
        returned_revision(kept_of(audit_request))
    )


def test_an_unknown_nil_reason_is_refused(audit_request: AuditRequest, session: Session) -> None:
    with pytest.raises(Refused, match="Choose why"):
        nil(audit_request, "because")
    assert session.query(Return).count() == 0


def test_taking_a_nil_return_back_restores_the_draft(audit_request: AuditRequest) -> None:
    save(audit_request, NO, press(1, 0))
    nil(audit_request, how=press(2, 1))
    with transaction():
        operations.take_back_nil(audit_request, now=MONDAY_MORNING)
    kept = kept_of(audit_request)
    assert (kept.has_returned, kept.nil_reason) == (False, "")
    assert set(revision_answers(kept.current_revision)) == set(NO)
    assert audit_request in outstanding(audit_request.grant)


def test_a_return_replaces_a_nil_return(audit_request: AuditRequest) -> None:
    nil(audit_request, how=press(1, 0))
    give_back(audit_request, YES, press(2, 1))
    assert kept_of(audit_request).nil_reason == ""


def test_chasers_are_cancelled_with_the_last_return_and_not_before(
    make: Maker, audit_request: AuditRequest, outbox: Queued
) -> None:
    first, second = make.requests(audit_request.audit)
    with transaction():
        queue_email("chaser", first.grant_id, to="a@b.example", key="chaser:1:2026-12-11", now=MONDAY_MORNING)
    give_back(first, how=press(1))
    assert outbox()[0].state == "queued"
    nil(second, how=press(2))
    assert outbox()[0].state == "cancelled"


def test_after_close_the_text_is_stored_but_not_returned(audit_request: AuditRequest, outbox: Queued) -> None:
    after = closing_time(audit_request)
    outcome = give_back(audit_request, now=after)
    assert outcome.kind == "late"
    assert not outcome.audit_return.has_returned
    assert set(revision_answers(outcome.revision)) == set(YES)
    assert outbox() == []


def test_a_late_page_counts_once_returns_are_open_again(
    audit_request: AuditRequest, session: Session
) -> None:
    closed, again = closing_time(audit_request), closing_time(audit_request) + timedelta(days=1)
    assert save(audit_request, NO, now=closed).kind == "late"
    assert save(audit_request, NO, now=closed).kind == "late"
    audit_request.audit.closes_at = again + timedelta(days=1)
    session.commit()
    assert [save(audit_request, NO, now=again).kind for _ in range(2)] == ["save", "save"]
    assert session.scalars(select(Revision.kind).order_by(Revision.id)).all() == ["late", "save"]
    assert kept_of(audit_request).version == 1
    assert give_back(audit_request, NO, press(2, seen=1), now=again).kind == "submit"


def test_a_late_text_counts_as_begun(audit_request: AuditRequest, make: Maker) -> None:
    save(audit_request, NO, now=closing_time(audit_request))
    (mine, *_rest) = return_progress(make.requests(audit_request.audit))
    assert (mine.answered, mine.saved_at) == (1, closing_time(audit_request))


def test_an_allowed_late_return_is_marked_late(audit_request: AuditRequest) -> None:
    after = closing_time(audit_request)
    with transaction():
        operations.allow_late_return(audit_request, actor="manager", now=after)
    assert give_back(audit_request, now=after).kind == "submit"
    assert kept_of(audit_request).is_late


def test_a_return_in_time_is_not_late_even_if_corrected_late(audit_request: AuditRequest) -> None:
    give_back(audit_request, how=press(1, 0))
    after = closing_time(audit_request)
    with transaction():
        operations.allow_late_return(audit_request, actor="manager", now=after)
    give_back(audit_request, NO, press(2, 1), now=after)
    assert not kept_of(audit_request).is_late


def test_nothing_is_stored_for_a_withdrawn_request(make: Maker, audit_request: AuditRequest) -> None:
    first, second = make.requests(audit_request.audit)
    assert first.grant.version == 1
    with transaction():
        withdraw_request(second, reason="By mistake", actor="manager", now=MONDAY_MORNING)
    with pytest.raises(LinkWithdrawn):
        save(second)


def test_a_link_withdrawn_during_the_press_stores_nothing(
    audit_request: AuditRequest, session: Session
) -> None:
    assert audit_request.grant.version == 1
    session.connection().exec_driver_sql("UPDATE survey_grant SET version = 2")
    with pytest.raises(LinkWithdrawn):
        operations.save_draft(audit_request, YES, press(), now=MONDAY_MORNING)


def test_eight_presses_of_one_page_at_once_are_one_return(
    audit_request: AuditRequest, app: Flask, session: Session, outbox: Queued
) -> None:
    request_id = audit_request.id
    session.rollback()
    became = []
    start = threading.Barrier(8)

    def push() -> None:
        with app.app_context():
            mine = session.get_one(AuditRequest, request_id)
            session.rollback()
            start.wait()
            with transaction():
                mine = session.get_one(AuditRequest, request_id)
                became.append(operations.return_audit(mine, YES, press(), now=MONDAY_MORNING).kind)
            app.extensions["sqlalchemy"].session.remove()

    in_threads(push, 8)
    assert became == ["submit"] * 8
    assert session.query(Revision).count() == 1
    assert len(outbox()) == 1


def test_six_people_saving_one_version_at_once_lose_no_text(
    audit_request: AuditRequest, app: Flask, session: Session
) -> None:
    request_id = audit_request.id
    session.rollback()
    became = []
    start = threading.Barrier(6)
    numbers = iter(range(6))

    def push() -> None:
        with app.app_context():
            number = next(numbers)
            start.wait()
            text = (GivenAnswer("supervision", item="comment", text=f"Text {number}"),)
            with transaction():
                mine = session.get_one(AuditRequest, request_id)
                became.append(operations.save_draft(mine, text, press(number), now=MONDAY_MORNING).kind)
            app.extensions["sqlalchemy"].session.remove()

    in_threads(push, 6)
    assert sorted(became) == ["clash"] * 5 + ["save"]
    texts = {answer.text for answer in session.scalars(select(Answer))}
    assert texts == {f"Text {number}" for number in range(6)}


def closing_time(audit_request: AuditRequest) -> datetime:
    closes_at = audit_request.audit.closes_at
    assert closes_at is not None
    return closes_at


def in_threads(push: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=contextvars.Context().run, args=(push,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["save", "submit", "nil", "take back"]), st.integers(0, 6), st.integers(1, 4)
        ),
        max_size=8,
    )
)
def test_no_sequence_of_presses_loses_a_text_or_a_return(
    make: Maker, session: Session, history: list[tuple[str, int, int]]
) -> None:
    audit_request = make.requests(make.audit(cases=1, agencies=1))[0]
    stored = 0
    for act, seen, number in history:
        before = return_of(audit_request)
        was_returned = bool(before and before.has_returned)
        how = ButtonPress(f"history-{audit_request.id}-{number}", seen)
        if act == "take back":
            if before is not None:
                with transaction():
                    operations.take_back_nil(audit_request, now=MONDAY_MORNING)
            continue
        outcome = (
            {"save": save, "submit": give_back}.get(act, save)(audit_request, YES, how)
            if act != "nil"
            else nil(audit_request, how=how)
        )
        assert outcome.revision.return_id == kept_of(audit_request).id
        if act == "save" and was_returned:
            assert kept_of(audit_request).has_returned
        count = session.query(Revision).filter_by(return_id=outcome.audit_return.id).count()
        assert count >= stored
        stored = count


def test_a_nil_return_cannot_be_taken_back_after_close_unless_a_late_return_is_allowed(
    audit_request: AuditRequest,
) -> None:
    nil(audit_request)
    after = closing_time(audit_request)
    with pytest.raises(ReturnsClosed), transaction():
        operations.take_back_nil(audit_request, now=after)
    kept = kept_of(audit_request)
    assert (kept.nil_reason != "", kept.has_returned, kept.version) == (True, True, 1)
    with transaction():
        operations.allow_late_return(audit_request, actor="manager", now=after)
    with transaction():
        operations.take_back_nil(audit_request, now=after)
    assert not kept_of(audit_request).has_returned


def test_allowing_a_late_return_twice_keeps_the_first_time(
    audit_request: AuditRequest,
) -> None:
    after = closing_time(audit_request)
    for days in (0, 1):
        with transaction():
            operations.allow_late_return(audit_request, actor="manager", now=after + timedelta(days=days))
    assert kept_of(audit_request).late_allowed_at == after


def test_a_return_after_a_nil_return_taken_back_is_the_first_return(
    audit_request: AuditRequest,
) -> None:
    nil(audit_request, how=press(1, 0))
    with transaction():
        operations.take_back_nil(audit_request, now=MONDAY_MORNING)
    later = MONDAY_MORNING + timedelta(days=1)
    assert give_back(audit_request, YES, press(2, 2), now=later).kind == "submit"
    assert kept_of(audit_request).first_returned_at == later


def test_a_page_opened_before_a_nil_return_was_taken_back_clashes(audit_request: AuditRequest) -> None:
    nil(audit_request, how=press(1, 0))
    with transaction():
        operations.take_back_nil(audit_request, now=MONDAY_MORNING)
    assert save(audit_request, NO, press(2, seen=1)).kind == "clash"
    assert save(audit_request, NO, press(3, seen=2)).kind == "save"


def test_a_late_text_keeps_its_submission_id_if_another_request_sends_the_same(
    make: Maker, audit_request: AuditRequest, session: Session
) -> None:
    first, second = make.requests(audit_request.audit)
    closed = closing_time(first)
    assert save(first, NO, press(1), now=closed).kind == "late"
    first.audit.closes_at = closed + timedelta(days=2)
    session.commit()
    assert save(second, YES, press(1), now=closed + timedelta(hours=1)).kind == "save"
    late = session.scalars(select(Revision).where(Revision.kind == "late")).one()
    assert (late.submission_id, late.return_id) == ("press-number-1", kept_of(first).id)
