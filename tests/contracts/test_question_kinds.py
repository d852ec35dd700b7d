"""Every kind of question is in all the places that need it; the message names those that lack it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import render_template_string

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.answer_form_fields import answer_field_names
from surveyapp.defining.definition import KIND_NAMES
from surveyapp.defining.form_checks import read_form
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from tests.defining.forms_at_hand import OURS, TESTS
from tests.defining.test_question_kinds import ANSWERS
from tests.exports import every_kind

_PAGE = '{% import "survey/defining/question.html" as questions %}{{ questions.all(form, "") }}'


def _small_forms(kind: str) -> list[Path]:
    """The small forms named after a kind, such as number.yaml or scale_of_grades.yaml."""
    paths = sorted((TESTS / "features").glob("*.yaml"))
    named = [path for path in paths if path.stem == kind or path.stem.startswith(f"{kind}_of_")]
    return [path for path in named if f"kind: {kind}" in path.read_text("utf-8")]


def _is_drawn(kind: str) -> bool:
    """Whether a page with a question of this kind holds each of its fields.

    True if there is no small form or no code for the kind, since other checks report that.
    """
    paths = _small_forms(kind)
    if not paths or kind not in KIND_NAMES or kind not in QUESTION_KINDS:
        return True
    form = read_form(paths[0].read_bytes(), str(paths[0]))
    page = render_template_string(_PAGE, form=answer_form(form)())
    questions = [question for question in form.questions if question.kind == kind]
    return all(f'name="{name}"' in page for question in questions for name in answer_field_names(question))


def _is_in_readme(kind: str) -> bool:
    section = (OURS / "README.md").read_text("utf-8").partition(f"### `{kind}`")[2].partition("###")[0]
    return f"kind: {kind}\n" in section


def _is_in_json_schema(kind: str) -> bool:
    schema = json.loads((OURS / "form.schema.json").read_text("utf-8"))
    return kind in schema["$defs"]["WrittenQuestion"]["properties"]["kind"]["enum"]


def _is_in_both_tables(kind: str) -> bool:
    """Whether docs/collation.md has the kind in its table of rows and in its table of disagreement."""
    lines = (OURS.parent / "docs" / "collation.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `") and f"`{kind}`" in line.split("|")[1]]
    return len(rows) == 2


def _is_exported_in_tests(kind: str) -> bool:
    return any(question.kind == kind for question in every_kind.FORM.questions)


def _has_example_answers(kind: str) -> bool:
    return any(name == kind or name.startswith(f"{kind}_of_") for name, _value, _given in ANSWERS)


PLACES: dict[str, Callable[[str], bool]] = {
    "surveyapp/defining/definition.py: a name in KindName": lambda kind: kind in KIND_NAMES,
    "surveyapp/defining/kinds/: a class, and a line in QUESTION_KINDS of registry.py": (
        lambda kind: kind in QUESTION_KINDS
    ),
    "surveyapp/templates/survey/defining/question.html: the control of its field, or of its parts": _is_drawn,
    "forms/README.md: a section with an example": _is_in_readme,
    "forms/form.schema.json: written again from `json_schema()`": _is_in_json_schema,
    "docs/collation.md: a row in both tables of kinds": _is_in_both_tables,
    "tests/forms/features/: a small form with the kind, of its name": lambda kind: bool(_small_forms(kind)),
    "tests/defining/test_question_kinds.py: a value and its answers in ANSWERS": _has_example_answers,
    "tests/exports/every_kind.py: a question in FORM, and in the list of returns_pdf/test_document.py": (
        _is_exported_in_tests
    ),
}


@pytest.mark.parametrize("kind", dict.fromkeys((*KIND_NAMES, *QUESTION_KINDS)))
@pytest.mark.usefixtures("app")
def test_every_kind_of_question_is_in_each_of_its_places(kind: str) -> None:
    missing = [place for place, has in PLACES.items() if not has(kind)]
    assert not missing, f"The kind of question “{kind}” is missing here:\n" + "\n".join(missing)
