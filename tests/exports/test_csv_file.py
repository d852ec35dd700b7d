"""The CSV file of answers."""

import re
from pathlib import Path

from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.csv_file import CSV_COLUMNS
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import ODD_TEXTS
from tests.exports.opened_files import csv_rows, exported
from tests.row_maker import Maker

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"


def test_the_columns_match_the_documentation() -> None:
    section = DOCS.read_text("utf-8").split("## .csv")[1].split("## .json")[0]
    documented = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    ]
    assert tuple(documented) == CSV_COLUMNS


def test_each_answer_is_a_row_with_the_wording_of_the_form(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    police = make.requests(audit)[0]
    make.returned(
        police,
        (
            GivenAnswer("seen", option="dk"),
            GivenAnswer("seen", item="comment", text="Asked twice"),
            GivenAnswer("file", item="plan", option="yes"),
            GivenAnswer("file", item="map", option="no"),
            GivenAnswer("how_many", text="-3"),
        ),
    )
    content = exported(audit, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    csv_lines = csv_rows(content)
    assert {(row["case"], row["agency_kind"], row["request"]) for row in csv_lines} == {
        ("Child 1", "police", police.reference)
    }
    assert [
        (row["question"], row["item"], row["option"], row["label"], row["counts_as"], row["text"])
        for row in csv_lines
    ] == [
        ("seen", "", "dk", "Don’t know", "dont_know", ""),
        ("seen", "comment", "", "", "", "Asked twice"),
        ("file", "plan", "yes", "Yes", "", ""),
        ("file", "map", "no", "No", "", ""),
        ("how_many", "", "", "", "", "-3"),
    ]
    assert [row["item_label"] for row in csv_lines] == ["", "'@Comments", "A plan", "'+A map", ""]


def test_text_that_looks_like_a_formula_gets_an_apostrophe(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=len(ODD_TEXTS))
    for text, audit_request in zip(ODD_TEXTS, make.requests(audit), strict=False):
        make.returned(
            audit_request, (GivenAnswer("more", text=text), GivenAnswer("seen", item="comment", text=text))
        )
    csv_lines = csv_rows(exported(audit, "csv"))
    marks = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    assert not [cell for row in csv_lines for cell in row.values() if cell.startswith(marks)]
    documented = {row["text"] for row in csv_lines}
    assert documented == {f"'{text}" if text.startswith(marks) else text for text in ODD_TEXTS}


def test_no_export_contains_the_details_of_a_contact(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    details = (
        GivenAnswer("who", item="name", text="Ann Archer"),
        GivenAnswer("who", item="email", text="ann@police.example"),
    )
    make.returned(make.requests(audit)[0], details)
    (row,) = csv_rows(exported(audit, "csv"))
    assert (row["question"], row["option"], row["label"]) == ("who", "given", "given, not exported")
    for ending in ("csv", "json"):
        content = exported(audit, ending)
        assert b"Archer" not in content
        assert b"@police.example" not in content
        assert b"agency.example" not in content


def test_a_nil_return_is_one_row(every_kind: EveryKind, make: Maker, session: Session) -> None:
    audit = every_kind()
    nil_return = make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("nil-return", "reason", "moved"),
            GivenAnswer("nil-return", "whereabouts", text="=Leeds"),
        ),
    )
    nil_return.nil_reason = "moved"
    session.commit()
    (row,) = csv_rows(exported(audit, "csv"))
    assert (row["question"], row["item"], row["option"], row["text"]) == (
        "nil-return",
        "reason",
        "moved",
        "'=Leeds",
    )
