"""`survey mail` shows the state of the outbox, and stops and resumes it."""

from pathlib import Path

from flask import Flask

from tests.commands.terminal import Run
from tests.row_maker import Maker


def test_mail_counts_the_messages_in_each_state(run: Run) -> None:
    assert "No mail yet." in run("mail").stdout
    assert "1  Waiting to be sent" in run("mail", "--test", "me@partnership.example").stdout
    run("work", "--once")
    assert "1  Sent" in run("mail").stdout


def test_paused_mail_stays_until_it_is_resumed(run: Run, make: Maker) -> None:
    audit = make.audit(agencies=1, issued=False)
    assert "No mail leaves: stopped by command at 9:00am." in run("mail", "--pause").stdout
    assert run("mail", "--pause").exit_code == 1
    run("issue", audit.id)
    assert "0 emails tried" in run("work", "--once").stdout
    assert "1 message on the way" in run("mail", "--resume").stdout
    assert "1 email tried, 1 sent" in run("work", "--once").stdout


def test_an_invalid_address_is_refused(run: Run) -> None:
    result = run("mail", "--test", "nobody")
    assert result.exit_code == 1
    assert "“nobody” is not an email address" in result.stderr


def test_pausing_and_resuming_together_is_wrong_usage(run: Run) -> None:
    assert run("mail", "--pause", "--resume").exit_code == 2


def test_mail_prints_its_destination_its_worker_and_how_to_resume(run: Run) -> None:
    output = run("mail", "--test", "me@partnership.example").stdout
    assert "Mail goes into the folder " in output
    assert "No worker has run yet." in output
    assert "The oldest has been due since Monday 30 November 2026 at 9:00am." in output
    assert "\nMessages\n" in output
    run("work", "--once")
    output = run("mail", "--pause").stdout
    assert "stopped by command" in output
    assert "To let it go on: flask survey mail --resume" in output
    assert "The worker last looked on Monday 30 November 2026 at 9:00am." in output


def test_the_help_of_every_command_is_a_whole_sentence(run: Run) -> None:
    output = run("--help").stdout
    assert "..." not in output.partition("Commands:")[2]


def test_the_worker_warns_of_files_that_others_may_read(run: Run, app: Flask) -> None:
    folder = Path(app.config["SURVEY_MAIL_FOLDER"])
    folder.mkdir()
    folder.chmod(0o755)
    assert f"Warning: {folder} is open to others on this computer" in run("work", "--once").stderr
