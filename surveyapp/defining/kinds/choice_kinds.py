"""Kinds of question with answers to choose from: one choice, a scale, several choices, and a checklist."""

from datetime import date

from surveyapp.defining.definition import NONE_OF_THESE, Question
from surveyapp.defining.fields import MultipleChoiceField, SingleChoiceField
from surveyapp.defining.question_kinds import FieldValue, GivenAnswer, QuestionKind


class SingleChoice(QuestionKind):
    """One of the options."""

    field = SingleChoiceField
    offers = "answers"
    paper_hint = "Tick one."

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """The option chosen; a value that is not offered answers nothing."""
        return (GivenAnswer(question.id, option=str(value)),) if question.option(str(value)) else ()

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002 — as all kinds
        """The value of the option; empty if none was chosen."""
        return next((answer.option for answer in given if not answer.item), "")

    def problems(
        self,
        question: Question,
        value: FieldValue,
        *,
        returned_on: date | None,  # noqa: ARG002 — likewise
    ) -> list[str | None]:
        """Refuse a value that is not offered."""
        return [self.wanted(question) if value and question.option(str(value)) is None else None]

    def wanted(self, question: Question) -> str:
        """Ask for one of the options, by their names if these are few and short."""
        few, short = 4, 30
        names = [option.name for option in question.answers]
        if len(names) > few or any(len(name) > short for name in names):
            return f"Choose one of the answers to question {question.number}"
        lowered = [name if name[1:2].isupper() else name[:1].lower() + name[1:] for name in names]
        return f"Choose {', '.join(lowered[:-1])} or {lowered[-1]} for question {question.number}"


class Scale(SingleChoice):
    """A step of a scale: a number between bounds, or one of the grades that the form lists."""

    takes_bounds = True
    bounds_give_answers = True


class MultipleChoice(QuestionKind):
    """Any number of the options."""

    field = MultipleChoiceField
    offers = "answers"
    gives_several_answers = True
    page_hint = "Choose all that apply."
    paper_hint = "Tick all that apply."

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """One answer for each option chosen, in the order of the form."""
        chosen = (option.value for option in question.answers if option.value in value)
        return tuple(GivenAnswer(question.id, option=choice) for choice in chosen)

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:  # noqa: ARG002 — as all kinds
        """The values of the options chosen."""
        return tuple(answer.option for answer in given if not answer.item)

    def problems(
        self,
        question: Question,
        value: FieldValue,
        *,
        returned_on: date | None,  # noqa: ARG002 — likewise
    ) -> list[str | None]:
        """Refuse a value that is not offered."""
        return [self.wanted(question) if set(value) - set(question.choice_values) else None]

    def wanted(self, question: Question) -> str:
        """Ask for at least one."""
        return f"Choose at least one answer to question {question.number}"


class Checklist(QuestionKind):
    """Lines to tick, with “None of these”: a return that ticks anything has answered every line."""

    field = MultipleChoiceField
    offers = "items"
    page_hint = "Tick all that apply."
    paper_hint = "Tick all that apply."

    def given(self, question: Question, value: FieldValue) -> tuple[GivenAnswer, ...]:
        """Yes or no for each line; nothing if nothing was ticked."""
        if not set(value) & set(question.choice_values):
            return ()
        return tuple(
            GivenAnswer(question.id, item=line.id, option="yes" if line.id in value else "no")
            for line in question.items
        )

    def value(self, question: Question, given: tuple[GivenAnswer, ...]) -> FieldValue:
        """The lines ticked, or “None of these”."""
        lines = [answer for answer in given if answer.option]
        ticked = tuple(answer.item for answer in lines if answer.option == "yes")
        return ticked or ((NONE_OF_THESE,) if lines and question.none_of_these else ())

    def problems(
        self, question: Question, value: FieldValue, *, returned_on: date | None
    ) -> list[str | None]:
        """Refuse an unknown line, and on return “None of these” beside another."""
        if set(value) - set(question.choice_values):
            return [self.wanted(question)]
        if returned_on and NONE_OF_THESE in value and len(value) > 1:
            return [f"Untick “{question.none_of_these}”, or the others, in question {question.number}"]
        return [None]

    def wanted(self, question: Question) -> str:
        """Ask for a tick, and name the line to tick if nothing applies."""
        none = f", or “{question.none_of_these}”" if question.none_of_these else ""
        return f"Tick what applies in question {question.number}{none}"
