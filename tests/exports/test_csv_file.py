import re
from pathlib import Path

from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.csv_file import HEAD
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import ODD_TEXTS
from tests.exports.opened_files import csv_rows, exported
from tests.row_maker import Maker

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"


def test_the_columns_are_those_of_the_docs() -> None:
    section = DOCS.read_text("utf-8").split("## .csv")[1].split("## .json")[0]
    told = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    ]
    assert tuple(told) == HEAD


def test_each_answer_is_a_row_with_the_form_s_own_words(every_kind: EveryKind, make: Maker) -> None:
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
    found = csv_rows(content)
    assert {(each["case"], each["agency_kind"], each["request"]) for each in found} == {
        ("Child 1", "police", police.reference)
    }
    assert [
        (each["question"], each["item"], each["option"], each["label"], each["counts_as"], each["text"])
        for each in found
    ] == [
        ("seen", "", "dk", "Don’t know", "dont_know", ""),
        ("seen", "comment", "", "", "", "Asked twice"),
        ("file", "plan", "yes", "Yes", "", ""),
        ("file", "map", "no", "No", "", ""),
        ("how_many", "", "", "", "", "-3"),
    ]
    assert [each["item_label"] for each in found] == ["", "'@Comments", "A plan", "'+A map", ""]


def test_no_text_begins_as_a_formula_and_none_is_lost(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=len(ODD_TEXTS))
    for text, audit_request in zip(ODD_TEXTS, make.requests(audit), strict=False):
        make.returned(
            audit_request, (GivenAnswer("more", text=text), GivenAnswer("seen", item="comment", text=text))
        )
    found = csv_rows(exported(audit, "csv"))
    marks = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    assert not [cell for row in found for cell in row.values() if cell.startswith(marks)]
    told = {row["text"] for row in found}
    assert told == {f"'{text}" if text.startswith(marks) else text for text in ODD_TEXTS}


def test_a_contact_is_in_no_export(every_kind: EveryKind, make: Maker) -> None:
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


def test_a_nil_return_is_a_row_of_its_own(every_kind: EveryKind, make: Maker, session: Session) -> None:
    audit = every_kind()
    kept = make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("nil-return", "reason", "moved"),
            GivenAnswer("nil-return", "whereabouts", text="=Leeds"),
        ),
    )
    kept.nil_reason = "moved"
    session.commit()
    (row,) = csv_rows(exported(audit, "csv"))
    assert (row["question"], row["item"], row["option"], row["text"]) == (
        "nil-return",
        "reason",
        "moved",
        "'=Leeds",
    )
