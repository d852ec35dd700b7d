"""Adding, changing, updating and removing actions."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.concluding.actions.emails import ACTION_DUE
from surveyapp.concluding.actions.operations import (
    ActionDetails,
    ActionHasUpdates,
    EmptyUpdate,
    OwnerAddressRefused,
    UnknownStatus,
    change_action,
    remove_action,
    update_action,
)
from surveyapp.concluding.actions.progress import action_progress
from surveyapp.concluding.conclusion_rules import NotOfThisAudit, TextMissingOrTooLong
from surveyapp.concluding.edit_conflicts import action_digest
from surveyapp.concluding.models import Action
from surveyapp.concluding.queries import action_by_id, actions_of, overdue_actions
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import ACTING, FRIDAY, acted, found, recommended
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1)


def add_update(action: Action, status: str, evidence: str = "") -> None:
    with transaction():
        update_action(action, status=status, evidence=evidence, **ACTING)


def test_an_action_stores_what_who_by_when_and_how_it_will_be_known(audit: Audit) -> None:
    finding = found(audit)
    acted(
        audit, "Put it on every agenda.", owner_email=" head@partnership.example\u200b", finding_id=finding.id
    )
    action = actions_of(audit.id)[0]
    assert action.reference == f"A{action.id}"
    assert (action.what, action.measure) == ("Put it on every agenda.", "Ten sets of minutes say so.")
    assert (action.owner, action.owner_email) == ("Head of safeguarding", "head@partnership.example")
    assert (action.due_on, action.status_words, action.answers_to) == (FRIDAY, "Not started", finding)


@pytest.mark.parametrize(
    ("details", "error", "words"),
    [
        ({"what": " "}, TextMissingOrTooLong, "Write what will be done"),
        ({"measure": ""}, TextMissingOrTooLong, "Write how it will be known to be done"),
        ({"owner": ""}, TextMissingOrTooLong, "Say who sees to it"),
        ({"owner": "x" * 201}, TextMissingOrTooLong, "200 characters"),
        ({"owner_email": "head at partnership"}, OwnerAddressRefused, "or leave it empty"),
        ({"agency_id": 999}, NotOfThisAudit, "The agency that you chose is gone"),
        ({"finding_id": 999}, NotOfThisAudit, "The finding you chose"),
        ({"recommendation_id": 999}, NotOfThisAudit, "The recommendation you chose"),
        ({"finding_id": 1, "recommendation_id": 1}, NotOfThisAudit, "one finding or one recommendation"),
    ],
)
def test_missing_or_wrong_details_are_refused(
    audit: Audit, details: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        acted(audit, **details)  # type: ignore[arg-type]  # of several types
    assert actions_of(audit.id) == []


def test_an_action_cannot_answer_a_conclusion_of_another_audit(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    finding, recommendation = found(other), recommended(other)
    with pytest.raises(NotOfThisAudit):
        acted(audit, finding_id=finding.id)
    with pytest.raises(NotOfThisAudit):
        acted(audit, recommendation_id=recommendation.id)


def test_every_update_is_stored_with_its_evidence(audit: Audit, session: Session) -> None:
    action = acted(audit)
    add_update(action, "under_way", "Agreed by the group.")
    add_update(action, "under_way", "Half the minutes say so.")
    add_update(action, "done", "Ten of ten do.")
    stored = actions_of(audit.id)[0]
    assert (stored.status_words, stored.is_done) == ("Done", True)
    assert [(update.status_words, update.evidence) for update in stored.updates] == [
        ("Under way", "Agreed by the group."),
        ("Under way", "Half the minutes say so."),
        ("Done", "Ten of ten do."),
    ]
    assert {(update.actor, update.at) for update in stored.updates} == {("manager", MONDAY_MORNING)}
    events = session.scalars(select(Event).where(Event.action == "updated_action").order_by(Event.id)).all()
    assert [event.detail for event in events] == [
        f"action {action.id}: {status}" for status in ("under_way", "under_way", "done")
    ]
    raw = session.connection().exec_driver_sql("SELECT evidence FROM survey_action_update").scalars().all()
    assert not any(b"minutes" in bytes(value) for value in raw)


def test_an_update_needs_a_change_and_done_needs_evidence(audit: Audit) -> None:
    action = acted(audit)
    with pytest.raises(UnknownStatus):
        update_action(action, status="abandoned", **ACTING)
    with pytest.raises(EmptyUpdate, match="Choose another status, or write"):
        update_action(action, status="open", **ACTING)
    with pytest.raises(TextMissingOrTooLong, match="Write the evidence"):
        update_action(action, status="done", evidence=" ", **ACTING)
    add_update(action, "under_way")
    assert actions_of(audit.id)[0].updates[0].evidence is None


def test_overdue_actions_of_all_audits_are_past_their_day_and_not_done(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    today = date(2026, 12, 10)
    late = acted(audit, due_on=date(2026, 12, 9))
    later = acted(other, due_on=date(2026, 12, 1))
    acted(audit, due_on=today)
    done = acted(audit, due_on=date(2026, 12, 1))
    add_update(done, "done", "Seen.")
    assert overdue_actions(today) == [later, late]
    assert [action.is_overdue(today) for action in actions_of(audit.id)] == [False, True, False]
    assert action_progress(actions_of(audit.id), today).in_words == (
        "1 of 3 actions done, 0 under way, 2 not started. 1 is overdue."
    )
    assert action_progress([], today).in_words == "There are no actions yet."
    assert action_progress([late], date(2026, 12, 9)).in_words.endswith("None is overdue.")


def test_actions_are_in_the_order_of_their_due_days(audit: Audit) -> None:
    for day in (20, 3, 11):
        acted(audit, due_on=date(2027, 1, day))
    assert [action.due_on.day for action in actions_of(audit.id)] == [3, 11, 20]


def changed(action: Action, **changes: object) -> None:
    values = {
        "what": action.what,
        "measure": action.measure,
        "owner": action.owner,
        "owner_email": action.owner_email,
        "due_on": action.due_on,
        **changes,
    }
    later = MONDAY_MORNING + timedelta(hours=1)
    with transaction():
        change_action(action, ActionDetails(**values), actor="manager", now=later)  # type: ignore[arg-type]  # of several types


def queue_email_about(action: Action) -> None:
    """Queue an email about an action."""
    with transaction():
        queue_email(
            ACTION_DUE.name, action.id, to=action.owner_email, key=f"test:{action.id}", now=MONDAY_MORNING
        )


@pytest.mark.parametrize(
    "changes", [{"due_on": date(2027, 2, 1)}, {"owner_email": "other@partnership.example"}]
)
def test_a_new_day_or_address_cancels_queued_emails_and_starts_again(
    audit: Audit, outbox: Queued, changes: dict[str, object]
) -> None:
    action = acted(audit)
    queue_email_about(action)
    changed(action, what="Other words.")
    assert (action.due_set_at, outbox()[0].state) == (MONDAY_MORNING, "queued")
    changed(action, **changes)
    assert (action.due_set_at, outbox()[0].state) == (MONDAY_MORNING + timedelta(hours=1), "cancelled")


def test_done_cancels_queued_emails_and_reopening_starts_again(audit: Audit, outbox: Queued) -> None:
    action = acted(audit)
    queue_email_about(action)
    add_update(action, "done", "Seen.")
    assert outbox()[0].state == "cancelled"
    with transaction():
        later = MONDAY_MORNING + timedelta(days=1)
        update_action(action, status="under_way", evidence="Not so.", actor="manager", now=later)
    assert action.due_set_at == later


def test_a_concurrent_edit_of_an_action_is_refused(audit: Audit) -> None:
    action = acted(audit)
    seen = action_digest(action)
    changed(action, what="Theirs.")
    details = ActionDetails("Mine.", "m", "o", FRIDAY)
    with pytest.raises(EditConflict, match="this action"):
        change_action(action, details, seen=seen, **ACTING)


def test_an_action_with_updates_cannot_be_removed(audit: Audit, outbox: Queued) -> None:
    updated, without_update = acted(audit), acted(audit)
    add_update(updated, "under_way")
    with pytest.raises(ActionHasUpdates, match=f"A{updated.id} has updates"):
        remove_action(updated, **ACTING)
    queue_email_about(without_update)
    with transaction():
        remove_action(without_update, **ACTING)
    assert actions_of(audit.id) == [updated]
    assert outbox()[0].state == "cancelled"
    with pytest.raises(NotFound):
        remove_action(without_update, **ACTING)


def test_an_action_is_found_only_in_its_audit(audit: Audit, make: Maker) -> None:
    action = acted(audit)
    assert action_by_id(audit.id, action.id) is action
    with pytest.raises(Exception, match="No row was found"):
        action_by_id(make.audit(cases=1, agencies=1).id, action.id)
