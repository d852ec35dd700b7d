"""`check-forms` names every mistake with its file, line and column."""

from pathlib import Path

from surveyapp.defining.mistakes import MOST_LISTED
from tests.commands.terminal import Run


def test_our_own_forms_have_no_mistakes(run: Run) -> None:
    result = run("check-forms")
    assert result.exit_code == 0
    assert result.stdout.endswith("5 forms read, no mistakes.\n")


def test_a_bad_form_is_refused_with_the_place_of_each_mistake(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("form: bad\ntitle: Bad\nquestions: []\nextra: 1\n")
    result = run("check-forms", bad)
    assert result.exit_code == 1
    assert all(line.startswith(f"{bad}:") for line in result.stdout.splitlines())
    assert "extra" in result.stdout
    assert "1 form" in result.stderr


def test_of_very_many_mistakes_the_first_are_printed_and_the_count(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("".join(f"unknown_{number}: x\n" for number in range(300)))
    lines = run("check-forms", bad).stdout.splitlines()
    assert len(lines) == MOST_LISTED + 1
    assert lines[-1].startswith(f"{bad}: these are the first 200 of 30")


def test_a_missing_file_is_wrong_usage(run: Run) -> None:
    assert run("check-forms", "nowhere.yaml").exit_code == 2
