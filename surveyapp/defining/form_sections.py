"""The sections of an audit form: runs of questions under one heading, shown as the steps of its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.defining.definition import Question


@dataclass(frozen=True)
class FormSection:
    """One step of the page: its heading, empty if the form has none, its number from 1, and its questions."""

    name: str
    number: int
    of: int
    questions: tuple[Question, ...]


def form_sections(questions: Iterable[Question]) -> tuple[FormSection, ...]:
    """The sections of these questions, in the order of the form; a question that names one begins it."""
    runs: list[tuple[str, list[Question]]] = []
    for question in questions:
        if question.section or not runs:
            runs.append((question.section or "", []))
        runs[-1][1].append(question)
    return tuple(
        FormSection(name, number, len(runs), tuple(run)) for number, (name, run) in enumerate(runs, 1)
    )
