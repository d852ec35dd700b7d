"""From an audit form to the web form that an agency fills in."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from markupsafe import Markup
from wtforms.i18n import DummyTranslations

from surveyapp.defining import concern
from surveyapp.defining.concern import CURRENT_CONCERN, WHEN_FIELD, WHOM_FIELD
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.fields import DayAnswerField, MultipleChoiceField, SingleChoiceField, TextField
from surveyapp.defining.question_kinds import (
    CONTACT_PARTS,
    QUESTION_KINDS,
    ContactDetails,
    FieldValue,
    GivenAnswer,
    length_problem,
)
from surveyapp.defining.shown_questions import answered_and_asked as answered_and_asked  # noqa: PLC0414 — asked for beside the form
from surveyapp.defining.shown_questions import (
    answers_by_question,
    choice_needing_comment,
    is_answered,
    shown_question_ids,
    when_to_answer,
)
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.foundation.words.dates_and_lists import list_in_words

# The field of each kind; a person to ask has one for each part instead.
FIELDS: dict[str, type] = {
    "choice": SingleChoiceField,
    "choices": MultipleChoiceField,
    "checklist": MultipleChoiceField,
    "scale": SingleChoiceField,
    "text": TextField,
    "long_text": TextField,
    "number": TextField,
    "date": DayAnswerField,
    "contact": TextField,
}
_NO_TRANSLATIONS = DummyTranslations()


class AnswerForm(SurveyForm):
    """The form one agency fills in about one child; made by `answer_form`, once for each kind."""

    definition: ClassVar[AuditForm]
    questions: ClassVar[tuple[Question, ...]] = ()
    # The HTML of questions with nothing in them: each class has its own, made with it.
    _drawn: ClassVar[dict[str, Markup]] = {}
    # The question below which the box for a current concern stands; the last one, unless the form says.
    concern_after: ClassVar[str] = ""

    class Meta(SurveyForm.Meta):
        """Our own words, so no translations are looked up."""

        def get_translations(self, form: Any) -> DummyTranslations:  # noqa: ANN401, ARG002 — WTForms’ own
            """None are needed."""
            return _NO_TRANSLATIONS

    def __init__(self, formdata: Any = None, given: Iterable[GivenAnswer] = ()) -> None:  # noqa: ANN401 — WTForms’ own
        """Show what was sent, or else what was given before."""
        given = tuple(given)
        super().__init__(
            formdata=formdata,
            data={**self._stored(answers_by_question(given)), **concern.concern_field_values(given)},
        )

    def given(self, *, everything: bool = False) -> tuple[GivenAnswer, ...]:
        """The answers on the page, in the form's order.

        What stands in questions that another answer rules out is left out, unless `everything` is asked for.
        """
        found = tuple(each for question in self.questions for each in self._given(question))
        if not everything:
            asked = shown_question_ids(self.questions, found)
            found = tuple(each for each in found if each.question in asked)
        return found + concern.concern_answers(*self._concern())

    def check_draft(self) -> bool:
        """Whether this can be kept as a draft: lengths, and options that exist."""
        return self._check(returning=False)

    def check_return(self) -> bool:
        """Whether this can be returned: also what is required, and comments asked for."""
        return self._check(returning=True)

    def validate(self, extra_validators: object = None) -> bool:  # noqa: ARG002 — WTForms’ own
        """Check as for a return, for whoever calls WTForms' own name."""
        return self.check_return()

    def hint_for(self, question: Question) -> str:
        """What stands under a question: when to answer it, how, and the form's own hint."""
        several = {"checklist": "Tick all that apply.", "choices": "Choose all that apply."}.get(
            question.kind
        )
        parts = (when_to_answer(self.definition, question), question.hint, several)
        return " ".join(part for part in parts if part)

    @property
    def asked_elsewhere(self) -> str:
        """Which numbers are missing here, and why; empty when none is."""
        here = {question.id for question in self.questions}
        numbers = [str(each.number) for each in self.definition.questions if each.id not in here]
        if not numbers:
            return ""
        are = "Question {} is" if len(numbers) == 1 else "Questions {} are"
        return f"{are.format(list_in_words(numbers))} asked of other agencies."

    @property
    def room_for_text(self) -> str:
        """How much may be written, said once for all boxes that take a long text."""
        if any(question.comment or question.kind == "long_text" for question in self.questions):
            return f"Each box for a longer text takes up to {LONGEST_COMMENT:,} characters."
        return ""

    def shown_by(self, question: Question) -> str | None:
        """When a script may show this question; without scripts all are printed."""
        return show_if_rule(question, self.definition)

    @property
    def concern_shown_by(self) -> str:
        """When a script may show what the box for a current concern asks."""
        return concern.script_rule(self.questions)

    def comment_hint(self, question: Question) -> str:
        """Which answers ask for a comment; empty when none does."""
        names = [f"“{question.name_of(choice)}”" for choice in question.comment_when]
        return f"Needed if your answer is {' or '.join(names)}." if names else ""

    def drawn_blank(self, question: Question) -> Markup | None:
        """The HTML of a question with nothing in it, as it was drawn before; None to have it drawn now.

        Most of a form is blank when it is opened, and drawing it is most of what a form page costs.
        """
        return self._drawn.get(question.id) if self._is_blank(question) else None

    def keep_drawn(self, question: Question, html: Markup) -> Markup:
        """Remember a question's HTML if nothing is in it, and give it back."""
        if self._is_blank(question):
            self._drawn[question.id] = html
        return html

    def _is_blank(self, question: Question) -> bool:
        """Whether nothing was answered, typed or refused in a question."""
        names = [*_answer_field_names(question), *([f"{question.id}-{COMMENT}"] if question.comment else [])]
        return not any(self[name].errors or self[name].data for name in names)

    def is_short(self, question: Question) -> bool:
        """Whether the answers fit on one line."""
        few, narrow = 4, 15
        labels = [option.label for option in question.answers]
        return question.lowest is not None or (len(labels) < few and max(map(len, labels)) <= narrow)

    @classmethod
    def _stored(cls, answers: dict[str, tuple[GivenAnswer, ...]]) -> dict[str, FieldValue]:
        stored: dict[str, FieldValue] = {}
        for question in cls.questions:
            given = answers.get(question.id, ())
            comment = [each.text or "" for each in given if each.item == COMMENT]
            value = QUESTION_KINDS[question.kind].value(
                question, tuple(each for each in given if each.item != COMMENT)
            )
            parts = value if question.kind == "contact" else (value,)
            stored.update(zip(_answer_field_names(question), parts, strict=True))
            stored.update({f"{question.id}-{COMMENT}": text for text in comment})
        return stored

    def _value(self, question: Question) -> FieldValue:
        values = tuple(self[name].data for name in _answer_field_names(question))
        return values if question.kind == "contact" else values[0]

    def _comment(self, question: Question) -> str:
        return str(self[f"{question.id}-{COMMENT}"].data) if question.comment else ""

    def _concern(self) -> tuple[object, str, str]:
        told_whom, told_when = (str(self[name].data) for name in (WHOM_FIELD, WHEN_FIELD))
        return self[CURRENT_CONCERN].data, told_whom, told_when

    def _given(self, question: Question) -> tuple[GivenAnswer, ...]:
        comment = self._comment(question).strip()
        written = (GivenAnswer(question.id, item=COMMENT, text=comment),) if comment else ()
        return QUESTION_KINDS[question.kind].given(question, self._value(question)) + written

    def _check(self, *, returning: bool) -> bool:
        for field in self:
            field.errors = []
        given = self.given(everything=True)
        asked = shown_question_ids(self.questions, given)
        for question in self.questions:
            self._check_answer(question, returning=returning and question.id in asked)
            if question.comment:
                self._check_comment(question, returning=returning and question.id in asked)
        if returning:
            _ticked, told_whom, told_when = self._concern()
            raised = concern.is_raised(self.questions, given)
            for name, problem in concern.problems(told_whom, told_when, raised=raised).items():
                self[name].errors = [problem] if problem else []
        return not self.errors

    def _check_answer(self, question: Question, *, returning: bool) -> None:
        kind, value, names = (
            QUESTION_KINDS[question.kind],
            self._value(question),
            _answer_field_names(question),
        )
        if isinstance(kind, ContactDetails):
            found = [
                kind.problem_of(question, *part, returning=returning)
                for part in zip(CONTACT_PARTS, value, strict=True)
            ]
        else:
            found = [kind.problem(question, value, returning=returning)]
        if (
            returning
            and question.required
            and not any(found)
            and not is_answered(kind.given(question, value))
        ):
            found[0] = kind.wanted(question)
        for name, problem in zip(names, found, strict=True):
            self[name].errors = [problem] if problem else []

    def _check_comment(self, question: Question, *, returning: bool) -> None:
        text, given = self._comment(question), self._given(question)
        problem = length_problem(text, LONGEST_COMMENT, f"comment on question {question.number}")
        choice = choice_needing_comment(question, given)
        if returning and choice and not text.strip():
            problem = f"Add a comment to question {question.number}: you chose “{question.name_of(choice)}”"
        self[f"{question.id}-{COMMENT}"].errors = [problem] if problem else []


