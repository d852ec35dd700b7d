"""The web form that an agency fills in, made from an audit form."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from markupsafe import Markup
from wtforms.i18n import DummyTranslations

from surveyapp.defining import concern
from surveyapp.defining.answer_form_fields import answer_field_names, fields_of, show_if_rule
from surveyapp.defining.concern import CURRENT_CONCERN, WHEN_FIELD, WHOM_FIELD
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.form_sections import FormSection, form_sections
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.question_kinds import FieldValue, GivenAnswer, length_problem
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

_NO_TRANSLATIONS = DummyTranslations()


class AnswerForm(SurveyForm):
    """The form that one agency fills in about one child; `answer_form` makes one for each kind of agency."""

    definition: ClassVar[AuditForm]
    questions: ClassVar[tuple[Question, ...]] = ()
    # The HTML of blank questions, by question id; each class made by `answer_form` has its own.
    _drawn: ClassVar[dict[str, Markup]] = {}
    # The id of the question below which the box for a current concern is drawn.
    concern_after: ClassVar[str] = ""

    class Meta(SurveyForm.Meta):
        """Looks up no translations, since all messages are ours."""

        def get_translations(self, form: Any) -> DummyTranslations:  # noqa: ANN401, ARG002 — WTForms’ own
            """Give no translations."""
            return _NO_TRANSLATIONS

    def __init__(self, formdata: Any = None, given: Iterable[GivenAnswer] = ()) -> None:  # noqa: ANN401 — WTForms’ own
        """Fill the form with the posted data, or else with the stored answers."""
        given = tuple(given)
        super().__init__(
            formdata=formdata,
            data={**self._stored(answers_by_question(given)), **concern.concern_field_values(given)},
        )

    def given(self, *, everything: bool = False) -> tuple[GivenAnswer, ...]:
        """The answers on the page, in the order of the form.

        Answers to questions that another answer rules out are left out, unless `everything` is true.
        """
        answers = tuple(answer for question in self.questions for answer in self._given(question))
        if not everything:
            asked = shown_question_ids(self.questions, answers)
            answers = tuple(answer for answer in answers if answer.question in asked)
        return answers + concern.concern_answers(*self._concern())

    def check_draft(self) -> bool:
        """Whether this can be stored as a draft: checks lengths, and that options exist."""
        return self._check(returned_on=None)

    def storable(self) -> tuple[GivenAnswer, ...]:
        """The answers on the page, without those whose field has an error; after `check_draft`."""
        return tuple(answer for answer in self.given(everything=True) if not self._refuses(answer))

    def refused(self, stored: Iterable[GivenAnswer]) -> tuple[GivenAnswer, ...]:
        """Those of these stored answers whose field has an error on this page; after `check_draft`."""
        return tuple(answer for answer in stored if self._refuses(answer))

    def _refuses(self, answer: GivenAnswer) -> bool:
        part = f"{answer.question}-{answer.item}"
        names = (part,) if answer.item == COMMENT else (answer.question, part)
        return any(self[name].errors for name in names if name in self)

    def check_return(self, today: date) -> bool:
        """Whether this can be returned on the UK day `today`: checks also what is required, and dates."""
        return self._check(returned_on=today)

    def hint_for(self, question: Question) -> str:
        """The hint below a question: when to answer it, the hint of the form, and how to choose."""
        kind_hint = QUESTION_KINDS[question.kind].page_hint
        hints = (when_to_answer(self.definition, question), question.hint, kind_hint)
        return " ".join(filter(None, hints))

    @property
    def form_sections(self) -> tuple[FormSection, ...]:
        """The sections of the form, shown as the steps of the page."""
        return form_sections(self.questions)

    @property
    def asked_elsewhere(self) -> str:
        """A sentence on the question numbers that are missing here; empty if none is."""
        here = {question.id for question in self.questions}
        numbers = [str(question.number) for question in self.definition.questions if question.id not in here]
        if not numbers:
            return ""
        are = "Question {} is" if len(numbers) == 1 else "Questions {} are"
        return f"{are.format(list_in_words(numbers))} asked of other agencies."

    @property
    def room_for_text(self) -> str:
        """The limit of long texts, in one sentence for all their boxes; empty if there is none."""
        longest = (QUESTION_KINDS[question.kind].longest for question in self.questions)
        if LONGEST_COMMENT in longest or any(question.comment for question in self.questions):
            return f"Each box for a longer text takes up to {LONGEST_COMMENT:,} characters."
        return ""

    def shown_by(self, question: Question) -> str | None:
        """The condition on which a script shows this question. Without scripts every question is shown."""
        return show_if_rule(question, self.definition)

    @property
    def concern_shown_by(self) -> str:
        """The condition on which a script shows the fields of the box for a current concern."""
        return concern.script_rule(self.questions)

    def comment_hint(self, question: Question) -> str:
        """A sentence on the answers that need a comment; empty if none does."""
        names = [f"“{question.label_of(choice)}”" for choice in question.comment_when]
        return f"Needed if your answer is {' or '.join(names)}." if names else ""

    def opens_comment(self, question: Question) -> bool:
        """Whether a comment’s box opens on narrow screens: it has text or an error, or is asked for."""
        field = self[f"{question.id}-{COMMENT}"]
        return bool(field.data or field.errors or choice_needing_comment(question, self._given(question)))

    def drawn_blank(self, question: Question) -> Markup | None:
        """The HTML kept for a blank question; None if the question has to be drawn now.

        Most questions are blank when a form is opened, and drawing them is most of the cost of the page.
        """
        return self._drawn.get(question.id) if self._is_blank(question) else None

    def keep_drawn(self, question: Question, html: Markup) -> Markup:
        """Keep the HTML of a question if it is blank, and return it."""
        if self._is_blank(question):
            self._drawn[question.id] = html
        return html

    def _is_blank(self, question: Question) -> bool:
        """Whether a question has no value and no error."""
        names = [*answer_field_names(question), *([f"{question.id}-{COMMENT}"] if question.comment else [])]
        return not any(self[name].errors or self[name].data for name in names)

    def is_short(self, question: Question) -> bool:
        """Whether the options fit on one line as they are."""
        few, narrow = 4, 15
        labels = [option.label for option in question.answers]
        return (
            len(labels) < few
            and max(map(len, labels), default=0) <= narrow
            and not self.option_hints(question)
        )

    def is_number_scale(self, question: Question) -> bool:
        """Whether the options are the numbers of a scale, which a wide page shows in one row."""
        return question.kind == "scale" and question.lowest is not None

    def option_hints(self, question: Question) -> dict[str, str]:
        """The help beside the options, by value: what a grade means, or what the ends of a scale mean."""
        hints = {choice.value: choice.hint for choice in question.answers}
        hints |= {line.id: line.hint for line in question.items}
        if self.is_number_scale(question):
            hints |= {
                str(question.lowest): question.lowest_label,
                str(question.highest): question.highest_label,
            }
        return {value: hint for value, hint in hints.items() if hint}

    @classmethod
    def _stored(cls, answers: dict[str, tuple[GivenAnswer, ...]]) -> dict[str, FieldValue]:
        stored: dict[str, FieldValue] = {}
        for question in cls.questions:
            given = answers.get(question.id, ())
            comments = [answer.text or "" for answer in given if answer.item == COMMENT]
            kind = QUESTION_KINDS[question.kind]
            value = kind.value(question, tuple(answer for answer in given if answer.item != COMMENT))
            stored.update(zip(answer_field_names(question), value if kind.parts else (value,), strict=True))
            stored.update({f"{question.id}-{COMMENT}": text for text in comments})
        return stored

    def _value(self, question: Question) -> FieldValue:
        values = tuple(self[name].data for name in answer_field_names(question))
        return values if QUESTION_KINDS[question.kind].parts else values[0]

    def _comment(self, question: Question) -> str:
        return str(self[f"{question.id}-{COMMENT}"].data) if question.comment else ""

    def _concern(self) -> tuple[object, str, str]:
        told_whom, told_when = (str(self[name].data) for name in (WHOM_FIELD, WHEN_FIELD))
        return self[CURRENT_CONCERN].data, told_whom, told_when

    def _given(self, question: Question) -> tuple[GivenAnswer, ...]:
        comment = self._comment(question).strip()
        written = (GivenAnswer(question.id, item=COMMENT, text=comment),) if comment else ()
        return QUESTION_KINDS[question.kind].given(question, self._value(question)) + written

    def _check(self, *, returned_on: date | None) -> bool:
        for field in self:
            field.errors = []
        given = self.given(everything=True)
        asked = shown_question_ids(self.questions, given)
        for question in self.questions:
            # A question that is not asked is checked as in a draft: nothing is needed of it.
            asked_on = returned_on if question.id in asked else None
            self._check_answer(question, returned_on=asked_on)
            if question.comment:
                self._check_comment(question, returning=asked_on is not None)
        if returned_on:
            _ticked, told_whom, told_when = self._concern()
            raised = concern.is_raised(self.questions, given)
            for name, problem in concern.problems(told_whom, told_when, raised=raised).items():
                self[name].errors = [problem] if problem else []
        return not self.errors

    def _check_answer(self, question: Question, *, returned_on: date | None) -> None:
        kind, value = QUESTION_KINDS[question.kind], self._value(question)
        problems = kind.problems(question, value, returned_on=returned_on)
        blank = not is_answered(kind.given(question, value))
        if returned_on and question.required and not any(problems) and blank:
            problems[0] = kind.wanted(question)
        for name, problem in zip(answer_field_names(question), problems, strict=True):
            self[name].errors = [problem] if problem else []

    def _check_comment(self, question: Question, *, returning: bool) -> None:
        text, given = self._comment(question), self._given(question)
        problem = length_problem(text, LONGEST_COMMENT, f"comment on question {question.number}")
        choice = choice_needing_comment(question, given)
        if returning and choice and not text.strip():
            problem = f"Add a comment to question {question.number}: you chose “{question.label_of(choice)}”"
        self[f"{question.id}-{COMMENT}"].errors = [problem] if problem else []


@lru_cache(maxsize=256)
def answer_form(definition: AuditForm, agency_kind: str | None = None) -> type[AnswerForm]:
    """The web form for agencies of this kind; for None, with all questions of the form."""
    questions = definition.questions_for(agency_kind)
    attributes: dict[str, object] = {
        "__doc__": definition.title,
        "definition": definition,
        "questions": questions,
        "concern_after": concern.question_above_box(questions),
        "_drawn": {},
    }
    for question in questions:
        attributes.update(fields_of(question))
        if question.id == attributes["concern_after"]:
            # Added at its place on the page, so that the list of mistakes has the order of the page.
            attributes.update(concern.fields())
    if not questions:
        attributes.update(concern.fields())
    return type("AnswerForm", (AnswerForm,), attributes)
