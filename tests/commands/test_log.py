"""`survey log --verify` says what the log holds, and fails where an event was changed."""

from sqlalchemy import text

from surveyapp.foundation.event_chain.operations import seal_events
from surveyapp.foundation.event_chain.verification import verify_log
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from tests.commands.terminal import Run
from tests.conftest import MONDAY_MORNING


def _record(count: int) -> None:
    for number in range(count):
        with transaction():
            record_event("Ann Lee", "saw_case", f"case {number}", now=MONDAY_MORNING)


def _drop_triggers() -> None:
    with transaction():
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER survey_event_no_update"))
        else:
            session.execute(text("DROP TRIGGER survey_event_append_only ON survey_event"))


def test_the_log_is_counted_and_its_newest_seal_printed(run: Run) -> None:
    assert run("log").exit_code == 2
    assert "No event was read." in run("log", "--verify").stdout
    _record(3)
    with transaction():
        seal_events(MONDAY_MORNING)
    result = run("log", "--verify")
    newest = verify_log().newest_seal
    assert result.stdout.splitlines() == [
        "4 events read, of 30 November 2026 to 30 November 2026. 1 event at the end without a seal yet.",
        f"Newest seal: {newest}",
        "Every event agrees.",
    ]
    assert result.exit_code == 0
    assert run("log", "--verify", "--expect", newest.upper()).exit_code == 0
    result = run("log", "--verify", "--expect", "0" * 64)
    assert result.exit_code == 1
    assert "No event has the seal that was expected" in result.stderr


def test_the_first_event_that_does_not_agree_is_named_and_the_exit_code_is_one(run: Run) -> None:
    _record(3)
    with transaction():
        seal_events(MONDAY_MORNING)
    _drop_triggers()
    result = run("log", "--verify")
    assert result.exit_code == 1
    assert "its protection is missing" in result.stderr
    with transaction():
        session.execute(text("UPDATE survey_event SET actor = 'Bob Low' WHERE id = 2"))
    result = run("log", "--verify")
    assert result.exit_code == 1
    assert result.stderr == "Event 2 was changed. Everything before it agrees.\n"
    assert "Every event agrees" not in result.stdout


def test_upgrade_mends_the_protection_and_says_so(run: Run) -> None:
    assert "refuses again" not in run("upgrade").stdout
    _drop_triggers()
    result = run("upgrade")
    assert "The database would have let somebody change the log of who did what. It refuses again." in (
        result.stdout
    )
    assert run("log", "--verify").exit_code == 0
    assert session.scalar(text("SELECT action FROM survey_event")) == "mended_log"
