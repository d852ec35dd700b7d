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
    made = acted(audit, "Put it on every agenda.", finding_id=finding.id)
    clock.move_to(datetime(2026, 12, 11, 9, tzinfo=UTC))
    return made


def test_the_email_reads_as_agreed(action: Action) -> None:
    email = ACTION_DUE.word(action.id, OWNER)
    assert email is not None
    worded = render_email(email)
    assert f"Subject: {worded.subject}\n\n{worded.text}" == (HERE / "action_due.txt").read_text()
    assert max(map(len, worded.html.splitlines())) <= 200


@pytest.mark.parametrize(
    ("day", "subject", "words"),
    [
        (11, "Action A1 is due on Friday 18 December 2026", "It is due on Friday 18 December 2026."),
        (18, "Action A1 is due today, Friday 18 December 2026", "It is due today, Friday"),
        (21, "Action A1 was due on Friday 18 December 2026", "2026, and is not noted as done."),
    ],
)
def test_it_says_how_the_day_stands_as_it_leaves_and_nothing_of_what_is_to_be_done(
    action: Action, clock: time_machine.Traveller, day: int, subject: str, words: str
) -> None:
    clock.move_to(datetime(2026, 12, day, 9, tzinfo=UTC))
    email = ACTION_DUE.word(action.id, OWNER)
    assert email is not None
    worded = render_email(email)
    assert worded.subject == subject
    for text in (worded.text, worded.html):
        assert words in text
        assert f"/audits/{action.audit_id}/actions/{action.id}" in text
        for told in ("agenda", "Ten sets", "seen alone", "See them", "Repeat plans", "Child 1", "/r/"):
            assert told not in text


def test_nothing_goes_to_another_address_about_what_is_done_gone_or_has_its_turns_to_come(
    action: Action, make: Maker
) -> None:
    assert ACTION_DUE.word(action.id, "old@partnership.example") is None
    assert ACTION_DUE.word(999, OWNER) is None
    later = acted(make.audit(cases=1, agencies=1), due_on=date(2027, 3, 1))
    assert ACTION_DUE.word(later.id, OWNER) is None
    with transaction():
        update_action(action, status="done", evidence="Seen.", **ACTING)
    assert ACTION_DUE.word(action.id, OWNER) is None
