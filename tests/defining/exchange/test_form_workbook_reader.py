"""A form as a spreadsheet, written and read again; mistakes by sheet and row."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.exchange.form_workbook_writer import write_form_workbook
from surveyapp.defining.exchange.opened_form import open_form
from surveyapp.defining.exchange.taken_form import UnreadableForm
from tests.conftest import MONDAY_MORNING
from tests.defining.forms_at_hand import OURS, TESTS

_MADE_AT = MONDAY_MORNING.replace(tzinfo=None)
_FILES = [*sorted(OURS.glob("*.yaml")), *sorted((TESTS / "features").glob("*.yaml"))]


def draft_of(path: Path) -> FormDraft:
    """The form in a file."""
    return read_draft(path.read_bytes(), path.name)


def changed(**cells: Any) -> bytes:
    """A workbook of the form of 2014 with other values in some cells, such as Questions_F2."""
    content = write_form_workbook(
        draft_of(OURS / "repeat_child_protection_plans_2014.yaml"), made_at=_MADE_AT
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        sheet, place = cell.split("_")
        book[sheet][place] = value
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def mistakes(content: bytes) -> tuple[str, ...]:
    """Why a file is refused."""
    with pytest.raises(UnreadableForm) as refused:
        open_form(content)
    return refused.value.mistakes


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_a_form_comes_back_from_its_spreadsheet_as_it_was(path: Path) -> None:
    draft = draft_of(path)
    taken = open_form(write_form_workbook(draft, made_at=_MADE_AT))
    assert taken.draft.model_copy(update={"form": draft.form}) == draft
    assert not taken.losses


def test_a_new_question_needs_neither_id_nor_number_nor_values() -> None:
    book = openpyxl.load_workbook(io.BytesIO(changed()))
    heads = [cell.value for cell in book["Questions"][1]]
    row = book["Questions"].max_row + 1
    written = {
        "theme": "Parents’ perspective",
        "kind": "choice",
        "ask": "Was the father asked?",
        "id": "father",
        "required": "Y",
        "only_for": "police; gp",
        "conflicts": "yes / no",
    }
    for name, value in written.items():
        book["Questions"].cell(row, heads.index(name) + 1, value)
    for label in ("Yes", "No"):
        book["Options"].append(["father", None, label])
    output = io.BytesIO()
    book.save(output)
    draft = open_form(output.getvalue()).draft
    question = draft.questions[-1]
    assert (question.number, question.theme, question.required) == (15, "parents", True)
    assert question.only_for == ("police", "gp")
    assert question.conflicts == (("yes", "no"),)
    assert [option.value for option in draft.options_of(question)] == ["yes", "no"]


def test_every_mistake_is_named_by_sheet_and_row() -> None:
    found = mistakes(
        changed(
            Questions_E2="riddle",
            Questions_I3="perhaps",
            Questions_A4="file_contents",
            Questions_W5="ten",
            Questions_F6=None,
            Options_B2="Not a Value",
            Options_F3="never",
            Settings_A2="titel",
            Questions_G1="shrot",
        )
    )
    listed = "\n".join(found)
    for words in (
        "Settings row 2: “titel” is no setting",
        "Questions row 1: “shrot” is no column of Questions",
        'Questions row 2: "riddle" is none of',
        "Questions row 3: required: write yes, or leave it empty",
        "Questions row 4: the id “file_contents” is there already",
        "Questions row 5: lowest: “ten” is no whole number",
        'Questions row 6: "ask" is missing',
        'Options row 2: "Not a Value" cannot be an id',
    ):
        assert words in listed


def test_a_formula_and_a_missing_sheet_are_refused() -> None:
    assert any("a formula stands here" in words for words in mistakes(changed(Questions_F2="=1+1")))
    book = openpyxl.load_workbook(io.BytesIO(changed()))
    del book["Options"]
    output = io.BytesIO()
    book.save(output)
    assert mistakes(output.getvalue())[-1] == "Options: there is no sheet of this name"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04 damaged", "This is not an .xlsx workbook."),
        (b"form: [", "Line 1"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"", "expected a mapping"),
        (b"x" * 3_000_001, "the file is larger than 256 kB"),
    ],
)
def test_what_is_no_form_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    assert says in mistakes(content)[0]
