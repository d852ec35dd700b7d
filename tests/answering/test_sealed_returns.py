"""Whatever is done to a stored return beside the program, the verification finds it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.answering.models import Revision
from surveyapp.answering.returns.autosave import store_autosave
from surveyapp.answering.returns.operations import (
    allow_late_return,
    return_audit,
    return_nil,
    save_draft,
    take_back_nil,
)
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.sealed_returns import verify_returns
from surveyapp.closing.operations import close_returns
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store import schema
from surveyapp.foundation.store.db import engine, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from surveyapp.retention.models import DRAFTS, RETURNS
from surveyapp.retention.purging.purge_operations import begin_purge
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

YES = (
    GivenAnswer("supervision", option="yes"),
    GivenAnswer("supervision", "comment", text="The plan was “kept”."),
)
NO = (GivenAnswer("supervision", option="no"), GivenAnswer("supervision", "comment", text="It drifted."))
LATER = MONDAY_MORNING + timedelta(hours=1)


def _returned(audit_request: AuditRequest, *, seen: int = 0, answers: tuple[GivenAnswer, ...] = YES) -> None:
    with transaction():
        press = ButtonPress(f"press-{audit_request.id}-{seen}", seen)
        return_audit(audit_request, answers, press, now=MONDAY_MORNING)


@pytest.fixture
def requests(make: Maker, audit: Audit) -> list[AuditRequest]:
    """Three requests, of which the first two are returned, the first with a draft before."""
    requests = make.requests(audit)
    with transaction():
        save_draft(requests[0], NO, ButtonPress("draft", 0), now=MONDAY_MORNING)
    _returned(requests[0], seen=1)
    _returned(requests[1], answers=NO)
    return requests


def _attack(session: Session, *statements: str) -> list[str]:
    with transaction():
        for statement in statements:
            session.execute(text(statement))
    return verify_returns().faults


def test_every_way_of_storing_answers_leaves_a_seal_that_agrees(
    requests: list[AuditRequest], audit: Audit, session: Session
) -> None:
    third = requests[2]
    with transaction():
        store_autosave(third, NO, ButtonPress("page", 0), now=MONDAY_MORNING)
    with transaction():
        return_nil(third, "moved", ButtonPress("nil", 0), whereabouts="To Wales.", now=MONDAY_MORNING)
    with transaction():
        take_back_nil(third, now=MONDAY_MORNING)
    # An older page is a clash.
    with transaction():
        assert save_draft(requests[0], YES, ButtonPress("old", 0), now=MONDAY_MORNING).kind == "clash"
    with transaction():
        close_returns(audit, actor="Ann Lee", now=MONDAY_MORNING)
    late = ButtonPress("late", 2)
    with transaction():
        assert return_audit(third, YES, late, now=LATER).kind == "late"
    with transaction():
        allow_late_return(third, actor="Ann Lee", now=LATER)
    # That it may be returned is not that it was.
    assert verify_returns().faults == []
    # The same page counts now, and takes over the id of its late text.
    with transaction():
        assert return_audit(third, YES, late, now=LATER).kind == "submit"
    kinds = {revision.kind for revision in session.query(Revision)}
    assert kinds == {"save", "submit", "autosave", "nil", "clash", "late"}
    found = verify_returns()
    assert (found.faults, found.returns, found.texts) == ([], 3, session.query(Revision).count())


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE survey_answer SET option = 'no' WHERE revision_id = 2 AND item = ''",
        "DELETE FROM survey_answer WHERE revision_id = 2 AND item = ''",
        "UPDATE survey_answer SET question = 'plan' WHERE revision_id = 2 AND item = ''",
        # A text of another child, which opens there, since it is of the same column.
        """UPDATE survey_answer SET text =
        (SELECT text FROM survey_answer WHERE revision_id = 3 AND item != '')
        WHERE revision_id = 2 AND item != ''""",
        "UPDATE survey_answer SET text = NULL WHERE revision_id = 2",
        "UPDATE survey_revision SET created_at = '2026-11-29 09:00:00' WHERE id = 2",
        "UPDATE survey_revision SET seal = (SELECT seal FROM survey_revision WHERE id = 1) WHERE id = 2",
        "UPDATE survey_revision SET seal = '' WHERE id = 2",
    ],
)
def test_a_text_that_was_changed_is_named(
    session: Session, requests: list[AuditRequest], statement: str
) -> None:
    fault = _attack(session, statement)[0]
    assert fault.endswith(f"for request {requests[0].id}, is not as it was stored.")


@pytest.mark.usefixtures("requests")
def test_answers_moved_to_the_return_of_another_child_are_found(session: Session) -> None:
    faults = _attack(
        session,
        "UPDATE survey_revision SET return_id = 1 WHERE id = 3",
        "UPDATE survey_return SET current_revision_id = 3 WHERE id = 1",
    )
    assert any("is not as it was stored" in fault for fault in faults)


def test_a_return_for_which_an_older_text_counts_is_named(
    session: Session, requests: list[AuditRequest]
) -> None:
    _returned(requests[0], seen=2, answers=NO)
    assert verify_returns().faults == []
    assert _attack(session, "UPDATE survey_return SET current_revision_id = 2 WHERE id = 1") == [
        f"For request {requests[0].id}, another text counts than was last returned."
    ]


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE survey_return SET returned_at = NULL WHERE id = 1"],
        [
            "UPDATE survey_return SET current_revision_id = NULL WHERE id = 1",
            "DELETE FROM survey_answer WHERE revision_id IN (1, 2)",
            "DELETE FROM survey_revision WHERE return_id = 1",
            "DELETE FROM survey_return WHERE id = 1",
        ],
    ],
    ids=["returned no more", "deleted"],
)
def test_a_return_that_the_log_has_and_that_is_not_there_is_named(
    session: Session, requests: list[AuditRequest], audit: Audit, statements: list[str]
) -> None:
    assert _attack(session, *statements) == [
        f"Request {requests[0].id} was returned, as the log has it, and its return is not there."
    ]
    # Who deletes it can also mark the audit as purged; the log has no purge of its returns.
    audit.answers_removed_at = MONDAY_MORNING
    record_event("worker", "began_purge", f"audit {audit.id}", DRAFTS, now=MONDAY_MORNING)
    session.commit()
    assert len(verify_returns().faults) == 1


def test_no_return_is_missed_once_a_purge_has_begun(
    session: Session, requests: list[AuditRequest], audit: Audit
) -> None:
    with transaction():
        close_returns(audit, actor="Ann Lee", now=MONDAY_MORNING)
    with transaction():
        begin_purge(audit, RETURNS, due_on=None, actor="Ann Lee", now=LATER)
    assert _attack(session, "UPDATE survey_return SET returned_at = NULL") == []
    assert requests


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE survey_return SET returned_at = '2026-11-29 09:00:00' WHERE id = 1",
            "the time at which it was returned was changed.",
        ),
        (
            "UPDATE survey_return SET nil_reason = 'moved' WHERE id = 1",
            "the reason of a nil return was changed.",
        ),
    ],
)
def test_a_return_that_says_another_time_or_reason_is_named(
    session: Session, requests: list[AuditRequest], statement: str, fault: str
) -> None:
    assert _attack(session, statement) == [f"For request {requests[0].id}, {fault}"]


def test_a_nil_return_made_an_ordinary_one_is_named(session: Session, requests: list[AuditRequest]) -> None:
    with transaction():
        return_nil(requests[2], "moved", ButtonPress("nil", 0), now=MONDAY_MORNING)
    assert verify_returns().faults == []
    assert _attack(session, "UPDATE survey_return SET nil_reason = '' WHERE nil_reason != ''") == [
        f"For request {requests[2].id}, the reason of a nil return was changed."
    ]


@pytest.mark.usefixtures("requests")
def test_a_text_that_does_not_open_is_named(session: Session) -> None:
    unreadable = "UPDATE survey_answer SET text = CAST('abc' AS {}) WHERE revision_id = 2 AND item != ''"
    kind_of_bytes = "BLOB" if engine().dialect.name == "sqlite" else "bytea"
    (fault,) = _attack(session, unreadable.format(kind_of_bytes))
    assert fault.endswith("does not open.")


def test_one_audit_is_verified_alone(
    session: Session, make: Maker, requests: list[AuditRequest], audit: Audit
) -> None:
    other = make.audit(cases=1, agencies=1, title="Another audit")
    _returned(make.requests(other)[0])
    assert _attack(session, "UPDATE survey_revision SET seal = '' WHERE id = 4")
    found = verify_returns(audit)
    assert (found.faults, found.returns, found.texts) == ([], 2, 3)
    assert len(verify_returns(other).faults) == 1
    assert requests


@pytest.mark.usefixtures("requests")
def test_the_migration_seals_what_was_returned_before(session: Session) -> None:
    session.rollback()
    schema.downgrade(engine(), to="0036")
    schema.upgrade(engine(), now=MONDAY_MORNING)
    found = verify_returns()
    assert (found.faults, found.texts) == ([], 3)
