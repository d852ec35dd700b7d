"""A concern follows the answers, and the partnership gets one email about it, without details."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.concerns.emails import CONCERN
from surveyapp.answering.concerns.operations import outcome_digest, write_outcome
from surveyapp.answering.concerns.queries import concern_of, concerns_of
from surveyapp.answering.models import Concern
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.closing.operations import close_returns
from surveyapp.defining.concern import CURRENT_CONCERN
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.signals import concern_raised
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from tests.answering.concerns.raised_concerns import CALM, RAISED, act, concern_on, save
from tests.conftest import MONDAY_MORNING
from tests.defining.forms_at_hand import feature
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
AtMost = Callable[[int], AbstractContextManager[list[str]]]

LATER = MONDAY_MORNING + timedelta(hours=1)


def told(outbox: Queued) -> list[str]:
    return [mail.to_addr for mail in outbox() if mail.kind == "concern"]


@pytest.mark.parametrize("how", [operations.save_draft, operations.return_audit])
def test_saving_or_returning_with_the_tick_raises_a_concern_and_emails_the_partnership(
    how: Callable[..., SaveOutcome], audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    assert act(how, audit_request, RAISED, 0).raised_concern
    concern = concern_on(session)
    assert concern is not None
    assert (concern.told_whom, concern.told_when) == ("Our safeguarding lead", "today, 10am")
    assert (concern.raised_at, concern.taken_back_at) == (MONDAY_MORNING, None)
    assert told(outbox) == ["audits@partnership.example"]


def test_a_second_press_changes_the_words_and_sends_no_second_email(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    save(audit_request, RAISED[:2], 0)
    assert not save(audit_request, RAISED, 1, now=LATER).raised_concern
    assert not save(audit_request, RAISED, 1, now=LATER).raised_concern
    concern = concern_on(session)
    assert concern is not None
    assert (concern.raised_at, concern.told_when) == (MONDAY_MORNING, "today, 10am")
    assert len(told(outbox)) == 1


def test_unticking_takes_a_concern_back_and_ticking_again_sends_another_email(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    save(audit_request, RAISED, 0)
    save(audit_request, CALM, 1, now=LATER)
    concern = concern_on(session)
    assert concern is not None
    assert concern.taken_back_at == LATER
    assert CONCERN.word(concern.id, "audits@partnership.example") is None
    assert save(audit_request, RAISED, 2, now=LATER).raised_concern
    concern = concern_on(session)
    assert concern is not None
    assert (concern.raised_at, concern.taken_back_at) == (LATER, None)
    assert len(told(outbox)) == 2
    actions = session.scalars(select(Event.action).where(Event.action.like("%concern%")).order_by(Event.id))
    assert list(actions) == ["raised_concern", "took_back_concern", "raised_concern"]


def test_answers_without_a_concern_make_no_row_and_no_email(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    save(audit_request, CALM, 0)
    assert concern_on(session) is None
    assert not told(outbox)


def test_not_involved_leaves_a_concern_as_it_was(audit_request: AuditRequest, session: Session) -> None:
    save(audit_request, RAISED, 0)
    with transaction():
        operations.return_nil(audit_request, "not_known", ButtonPress("press-nil", 1), now=LATER)
    concern = concern_on(session)
    assert concern is not None
    assert concern.taken_back_at is None


def test_a_clash_may_raise_a_concern_and_never_takes_one_back(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    save(audit_request, CALM, 0)
    assert save(audit_request, RAISED, 0, number=7).kind == "clash"
    assert len(told(outbox)) == 1
    assert save(audit_request, CALM, 0, number=8).kind == "clash"
    concern = concern_on(session)
    assert concern is not None
    assert concern.taken_back_at is None
    save(audit_request, (*RAISED[:2], GivenAnswer(CURRENT_CONCERN, "told_whom", text="Nobody")), 0, number=9)
    concern = concern_on(session)
    assert concern is not None
    assert concern.told_whom == "Our safeguarding lead"


def test_late_text_still_raises_a_concern(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    with transaction():
        close_returns(audit_request.audit, actor="worker", now=MONDAY_MORNING)
    assert save(audit_request, RAISED, 0, now=LATER).kind == "late"
    assert concern_on(session) is not None
    assert len(told(outbox)) == 1


def test_an_answer_that_raises_a_concern_acts_like_the_tick(
    make: Maker, session: Session, outbox: Queued
) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.form_definition = feature("raises_concern").to_json()
    (audit_request,) = make.requests(audit)
    save(audit_request, (GivenAnswer("worry", option="yes"),), 0)
    concern = concern_on(session)
    assert concern is not None
    assert (concern.told_whom, concern.told_when) == (None, None)
    save(audit_request, (GivenAnswer("worry", option="no"),), 1, now=LATER)
    concern = concern_on(session)
    assert concern is not None
    assert concern.taken_back_at == LATER
    assert len(told(outbox)) == 1


def test_no_email_is_sent_if_the_answers_are_not_stored(
    audit_request: AuditRequest, session: Session, outbox: Queued
) -> None:
    def fails_afterwards() -> None:
        with transaction():
            operations.save_draft(audit_request, RAISED, ButtonPress("press-broken", 0), now=MONDAY_MORNING)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_afterwards()
    assert concern_on(session) is None
    assert not told(outbox)


def test_the_details_of_a_concern_are_encrypted(audit_request: AuditRequest, session: Session) -> None:
    save(audit_request, RAISED, 0)
    rows = session.connection().exec_driver_sql("SELECT told_whom, told_when FROM survey_concern").all()
    assert all(b"safeguarding" not in bytes(text) and b"10am" not in bytes(text) for text in rows[0])


def test_hosts_hear_of_a_concern_after_the_commit(audit_request: AuditRequest) -> None:
    heard: list[dict[str, int]] = []

    def hear(_app: object, **facts: int) -> None:
        heard.append(facts)

    numbers = {"audit_id": audit_request.audit_id, "request_id": audit_request.id}
    with concern_raised.connected_to(hear):
        save(audit_request, RAISED, 0)
    assert heard == [numbers]


def test_a_save_without_a_concern_takes_at_most_one_more_statement(
    audit_request: AuditRequest, queries: AtMost
) -> None:
    with queries(16):
        save(audit_request, CALM, 0)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticks=st.lists(st.booleans(), min_size=1, max_size=6))
def test_after_any_presses_the_row_matches_the_last_one_and_each_raising_sent_one_email(
    make: Maker, session: Session, outbox: Queued, ticks: list[bool]
) -> None:
    audit_request = make.requests(make.audit(cases=1, agencies=1))[0]
    before = len(told(outbox))
    for number, ticked in enumerate(ticks):
        with transaction():
            operations.save_draft(
                audit_request,
                RAISED if ticked else CALM,
                ButtonPress(f"press-{audit_request.id}-{number}", number),
                now=MONDAY_MORNING,
            )
    session.rollback()
    concern = session.scalar(select(Concern).where(Concern.request_id == audit_request.id))
    assert (concern is not None and concern.taken_back_at is None) is ticks[-1]
    raisings = sum(now and not then for then, now in zip([False, *ticks], ticks, strict=False))
    assert len(told(outbox)) - before == raisings


# --- outcomes --------------------------------------------------------------------------------------


def write(
    concern: Concern,
    text: str = "Discussed.",
    *,
    referred: bool = False,
    seen: str = "",
    at: datetime = LATER,
) -> None:
    with transaction():
        write_outcome(concern, text, was_referred=referred, seen=seen, actor="staff 1", now=at)


def test_an_outcome_is_stored_with_its_writer_and_time(audit_request: AuditRequest, session: Session) -> None:
    save(audit_request, RAISED, 0)
    concern = concern_on(session)
    assert concern is not None
    audit = audit_request.audit
    assert concern_of(audit.id, audit_request.id).is_waiting
    write(concern, " Discussed with the lead. ", referred=True)
    found = concern_of(audit.id, audit_request.id)
    assert (found.concern.outcome, found.concern.was_referred) == ("Discussed with the lead.", True)
    assert (found.concern.outcome_at, found.written_by) == (LATER, "staff 1")
    assert found.has_outcome
    assert not found.is_waiting


def test_two_who_write_an_outcome_do_not_overwrite_each_other(
    audit_request: AuditRequest, session: Session
) -> None:
    save(audit_request, RAISED, 0)
    concern = concern_on(session)
    assert concern is not None
    write(concern, "Mine.")
    with pytest.raises(EditConflict, match="Someone else wrote an outcome"):
        write(concern, "Theirs.")
    session.rollback()
    assert concern.outcome == "Mine."
    write(concern, "Theirs.", seen=outcome_digest(concern))
    assert concern.outcome == "Theirs."


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_an_empty_or_endless_outcome_is_refused(
    audit_request: AuditRequest, session: Session, text: str
) -> None:
    save(audit_request, RAISED, 0)
    concern = concern_on(session)
    assert concern is not None
    with pytest.raises(Refused, match="2,000"):
        write(concern, text)


def test_a_concern_raised_again_waits_despite_its_earlier_outcome(
    audit_request: AuditRequest, session: Session
) -> None:
    save(audit_request, RAISED, 0)
    concern = concern_on(session)
    assert concern is not None
    write(concern)
    save(audit_request, CALM, 1, now=LATER + timedelta(minutes=1))
    save(audit_request, RAISED, 2, now=LATER + timedelta(minutes=2))
    (found,) = concerns_of(audit_request.audit)
    assert found.is_waiting
    assert found.concern.outcome == "Discussed."


def test_waiting_concerns_come_first_and_those_of_another_audit_are_left_out(
    make: Maker, session: Session
) -> None:
    audit, other = make.audit(cases=3, agencies=1), make.audit(cases=1, agencies=1)
    for number, audit_request in enumerate(make.requests(audit)):
        save(audit_request, RAISED, 0, number=number + 1, now=MONDAY_MORNING + timedelta(minutes=number))
    save(make.requests(other)[0], RAISED, 0, number=9)
    newest = concerns_of(audit)[0]
    write(newest.concern)
    session.rollback()
    cases = [concern.concern.audit_request.case.pseudonym for concern in concerns_of(audit)]
    assert cases == ["Child 2", "Child 1", "Child 3"]
    with pytest.raises(NotFound):
        concern_of(audit.id, make.requests(other)[0].id)


def test_the_concerns_of_an_audit_take_two_statements_however_many(
    make: Maker, session: Session, queries: AtMost
) -> None:
    audit = make.audit(cases=12, agencies=1)
    for number, audit_request in enumerate(make.requests(audit)):
        session.add(
            Concern(
                request_id=audit_request.id,
                raised_at=MONDAY_MORNING,
                outcome="Done." if number % 2 else None,
                outcome_at=LATER if number % 2 else None,
                was_referred=False if number % 2 else None,
            )
        )
    session.commit()
    audit.id  # noqa: B018 — read before counting
    with queries(2):
        found = concerns_of(audit)
        names = {
            (standing.concern.audit_request.case.pseudonym, standing.concern.audit_request.agency.name)
            for standing in found
        }
    assert len(names) == 12
