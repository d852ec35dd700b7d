"""Notices about a set-up file that can be used."""

import pytest

from surveyapp.planning.setup.setup_file import read_set_up
from tests.planning.setup.conftest import EXAMPLE, notices, read

pytestmark = pytest.mark.usefixtures("session")


def test_identifiers_are_pointed_out_in_every_field(example: str) -> None:
    spoilt = example.replace("sibling_group: A", "sibling_group: 12/03/2019")
    said = read(spoilt.replace("domestic abuse", "943 476 5919"))
    assert [words.partition(": ")[2] for words in notices(said)] == [
        "“12/03/2019”, said of Child 1, looks like a date of birth: leave it out",
        "“943 476 5919”, said of Child 1, looks like an NHS number: leave it out",
    ]


def test_dates_on_days_off_are_pointed_out(example: str) -> None:
    spoilt = example.replace("due_on: 2026-12-18", "due_on: 2026-12-19").replace("2027-01-15", "2027-01-01")
    assert [words.partition(": ")[2] for words in notices(read(spoilt))] == [
        "Returns are asked for by Saturday 19 December 2026, which is not a working day",
        "Returns close on Friday 1 January 2027, which is not a working day",
    ]


def test_a_day_that_may_be_read_either_way_is_pointed_out_and_an_age_without_unit(example: str) -> None:
    typed = example.replace("2026-12-01", "01/12/2026").replace("2026-12-18", "18/12/2026")
    assert [words.partition(": ")[2] for words in notices(read(typed.replace("3 years", "3")))] == [
        "“01/12/2026” is read as Tuesday 1 December 2026, the day first",
        "the age “3” of Child 1 is taken as 3 years",
    ]


def test_a_possible_slip_is_accepted_and_pointed_out(example: str) -> None:
    slips = example.replace("gender: female", "gender: fmale").replace("audit@police", "LEAD@care")
    slips = slips.replace("head@care.example, role: escalation", "head@care.example, role: lead")
    assert [
        words.partition(": ")[2] for words in notices(read(slips.replace("police.example", "care.example")))
    ] == [
        "Northside Social Care has 2 leads: only Audit lead (lead@care.example) is asked",
        "LEAD@care.example is a contact of Northside Social Care and of Northside Police",
        "the gender “fmale” is none of the usual words female, male, non-binary, not known",
    ]


def test_a_contact_repeated_exactly_is_taken_once_with_a_notice(example: str) -> None:
    again = '{name: Audit lead, email: " Audit@police.example\\u200b", role: lead}'
    said = read(example.replace("\ncases:", f"\n      - {again}\ncases:"))
    assert [contact.email for contact in said.agencies[1].contacts] == ["audit@police.example"]
    assert notices(said) == ["set-up.yaml:20:9: Audit@police.example is repeated: taken once"]


def test_warnings_before_issue_are_notices(example: str) -> None:
    said = read(
        example.replace("    agencies: [Northside Social Care]\n", "")
        .replace("audit@police.example, role: lead", "audit@police.example, role: escalation")
        .replace("case: Child 1", "case: Child 943 476 5919")
    )
    assert [notice.split(": ", 1)[1] for notice in notices(said)] == [
        "Northside Police has nobody to ask: give it a lead or a deputy",
        "“Child 943 476 5919” looks like an NHS number: use a pseudonym",
        "no agency is asked about Child 2",
    ]


def test_a_notice_about_an_identifying_reference_does_not_repeat_it() -> None:
    tail = "    agencies: [Northside Social Care, Northside Police]\n"
    written = EXAMPLE.replace(tail, f"{tail}    references: {{Northside Police: 943 476 5919}}\n")
    said = notices(read_set_up(written.encode(), "set-up.yaml"))
    assert any("the reference of Northside Police for Child 1 looks like" in notice for notice in said)
    assert not any("943" in notice for notice in said)
