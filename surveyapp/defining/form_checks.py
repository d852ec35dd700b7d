"""Checks a form file, and reports all mistakes and warnings at once, each with its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.form_schema import (
    WrittenForm,
    WrittenQuestion,
    audit_form_from,
    question_with_answers,
)
from surveyapp.defining.mistakes import FormMistakes, Mistake
from surveyapp.defining.question_parts import Option
from surveyapp.defining.rules.cross_question_rules import CROSS_QUESTION_RULES
from surveyapp.defining.rules.partial_form import PartialForm
from surveyapp.defining.rules.question_rules import QUESTION_RULES
from surveyapp.defining.rules.warnings import WARNINGS
from surveyapp.defining.strict_yaml import LARGEST_FORM_FILE, Loc, StrictDocument, parse_document
from surveyapp.foundation.words.dates_and_lists import list_in_words

RULES = (*QUESTION_RULES, *CROSS_QUESTION_RULES)
_OPTIONS_ADAPTER = TypeAdapter(tuple[Option, ...])


@dataclass(frozen=True, order=True)
class FormWarning(Mistake):
    """Something in a form file that works but may not be as intended; `words` say it without ids and lines.

    They are empty for what concerns only whoever keeps the file.
    """

    words: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: warning: {self.message}"


@dataclass(frozen=True)
class FormProblem:
    """A mistake or a warning about a form on its page: the part it concerns, and a sentence without ids."""

    loc: Loc
    words: str
    is_warning: bool = False


def form_problems(content: object) -> tuple[FormProblem, ...]:
    """The mistakes and the warnings about the content of a form file, in the words of pages."""
    draft = _partial_form(content)
    return tuple(
        FormProblem(loc, _sentence(words[0] if words else message), is_warning)
        for rules, is_warning in ((RULES, False), (WARNINGS, True))
        for rule in rules
        for loc, message, *words in rule(draft)
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def read_form(text: bytes | str, name: str) -> AuditForm:
    """Read a form file; raises FormMistakes with every mistake in it."""
    return _form_and_warnings(text, name)[0]


def check_form(text: bytes | str, name: str) -> tuple[list[Mistake], list[FormWarning]]:
    """The mistakes and the warnings of a form file, in the order of the file."""
    try:
        return [], list(_form_and_warnings(text, name)[1])
    except FormMistakes as error:
        return list(error.mistakes), []


def check_file(path: Path) -> tuple[list[Mistake], list[FormWarning]]:
    """The mistakes and the warnings of the form file at `path`.

    Each prints as file:line:column: message.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FORM_FILE + 1)
    except OSError as error:
        return [Mistake(str(path), 1, 1, f"cannot be read: {error.strerror}")], []
    return check_form(text, str(path))


# A form takes about 30 ms to read, and pages read the same text again and again.
@lru_cache(maxsize=64)
def _form_and_warnings(text: bytes | str, name: str) -> tuple[AuditForm, tuple[FormWarning, ...]]:
    document = parse_document(text, name)
    written, mistakes = validate_document(WrittenForm, document)
    draft = _partial_form(document.data)
    mistakes += [document.mistake(loc, message) for rule in RULES for loc, message, *_ in rule(draft)]
    if written is None or mistakes or document.mistakes:
        raise FormMistakes([*document.mistakes, *mistakes])
    warnings = [
        FormWarning(name, *document.place(loc), message, _place(draft, loc) + _sentence(words[0]))
        for rule in WARNINGS
        for loc, message, *words in rule(draft)
    ]
    if Path(name).suffix and Path(name).stem != written.form:
        warnings.append(_misnamed(document, written.form))
    return audit_form_from(written), tuple(sorted(warnings))


def _place(draft: PartialForm, loc: Loc) -> str:
    """The questions that a place in a form is about, such as “Questions 2 and 3: ”; empty for none."""
    if loc[0] == "questions" and len(loc) > 1:
        indexes = [int(loc[1])]
    else:
        indexes = [index for index, name in draft.lists_used.items() if loc == ("answers", name)]
    numbers = [str(draft.questions[index].number) for index in indexes if index in draft.questions]
    if not numbers:
        return ""
    return f"{'Question' if len(numbers) == 1 else 'Questions'} {list_in_words(numbers)}: "


def _misnamed(document: StrictDocument, form: str) -> FormWarning:
    message = f'the form is "{form}" but its file is {Path(document.name).name}; name the file {form}.yaml'
    return FormWarning(document.name, *document.place(("form",)), message)


def _partial_form(content: Any) -> PartialForm:  # noqa: ANN401 — whatever the file holds
    form = content if isinstance(content, dict) else {}
    themes, lists, questions = form.get("themes"), form.get("answers"), form.get("questions")
    written = _readable_parts(
        WrittenQuestion.model_validate, questions if isinstance(questions, list) else []
    )
    options = _readable_parts(_OPTIONS_ADAPTER.validate_python, lists if isinstance(lists, dict) else {})
    return PartialForm(
        themes=frozenset(themes) if isinstance(themes, dict) else frozenset(),
        lists=options,
        questions={index: question_with_answers(question, options) for index, question in written.items()},
        lists_used={
            index: question.answers
            for index, question in written.items()
            if isinstance(question.answers, str)
        },
        lost_ids=frozenset(_unreadable_ids(questions, written)),
        lost_lists=frozenset(lists) - set(options) if isinstance(lists, dict) else frozenset(),
    )


def _readable_parts(read_part: Callable[[Any], Any], parts: list[Any] | dict[str, Any]) -> dict[Any, Any]:
    readable: dict[Any, Any] = {}
    for key, part in enumerate(parts) if isinstance(parts, list) else parts.items():
        try:
            readable[key] = read_part(part)
        except ValidationError:
            continue
    return readable


def _unreadable_ids(questions: object, written: dict[int, BaseModel]) -> Iterator[str]:
    for index, question in enumerate(questions if isinstance(questions, list) else []):
        if index not in written and isinstance(question, dict):
            yield str(question.get("id", ""))
