"""The email to the owner of an action."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from surveyapp.concluding.actions.emails import ACTION_DUE
from surveyapp.concluding.actions.operations import update_action
from surveyapp.concluding.models import Action
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.store.db import transaction
from tests.concluding.example_conclusions import ACTING, acted, found
from tests.row_maker import Maker

HERE = Path(__file__).parent
OWNER = "head@partnership.example"


@pytest.fixture
def action(make: Maker, clock: time_machine.Traveller) -> Action:
    """An action due on Friday 18 December 2026, a week before that."""
    audit = make.audit(cases=1, agencies=1, title="Repeat plans, January 2027")
    finding = found(audit, "Children are not seen alone.", challenge="See them.")
    action = acted(audit, "Put it on every agenda.", finding_id=finding.id)
    clock.move_to(datetime(2026, 12, 11, 9, tzinfo=UTC))
    return action


def test_the_email_has_the_agreed_words(action: Action) -> None:
    email = ACTION_DUE.word(action.id, OWNER)
    assert email is not None
    rendered = render_email(email)
    assert f"Subject: {rendered.subject}\n\n{rendered.text}" == (HERE / "action_due.txt").read_text()


@pytest.mark.parametrize(
    ("day", "subject", "words"),
    [
        (11, "Action A1 is due on Friday 18 December 2026", "It is due on Friday 18 December 2026."),
        (18, "Action A1 is due today, Friday 18 December 2026", "It is due today, Friday"),
        (21, "Action A1 was due on Friday 18 December 2026", "2026, and is not noted as done."),
    ],
)
def test_the_email_says_how_far_off_the_day_is_and_not_what_the_action_is(
    action: Action, clock: time_machine.Traveller, day: int, subject: str, words: str
) -> None:
    clock.move_to(datetime(2026, 12, day, 9, tzinfo=UTC))
    email = ACTION_DUE.word(action.id, OWNER)
    assert email is not None
    rendered = render_email(email)
    assert rendered.subject == subject
    for text in (rendered.text, rendered.html):
        assert words in text
        assert f"/audits/{action.audit_id}/actions/{action.id}" in text
        for private in ("agenda", "Ten sets", "seen alone", "See them", "Repeat plans", "Child 1", "/r/"):
            assert private not in text


def test_there_is_no_email_for_another_address_or_an_action_that_is_done_gone_or_not_yet_due(
    action: Action, make: Maker
) -> None:
    assert ACTION_DUE.word(action.id, "old@partnership.example") is None
    assert ACTION_DUE.word(999, OWNER) is None
    later = acted(make.audit(cases=1, agencies=1), due_on=date(2027, 3, 1))
    assert ACTION_DUE.word(later.id, OWNER) is None
    with transaction():
        update_action(action, status="done", evidence="Seen.", **ACTING)
    assert ACTION_DUE.word(action.id, OWNER) is None
