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
from surveyapp.concluding.conclusion_rules import NotOfThisAudit, TextMissingOrTooLong
from surveyapp.concluding.concurrent_edits import action_digest
from surveyapp.concluding.models import Action
from surveyapp.concluding.queries import action_named, action_progress, actions_of, overdue_actions
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


def say(action: Action, status: str, evidence: str = "") -> None:
    with transaction():
        update_action(action, status=status, evidence=evidence, **ACTING)


def test_an_action_says_what_who_by_when_and_how_it_will_be_known(audit: Audit) -> None:
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
def test_what_is_missing_or_wrong_in_an_action_is_said(
    audit: Audit, details: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        acted(audit, **details)  # type: ignore[arg-type]  # each of its own kind
    assert actions_of(audit.id) == []


def test_an_action_answers_nothing_of_another_audit(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    finding, recommendation = found(other), recommended(other)
    with pytest.raises(NotOfThisAudit):
        acted(audit, finding_id=finding.id)
    with pytest.raises(NotOfThisAudit):
        acted(audit, recommendation_id=recommendation.id)


def test_every_update_is_kept_with_its_evidence(audit: Audit, session: Session) -> None:
    action = acted(audit)
    say(action, "under_way", "Agreed by the group.")
    say(action, "under_way", "Half the minutes say so.")
    say(action, "done", "Ten of ten do.")
    kept = actions_of(audit.id)[0]
    assert (kept.status_words, kept.is_done) == ("Done", True)
    assert [(each.status_words, each.evidence) for each in kept.updates] == [
        ("Under way", "Agreed by the group."),
        ("Under way", "Half the minutes say so."),
        ("Done", "Ten of ten do."),
    ]
    assert {(each.actor, each.at) for each in kept.updates} == {("manager", MONDAY_MORNING)}
    events = session.scalars(select(Event).where(Event.action == "updated_action").order_by(Event.id)).all()
    assert [event.detail for event in events] == [
        f"action {action.id}: {status}" for status in ("under_way", "under_way", "done")
    ]
    raw = session.connection().exec_driver_sql("SELECT evidence FROM survey_action_update").scalars().all()
    assert not any(b"minutes" in bytes(each) for each in raw)


def test_an_update_says_something_and_done_has_its_evidence(audit: Audit) -> None:
    action = acted(audit)
    with pytest.raises(UnknownStatus):
        update_action(action, status="abandoned", **ACTING)
    with pytest.raises(EmptyUpdate, match="Choose another status, or write"):
        update_action(action, status="open", **ACTING)
    with pytest.raises(TextMissingOrTooLong, match="Write the evidence"):
        update_action(action, status="done", evidence=" ", **ACTING)
    say(action, "under_way")
    assert actions_of(audit.id)[0].updates[0].evidence is None


def test_overdue_is_past_its_day_and_not_done_over_the_whole_programme(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    today = date(2026, 12, 10)
    late = acted(audit, due_on=date(2026, 12, 9))
    later = acted(other, due_on=date(2026, 12, 1))
    acted(audit, due_on=today)
    done = acted(audit, due_on=date(2026, 12, 1))
    say(done, "done", "Seen.")
    assert overdue_actions(today) == [later, late]
    assert [each.is_overdue(today) for each in actions_of(audit.id)] == [False, True, False]
    assert action_progress(actions_of(audit.id), today).in_words == (
        "1 of 3 actions done, 0 under way, 2 not started. 1 is overdue."
    )
    assert action_progress([], today).in_words == "There are no actions yet."
    assert action_progress([late], date(2026, 12, 9)).in_words.endswith("None is overdue.")


def test_actions_stand_in_the_order_in_which_they_are_due(audit: Audit) -> None:
    for day in (20, 3, 11):
        acted(audit, due_on=date(2027, 1, day))
    assert [each.due_on.day for each in actions_of(audit.id)] == [3, 11, 20]


def changed(action: Action, **changes: object) -> None:
    said = {
        "what": action.what,
        "measure": action.measure,
        "owner": action.owner,
        "owner_email": action.owner_email,
        "due_on": action.due_on,
        **changes,
    }
    later = MONDAY_MORNING + timedelta(hours=1)
    with transaction():
        change_action(action, ActionDetails(**said), actor="manager", now=later)  # type: ignore[arg-type]  # likewise


def waiting(action: Action) -> None:
    """Queue an email about an action."""
    with transaction():
        queue_email(
            ACTION_DUE.name, action.id, to=action.owner_email, key=f"test:{action.id}", now=MONDAY_MORNING
        )


@pytest.mark.parametrize(
    "changes", [{"due_on": date(2027, 2, 1)}, {"owner_email": "other@partnership.example"}]
)
def test_a_new_day_or_owner_ends_what_was_queued_and_begins_anew(
    audit: Audit, outbox: Queued, changes: dict[str, object]
) -> None:
    action = acted(audit)
    waiting(action)
    changed(action, what="Other words.")
    assert (action.due_set_at, outbox()[0].state) == (MONDAY_MORNING, "queued")
    changed(action, **changes)
    assert (action.due_set_at, outbox()[0].state) == (MONDAY_MORNING + timedelta(hours=1), "cancelled")


def test_done_ends_what_was_queued_and_open_again_begins_anew(audit: Audit, outbox: Queued) -> None:
    action = acted(audit)
    waiting(action)
    say(action, "done", "Seen.")
    assert outbox()[0].state == "cancelled"
    with transaction():
        later = MONDAY_MORNING + timedelta(days=1)
        update_action(action, status="under_way", evidence="Not so.", actor="manager", now=later)
    assert action.due_set_at == later


def test_two_who_change_an_action_at_once_are_told_of_each_other(audit: Audit) -> None:
    action = acted(audit)
    seen = action_digest(action)
    changed(action, what="Theirs.")
    details = ActionDetails("Mine.", "m", "o", FRIDAY)
    with pytest.raises(EditConflict, match="this action"):
        change_action(action, details, seen=seen, **ACTING)


def test_an_action_is_removed_only_while_nothing_was_said_of_it(audit: Audit, outbox: Queued) -> None:
    said, silent = acted(audit), acted(audit)
    say(said, "under_way")
    with pytest.raises(ActionHasUpdates, match=f"A{said.id} has updates"):
        remove_action(said, **ACTING)
    waiting(silent)
    with transaction():
        remove_action(silent, **ACTING)
    assert actions_of(audit.id) == [said]
    assert outbox()[0].state == "cancelled"
    with pytest.raises(NotFound):
        remove_action(silent, **ACTING)


def test_an_action_is_found_only_in_its_audit(audit: Audit, make: Maker) -> None:
    action = acted(audit)
    assert action_named(audit.id, action.id) is action
    with pytest.raises(Exception, match="No row was found"):
        action_named(make.audit(cases=1, agencies=1).id, action.id)