@lru_cache(maxsize=256)
def answer_form(definition: AuditForm, agency_kind: str | None = None) -> type[AnswerForm]:
    """The web form that agencies of this kind fill in; None gives the one with everybody's questions."""
    questions = definition.questions_for(agency_kind)
    made: dict[str, object] = {"definition": definition, "questions": questions, "__doc__": definition.title}
    made["concern_after"] = concern.question_above_box(questions)
    made["_drawn"] = {}
    for question in questions:
        made.update(_fields(question))
        if question.id == made["concern_after"]:
            # Made where it stands, so that a list of mistakes has the page's order.
            made.update(concern.fields())
    if not questions:
        made.update(concern.fields())
    return type("AnswerForm", (AnswerForm,), made)


def _answer_field_names(question: Question) -> tuple[str, ...]:
    if question.kind == "contact":
        return tuple(f"{question.id}-{part}" for part in CONTACT_PARTS)
    return (question.id,)


def _fields(question: Question) -> dict[str, object]:
    """The fields of one question by the names they have in the page."""
    made = FIELDS[question.kind]
    offers = {"question": question} if QUESTION_KINDS[question.kind].offers else {}
    labels = tuple(CONTACT_PARTS.values()) if question.kind == "contact" else (question.ask,)
    fields = {
        name: made(label, **offers) for name, label in zip(_answer_field_names(question), labels, strict=True)
    }
    if question.comment:
        fields[f"{question.id}-{COMMENT}"] = TextField(question.comment)
    return fields


def show_if_rule(question: Question, definition: AuditForm) -> str | None:
    """When a script may show this question, as `name=one|two`; None when always."""
    rule = question.show_if
    if rule is None:
        return None
    before = definition.question(rule.question)
    ruled_out = {rule.is_not} if rule.is_not is not None else set(before.choice_values) - set(rule.options)
    return f"{before.id}={'|'.join(choice for choice in before.choice_values if choice not in ruled_out)}"
