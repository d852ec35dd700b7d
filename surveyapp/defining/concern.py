"""The current practice concern: a box of ours on every form, beside the form's own questions."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import Field

from surveyapp.defining.definition import Question
from surveyapp.defining.fields import TextField
from surveyapp.defining.question_kinds import LONGEST_LINE, FieldValue, GivenAnswer, length_problem
from surveyapp.defining.shown_questions import answers_by_question, chosen_values, shown_question_ids

# What is said of a concern stands under this name, which no question of a form can have.
CURRENT_CONCERN = "current-concern"
RAISED, TOLD_WHOM, TOLD_WHEN = "raised", "told_whom", "told_when"
CONCERN_LABEL = "I have a current practice concern about this child"
WHOM_LABEL, WHEN_LABEL = "Whom have you told?", "When?"
# The names of its fields in the page.
WHOM_FIELD, WHEN_FIELD = f"{CURRENT_CONCERN}-told-whom", f"{CURRENT_CONCERN}-told-when"
_YES = "yes"


class TickField(Field):
    """One box of ours to tick."""

    def process_data(self, value: object) -> None:
        """Take whether it was ticked before."""
        self.data = bool(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take whether it is ticked; a box that is not comes with no value."""
        self.data = bool(valuelist and valuelist[0])

    def _value(self) -> str:
        return _YES


def question_above_box(questions: Sequence[Question]) -> str:
    """The id of the question below which the box stands: where the form says, else the last."""
    last = questions[-1].id if questions else ""
    return next((each.id for each in questions if each.concern_beside), last)


def fields() -> dict[str, object]:
    """The box and what it asks, by the names they have in the page."""
    return {
        CURRENT_CONCERN: TickField(CONCERN_LABEL),
        WHOM_FIELD: TextField(WHOM_LABEL),
        WHEN_FIELD: TextField(WHEN_LABEL),
    }


def concern_answers(ticked: object, told_whom: str, told_when: str) -> tuple[GivenAnswer, ...]:
    """What a page says of a concern; a text stays with the page although the box was unticked again."""
    found = [GivenAnswer(CURRENT_CONCERN, item=RAISED, option=_YES)] if ticked else []
    texts = ((TOLD_WHOM, told_whom.strip()), (TOLD_WHEN, told_when.strip()))
    found += [GivenAnswer(CURRENT_CONCERN, item=item, text=text) for item, text in texts if text]
    return tuple(found)


def concern_field_values(given: Iterable[GivenAnswer]) -> dict[str, FieldValue | bool]:
    """What the fields hold for what was given before: the way back from `concern_answers`."""
    told_whom, told_when = told_whom_and_when(given)
    return {CURRENT_CONCERN: is_ticked(given), WHOM_FIELD: told_whom, WHEN_FIELD: told_when}


def is_ticked(given: Iterable[GivenAnswer]) -> bool:
    """Whether the box itself is ticked."""
    return any(each.question == CURRENT_CONCERN and each.item == RAISED for each in given)


def is_raised(questions: Iterable[Question], given: Iterable[GivenAnswer]) -> bool:
    """Whether these answers raise a concern: by the box, or by an option that says so in the form.

    An answer to a question that another answer rules out raises none.
    """
    questions, given = tuple(questions), tuple(given)
    if is_ticked(given):
        return True
    telling = [each for each in questions if any(option.raises_concern for option in each.answers)]
    if not telling:
        return False
    asked, answers = shown_question_ids(questions, given), answers_by_question(given)
    return any(
        option.raises_concern and option.value in chosen_values(answers.get(each.id, ()))
        for each in telling
        if each.id in asked
        for option in each.answers
    )


def told_whom_and_when(given: Iterable[GivenAnswer]) -> tuple[str, str]:
    """Whom they have told, and when, in their own words; empty where it was not said."""
    texts = {each.item: each.text or "" for each in given if each.question == CURRENT_CONCERN}
    return texts.get(TOLD_WHOM, ""), texts.get(TOLD_WHEN, "")


def problems(told_whom: str, told_when: str, *, raised: bool) -> dict[str, str | None]:
    """What is wrong, on return, with what was said of a concern, by the names of the fields.

    A draft is never kept back by it: a concern is not to wait for a text.
    """
    whom = length_problem(told_whom, LONGEST_LINE, "answer about whom you have told")
    when = length_problem(told_when, LONGEST_LINE, "answer about when you told them")
    if raised and not told_whom.strip():
        whom = "Say whom you have told about your current practice concern"
    if raised and not told_when.strip():
        when = "Say when you told them about your current practice concern, such as “today, 10am”"
    return {WHOM_FIELD: whom, WHEN_FIELD: when}


def script_rule(questions: Iterable[Question]) -> str:
    """When a script may show what the box asks: `name=one|two`, several with a semicolon between them."""
    rules = [f"{CURRENT_CONCERN}={_YES}"]
    for question in questions:
        raising = [option.value for option in question.answers if option.raises_concern]
        rules += [f"{question.id}={'|'.join(raising)}"] if raising else []
    return ";".join(rules)
