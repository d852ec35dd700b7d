"""The current practice concern: a box that every audit form has, besides its own questions."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import Field

from surveyapp.defining.definition import Question
from surveyapp.defining.fields import TextField
from surveyapp.defining.question_kinds import LONGEST_LINE, FieldValue, GivenAnswer, length_problem
from surveyapp.defining.shown_questions import answers_by_question, chosen_values, shown_question_ids

# The question id of a concern's answers; no question of a form can have this id.
CURRENT_CONCERN = "current-concern"
RAISED, TOLD_WHOM, TOLD_WHEN = "raised", "told_whom", "told_when"
CONCERN_LABEL = "I have a current practice concern about this child"
WHOM_LABEL, WHEN_LABEL = "Whom have you told?", "When?"
# The names of its fields in the page.
WHOM_FIELD, WHEN_FIELD = f"{CURRENT_CONCERN}-told-whom", f"{CURRENT_CONCERN}-told-when"
_YES = "yes"


class TickField(Field):
    """The box to tick."""

    def process_data(self, value: object) -> None:
        """Take the stored value."""
        self.data = bool(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the posted value; an empty box is not posted at all."""
        self.data = bool(valuelist and valuelist[0])

    def _value(self) -> str:
        return _YES


def question_above_box(questions: Sequence[Question]) -> str:
    """The id of the question below which the box is drawn: the one that the form marks, else the last."""
    last = questions[-1].id if questions else ""
    return next((question.id for question in questions if question.concern_beside), last)


def fields() -> dict[str, object]:
    """The box and its text fields, by their names in the page."""
    return {
        CURRENT_CONCERN: TickField(CONCERN_LABEL),
        WHOM_FIELD: TextField(WHOM_LABEL),
        WHEN_FIELD: TextField(WHEN_LABEL),
    }


def concern_answers(ticked: object, told_whom: str, told_when: str) -> tuple[GivenAnswer, ...]:
    """The answers about a concern from the fields of a page. Texts stay if the box is unticked again."""
    answers = [GivenAnswer(CURRENT_CONCERN, item=RAISED, option=_YES)] if ticked else []
    texts = ((TOLD_WHOM, told_whom.strip()), (TOLD_WHEN, told_when.strip()))
    answers += [GivenAnswer(CURRENT_CONCERN, item=item, text=text) for item, text in texts if text]
    return tuple(answers)


def concern_field_values(given: Iterable[GivenAnswer]) -> dict[str, FieldValue | bool]:
    """The values of the fields for stored answers: the reverse of `concern_answers`."""
    told_whom, told_when = told_whom_and_when(given)
    return {CURRENT_CONCERN: is_ticked(given), WHOM_FIELD: told_whom, WHEN_FIELD: told_when}


def is_ticked(given: Iterable[GivenAnswer]) -> bool:
    """Whether the box itself is ticked."""
    return any(answer.question == CURRENT_CONCERN and answer.item == RAISED for answer in given)


def is_raised(questions: Iterable[Question], given: Iterable[GivenAnswer]) -> bool:
    """Whether these answers raise a concern, by the box or by an option with `raises_concern`.

    An answer to a question that another answer rules out does not.
    """
    questions, given = tuple(questions), tuple(given)
    if is_ticked(given):
        return True
    if not any(option.raises_concern for question in questions for option in question.answers):
        return False
    shown, answers = shown_question_ids(questions, given), answers_by_question(given)
    return any(
        option.raises_concern and option.value in chosen_values(answers.get(question.id, ()))
        for question in questions
        if question.id in shown
        for option in question.answers
    )


def told_whom_and_when(given: Iterable[GivenAnswer]) -> tuple[str, str]:
    """The two texts of a concern, whom the contact has told and when; empty if missing."""
    texts = {answer.item: answer.text or "" for answer in given if answer.question == CURRENT_CONCERN}
    return texts.get(TOLD_WHOM, ""), texts.get(TOLD_WHEN, "")


def problems(told_whom: str, told_when: str, *, raised: bool) -> dict[str, str | None]:
    """The problems of the texts of a concern on return, by field name.

    Drafts are not checked, since a concern must not wait for a text.
    """
    whom = length_problem(told_whom, LONGEST_LINE, "answer about whom you have told")
    when = length_problem(told_when, LONGEST_LINE, "answer about when you told them")
    if raised and not told_whom.strip():
        whom = "Say whom you have told about your current practice concern"
    if raised and not told_when.strip():
        when = "Say when you told them about your current practice concern, such as “today, 10am”"
    return {WHOM_FIELD: whom, WHEN_FIELD: when}


def script_rule(questions: Iterable[Question]) -> str:
    """The conditions on which a script shows the text fields: `name=one|two`, separated by semicolons."""
    rules = [f"{CURRENT_CONCERN}={_YES}"]
    for question in questions:
        raising = [option.value for option in question.answers if option.raises_concern]
        rules += [f"{question.id}={'|'.join(raising)}"] if raising else []
    return ";".join(rules)
