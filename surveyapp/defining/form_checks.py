"""Checking a form file: everything wrong in it at once, each with its place, and what may not be meant."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from surveyapp.defining.definition import AuditForm, Option
from surveyapp.defining.form_schema import (
    WrittenForm,
    WrittenQuestion,
    audit_form_from,
    question_with_answers,
)
from surveyapp.defining.rules import MISTAKES, WARNINGS, PartialForm
from surveyapp.defining.strict_yaml import (
    LARGEST_FORM_FILE,
    FormMistakes,
    Mistake,
    StrictDocument,
    parse_document,
    validate_document,
)

_OPTIONS_ADAPTER = TypeAdapter(tuple[Option, ...])


class FormWarning(Mistake):  # noqa: A001 — what it is called where forms are checked
    """Something that works and may not be meant."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: warning: {self.message}"


def read_form(text: bytes | str, name: str) -> AuditForm:
    """Read a form file; raises FormMistakes with everything that is wrong in it."""
    return _form_and_warnings(text, name)[0]


def check_form(text: bytes | str, name: str) -> tuple[list[Mistake], list[FormWarning]]:
    """Every mistake of a form file, and what may not be meant, in the file's order."""
    try:
        return [], list(_form_and_warnings(text, name)[1])
    except FormMistakes as error:
        return list(error.mistakes), []


def check_file(path: Path) -> tuple[list[Mistake], list[FormWarning]]:
    """Every mistake of the form file at `path`, and what may not be meant.

    Each prints as file:line:column: message.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FORM_FILE + 1)
    except OSError as error:
        return [Mistake(str(path), 1, 1, f"cannot be read: {error.strerror}")], []
    return check_form(text, str(path))


# A form is some 30 ms to read; pages ask for it again and again, and the same text is the same form.
@lru_cache(maxsize=64)
def _form_and_warnings(text: bytes | str, name: str) -> tuple[AuditForm, tuple[FormWarning, ...]]:
    document = parse_document(text, name)
    written, mistakes = validate_document(WrittenForm, document)
    draft = _partial_form(document.data)
    mistakes += [document.mistake(loc, message) for rule in MISTAKES for loc, message in rule(draft)]
    if written is None or mistakes or document.mistakes:
        raise FormMistakes([*document.mistakes, *mistakes])
    warnings = [
        FormWarning(name, *document.place(loc), message) for rule in WARNINGS for loc, message in rule(draft)
    ]
    if Path(name).suffix and Path(name).stem != written.form:
        warnings.append(_misnamed(document, written.form))
    return audit_form_from(written), tuple(sorted(warnings))


def _misnamed(document: StrictDocument, form: str) -> FormWarning:
    message = f'the form is "{form}" but its file is {Path(document.name).name}; name the file {form}.yaml'
    return FormWarning(document.name, *document.place(("form",)), message)


def _partial_form(found: Any) -> PartialForm:  # noqa: ANN401 — whatever the file holds
    said = found if isinstance(found, dict) else {}
    themes, lists, questions = said.get("themes"), said.get("answers"), said.get("questions")
    written = _readable_parts(
        WrittenQuestion.model_validate, questions if isinstance(questions, list) else []
    )
    read = _readable_parts(_OPTIONS_ADAPTER.validate_python, lists if isinstance(lists, dict) else {})
    return PartialForm(
        themes=frozenset(themes) if isinstance(themes, dict) else frozenset(),
        lists=read,
        questions={index: question_with_answers(each, read) for index, each in written.items()},
        lists_used={index: each.answers for index, each in written.items() if isinstance(each.answers, str)},
        lost_ids=frozenset(_unreadable_ids(questions, written)),
        lost_lists=frozenset(lists) - set(read) if isinstance(lists, dict) else frozenset(),
    )


def _readable_parts(read: Callable[[Any], Any], parts: list[Any] | dict[str, Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, part in enumerate(parts) if isinstance(parts, list) else parts.items():
        try:
            found[key] = read(part)
        except ValidationError:
            continue
    return found


def _unreadable_ids(questions: object, written: dict[int, BaseModel]) -> Iterator[str]:
    for index, each in enumerate(questions if isinstance(questions, list) else []):
        if index not in written and isinstance(each, dict):
            yield str(each.get("id", ""))
