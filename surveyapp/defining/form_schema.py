"""Schema of a form file, in which lists of answers may be given once and used by name."""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from surveyapp.defining.definition import AuditForm, Question, QuestionBase
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.question_parts import FrozenFormModel, Id, Line, Option


def _list_or_name(value: object) -> str:
    return "list" if isinstance(value, list | tuple) else "name"


Options = Annotated[tuple[Option, ...], Field(min_length=1)]
Answers = Annotated[
    Annotated[Options, Tag("list")] | Annotated[Id, Tag("name")], Discriminator(_list_or_name)
]


class WrittenQuestion(QuestionBase):
    """One question of a form file; its answers are a list, or the name of one."""

    answers: Answers | None = None


class WrittenForm(FrozenFormModel):
    """A whole form file."""

    form: Annotated[Id, Field(description="The form’s id; name the file after it.")]
    title: Line
    source: Annotated[Line, Field(description="Where the questions come from.")]
    minutes: Annotated[
        int, Field(strict=True, ge=1, le=600, description="About how long one return takes.")
    ] = 20
    themes: Annotated[dict[Id, Line], Field(min_length=1, description="The report’s headings, in its order.")]
    answers: dict[Id, Options] = Field({}, description="Lists of answers used more than once.")
    questions: Annotated[tuple[WrittenQuestion, ...], Field(min_length=1)]


def options_of(question: WrittenQuestion, lists: dict[str, tuple[Option, ...]]) -> tuple[Option, ...]:
    """The answers that a question offers; those of a scale without a list are its numbers."""
    if isinstance(question.answers, str):
        return lists.get(question.answers, ())
    if question.answers is None and QUESTION_KINDS[question.kind].bounds_give_answers:
        return _steps(question)
    return question.answers or ()


def question_with_answers(question: WrittenQuestion, lists: dict[str, tuple[Option, ...]]) -> Question:
    """The question with its answers in place."""
    values = {name: getattr(question, name) for name in QuestionBase.model_fields}
    return Question.model_construct(**values, answers=options_of(question, lists))


def audit_form_from(written: WrittenForm) -> AuditForm:
    """The audit form of a file without mistakes."""
    questions = tuple(question_with_answers(question, written.answers) for question in written.questions)
    return AuditForm(
        form=written.form,
        title=written.title,
        source=written.source,
        minutes=written.minutes,
        themes=written.themes,
        questions=questions,
    )


def _steps(question: WrittenQuestion) -> tuple[Option, ...]:
    if question.lowest is None or question.highest is None:
        return ()
    ends = {question.lowest: question.lowest_label, question.highest: question.highest_label}
    # The rules refuse a file with absurd bounds later; until then its steps must not fill the memory.
    steps = range(question.lowest, min(question.highest, question.lowest + 100) + 1)
    return tuple(
        Option.model_construct(
            value=str(step), label=f"{step} – {ends[step]}" if ends.get(step) else str(step), short=str(step)
        )
        for step in steps
    )
