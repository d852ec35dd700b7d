"""The command that sets an audit up: it says what the page says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.commands.terminal import Run
from tests.commands.test_journey import SET_UP
from tests.row_maker import Maker

NEW_LEAD = SET_UP.replace("name: Audit lead, email: audit@", "name: Bea New, email: bea@")
WHO = (
    "  Northside Police: Who is asked: in the file “Bea New (bea@police.example); Ann becomes deputy”, "
    "in the directory “Ann (audit@police.example); Bea New is not added”"
)


@pytest.fixture
def police(make: Maker, session: Session) -> Agency:
    agency = make.agency("Northside Police", contact="audit@police.example")
    agency.contacts[0].name = "Ann"
    session.commit()
    return agency


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "audit.yaml"
    path.write_text(NEW_LEAD)
    return path


def test_check_says_what_the_page_says(run: Run, file: Path) -> None:
    file.write_text(
        SET_UP.replace("2026-12-18", "2026-12-25")
        .replace("role: lead}", "role: escalation}")
        .replace("case: Child 2", "case: Child 943 476 5919")
    )
    assert run("set-up", file, "--check").stdout.splitlines() == [
        "Worth knowing:",
        f"  {file}:6:9: Returns are asked for by Friday 25 December 2026, which is not a working day",
        f"  {file}:9:5: Northside Police has nobody to ask: give it a lead or a deputy",
        f"  {file}:15:5: “Child 943 476 5919” looks like an NHS number: use a pseudonym",
        "Who will be asked:",
        "  Northside Police: nobody yet (2 cases)",
        "No mistakes: 2 cases, 1 agency, 2 requests.",
    ]
    assert "Worth knowing:" in run("set-up", file).stdout


def test_a_difference_from_the_directory_is_listed_and_refused_without_a_choice(
    run: Run, file: Path, police: Agency, session: Session
) -> None:
    checked = run("set-up", file, "--check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert WHO in checked.stdout.splitlines()
    assert "  Northside Police: Bea New, bea@police.example (2 cases)" in checked.stdout.splitlines()
    refused = run("set-up", file)
    assert refused.exit_code == 1
    assert WHO in refused.stdout.splitlines()
    assert "say which is right with --take-file or --keep-directory" in refused.stderr
    assert session.scalars(select(Audit)).all() == []
    assert [contact.email for contact in police.contacts] == ["audit@police.example"]


@pytest.mark.parametrize(
    ("flag", "asked"), [("--take-file", "bea@police.example"), ("--keep-directory", "audit@police.example")]
)
@pytest.mark.usefixtures("police")
def test_whom_the_flag_chooses_is_asked(
    run: Run, file: Path, outbox: Callable[[], list[Outbox]], flag: str, asked: str
) -> None:
    assert (
        "  Northside Police: Ann, agency audit lead, audit@police.example"
        in run("set-up", file, "--check", flag).stdout
    )
    assert run("set-up", file, flag).exit_code == 0
    run("issue", "Neglect, winter")
    assert [mail.to_addr for mail in outbox()] == [asked]


@pytest.mark.usefixtures("police")
def test_another_spelling_of_an_agency_is_told_and_needs_no_choice(
    run: Run, file: Path, session: Session
) -> None:
    file.write_text(
        SET_UP.replace("Northside Police", "NORTHSIDE  police").replace("name: Audit lead", "name: Ann")
    )
    said = run("set-up", file)
    assert (said.exit_code, said.stderr) == (0, "")
    assert (
        "Spelling of the name: in the file “NORTHSIDE police”, in the directory “Northside Police”"
        in said.stdout
    )
    assert [agency.name for agency in session.scalars(select(Agency))] == ["Northside Police"]


def test_the_command_and_the_page_have_one_limit_of_size(run: Run, tmp_path: Path) -> None:
    large = tmp_path / "large.xlsx"
    large.write_bytes(b"PK\x03\x04" + b"x" * 3_000_000)
    assert "The file is larger than 3 MB. Take pictures out of it." in run("set-up", large).stdout
