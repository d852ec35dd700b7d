"""An audit from a file to closed, from the command line alone."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session

from surveyapp.defining.mistakes import MOST_LISTED
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.dates_and_lists import day_in_words, moment_in_words
from tests.commands.terminal import Run
from tests.row_maker import Maker

SET_UP = """
audit: Neglect, winter
form: repeat_child_protection_plans_2014
theme: Neglect
issue_on: 2026-11-30
due_on: 2026-12-18
close_on: 2027-01-15
agencies:
  - name: Northside Police
    kind: police
    contacts:
      - {name: Audit lead, email: audit@police.example, role: lead}
cases:
  - {case: Child 1, age: 3 years, agencies: [Northside Police]}
  - {case: Child 2, age: 6 months, agencies: [Northside Police]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "audit.yaml"
    path.write_text(SET_UP)
    return path


def test_an_audit_goes_from_a_file_to_closed(
    run: Run, file: Path, outbox: Callable[[], list[Outbox]]
) -> None:
    assert "No mistakes" in run("set-up", file, "--check").stdout
    assert "Audit 1, “Neglect, winter”, is set up" in run("set-up", file).stdout
    assert run("issue", "Neglect, winter").stdout.endswith("“Neglect, winter”: 2 requests issued.\n")
    assert run("issue", 1).stdout == "“Neglect, winter”: all was issued before.\n"
    assert [mail.to_addr for mail in outbox()] == ["audit@police.example"]
    assert "1 email tried, 1 sent" in run("work", "--once").stdout
    assert "0 of 2 returned (0%), 2 outstanding" in run("status", 1).stdout
    assert "returns are closed, 0 of 2 returned (0%)" in run("close", 1).stdout
    assert "returns were closed" in run("close", 1).stdout


def test_set_up_lists_every_mistake_with_its_line_and_stores_nothing(run: Run, file: Path) -> None:
    file.write_text(SET_UP.replace("2026-12-18", "2027-12-18").replace("[Northside Police]}", "[Nobody]}"))
    result = run("set-up", file)
    assert result.exit_code == 1
    assert len([line for line in result.stdout.splitlines() if line.startswith(f"{file}:")]) == 3
    assert result.stderr == "3 mistakes; nothing was stored.\n"
    assert run("status", 1).exit_code == 1


def test_set_up_lists_the_first_of_very_many_mistakes_and_their_count(run: Run, file: Path) -> None:
    file.write_text(SET_UP + "".join(f"unknown_{number}: x\n" for number in range(10_000)))
    result = run("set-up", file, "--check")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == MOST_LISTED
    assert result.stderr == "10,000 mistakes, of which the first 200 are listed; nothing was stored.\n"


def test_a_blank_workbook_never_overwrites_a_file(run: Run, tmp_path: Path) -> None:
    blank = tmp_path / "blank.xlsx"
    assert run("set-up", "--blank", blank).exit_code == 0
    assert blank.read_bytes()[:2] == b"PK"
    again = run("set-up", "--blank", blank)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "is there already" in again.stderr
    assert run("set-up").exit_code == 2


def test_status_prints_the_dates_and_what_is_overdue_or_not_delivered(
    run: Run, make: Maker, clock: time_machine.Traveller
) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Northside Police")], returned=1, title="Neglect")
    due_on, ends = audit.due_on, audit.answers_end_at
    assert due_on
    assert ends
    output = run("status", 1).stdout
    assert f"Issued on Monday 30 November 2026. Return by {day_in_words(due_on)}." in output
    assert f"Returns close on {moment_in_words(ends)}." in output
    clock.move_to(ends)
    output = run("status", 1).stdout
    assert f"Returns closed on {moment_in_words(ends)}." in output
    assert [line for line in output.splitlines() if "Northside Police" in line and "1 overdue" in line]
    assert "Not issued yet." in run("status", make.audit(agencies=1, issued=False).id).stdout


def test_status_as_json_keeps_the_promised_shape(run: Run, make: Maker) -> None:
    police = make.agency("Northside Police")
    audit = make.audit(cases=2, agencies=[police], returned=1, title="Neglect")
    assert json.loads(run("status", audit.id, "--json").stdout) == {
        "audit": audit.id,
        "title": "Neglect",
        "requests": 2,
        "returned": 1,
        "nil": 0,
        "outstanding": 1,
        "overdue": 0,
        "undelivered": 0,
        "withdrawn": 0,
        "percent": 50.0,
        "by_case": [
            {"case": "Child 1", "requests": 1, "returned": 1, "nil": 0, "outstanding": 0, "overdue": 0}
            | {"undelivered": 0, "withdrawn": 0, "percent": 100.0},
            {"case": "Child 2", "requests": 1, "returned": 0, "nil": 0, "outstanding": 1, "overdue": 0}
            | {"undelivered": 0, "withdrawn": 0, "percent": 0.0},
        ],
        "by_agency": [
            {"agency": "Northside Police", "requests": 2, "returned": 1, "nil": 0, "outstanding": 1}
            | {"overdue": 0, "undelivered": 0, "withdrawn": 0, "percent": 50.0},
        ],
    }


def test_chasers_lists_who_would_be_chased_and_who_would_not_and_why(run: Run, make: Maker) -> None:
    slow, done = make.agency("Slow", contact="slow@a.example"), make.agency("Done", contact="done@a.example")
    audit = make.audit(cases=1, agencies=[slow, done])
    make.returned(make.requests(audit)[1])
    chasing_list = json.loads(run("chasers", audit.id, "--on", "2026-12-18", "--json").stdout)
    assert (chasing_list["on"], chasing_list["slot"]) == ("2026-12-18", True)
    assert [(row["email"], row["cases"]) for row in chasing_list["due"]] == [("slow@a.example", ["Child 1"])]
    assert [row["why"] for row in chasing_list["not_due"]] == ["everything returned"]
    for day in ("2026-12-19", "19 December 2026", "19/12/2026"):
        assert "Saturday 19 December 2026: no slot" in run("chasers", audit.id, "--on", day).stdout
    refused = run("chasers", audit.id, "--on", "19 12 26")
    assert refused.exit_code == 2
    assert "“19 12 26”: enter the year in four figures, like 2026" in refused.output
    words = run("chasers", audit.id, "--on", "2026-12-19").stdout
    assert "not a working day" in words
    assert "Saturday 19 December 2026: no slot, 0 chasers" in words


def test_extending_and_reopening_say_the_new_days(run: Run, make: Maker) -> None:
    audit = make.audit()
    assert "returns close Friday 22 January 2027" in run("extend", audit.id, "--to", "2027-01-22").stdout
    run("close", audit.id)
    refused = run("extend", audit.id, "--to", "2027-01-29")
    why = "Returns closed on Monday 30 November 2026 at 9:00am. Reopen them with a reason"
    assert (refused.exit_code, refused.stderr) == (1, f"{why}, and say until when.\n")
    assert run("reopen", audit.id).exit_code == 2
    opened = run("reopen", audit.id, "--reason", "Two agencies were on leave", "--to", "2027-01-20")
    assert opened.stdout.endswith("returns are open until Wednesday 20 January 2027.\n")


def test_an_audit_with_problems_is_not_issued_and_each_is_printed(
    run: Run, make: Maker, session: Session
) -> None:
    late = make.audit(issued=False, due_on=date(2026, 11, 30))
    late.issue_on, late.due_on = date(2026, 11, 20), date(2026, 11, 27)
    session.commit()
    refused = run("issue", late.id)
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Returns would be due on Friday 27 November 2026, which has passed.\n",
    )
    audit = make.audit(agencies=[make.agency("Nobody here", contact=None)], issued=False)
    result = run("issue", audit.id)
    assert result.exit_code == 1
    assert "Nobody here is ticked and has nobody to ask" in result.stderr


@pytest.mark.parametrize("command", ["status", "issue", "close", "chasers"])
def test_an_unknown_audit_is_refused_with_what_to_give(run: Run, command: str) -> None:
    result = run(command, "Nothing of the kind")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("There is no audit “Nothing of the kind”: give its number, or its title")
