"""`survey verify-returns` counts what it read, and fails where a return was changed."""

from sqlalchemy import text

from surveyapp.answering.returns.operations import return_audit
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session, transaction
from tests.commands.terminal import Run
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_returns_are_verified_and_the_exit_code_is_one_where_one_was_changed(run: Run, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    (audit_request,) = make.requests(audit)
    with transaction():
        answers = (GivenAnswer("supervision", option="yes"),)
        return_audit(audit_request, answers, ButtonPress("press", 0), now=MONDAY_MORNING)
    number = audit.id
    result = run("verify-returns")
    assert result.stdout == "1 return; 1 text of them and of drafts read.\nEvery one is as it was stored.\n"
    assert result.exit_code == 0
    with transaction():
        session.execute(text("UPDATE survey_answer SET option = 'no'"))
    result = run("verify-returns", number)
    assert result.exit_code == 1
    assert result.stderr == (
        "The text of 30 November 2026 at 9:00am, for request 1, is not as it was stored.\n1 fault in all.\n"
    )
    assert run("verify-returns", "Unknown audit").exit_code == 1
