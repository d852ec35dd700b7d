"""The WTForms fields of an answer form. They hold the typed value; the kind of question reads it.

`control` names the macro in templates/survey/defining/question.html that draws the field.
"""

from collections.abc import Iterator
from typing import Any

from wtforms import StringField
from wtforms.fields.choices import Choice, SelectFieldBase  # type: ignore[attr-defined]

from surveyapp.defining.definition import Question
from surveyapp.foundation.words.typed_dates import stored_date

_BOXES = 3
_BETWEEN_BOXES = "/"


class SingleChoiceField(SelectFieldBase):
    """Radios: one value. An unknown value is kept, selects nothing, and is refused by the kind."""

    control = "radios"

    def __init__(self, label: str, *, question: Question, **rest: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Offer the options of the question."""
        super().__init__(label, **rest)
        # The ends of a scale of numbers are said beside the number, not in its label.
        is_number_scale = question.lowest is not None
        self.offered = tuple(
            (option.value, option.name if is_number_scale else option.label) for option in question.answers
        )

    def process_data(self, value: object) -> None:
        """Take a stored value; None becomes an empty text, never the text “None”."""
        self.data = value or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first posted value."""
        self.data = valuelist[0] if valuelist else ""

    def iter_choices(self) -> Iterator[Choice]:
        """The options, with the one chosen marked."""
        return (Choice(value, label, value == self.data, {}) for value, label in self.offered)


class MultipleChoiceField(SelectFieldBase):
    """Checkboxes: any number of values, each once."""

    control = "checkboxes"

    def __init__(self, label: str, *, question: Question, **rest: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Offer the options or lines of the question, and “None of these” if it has that."""
        super().__init__(label, **rest)
        offered = [(option.value, option.label) for option in question.answers]
        offered += [(line.id, line.label) for line in question.items]
        self.offered = tuple(offered)
        self.none_of_these = question.none_of_these

    def process_data(self, value: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Take stored values."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the posted values, each once, in their order."""
        self.data = tuple(dict.fromkeys(valuelist))

    def iter_choices(self) -> Iterator[Choice]:
        """The boxes, with those ticked marked; “None of these” is the last."""
        yield from (Choice(value, label, value in self.data, {}) for value, label in self.offered)
        if self.none_of_these:
            yield Choice("none_of_these", self.none_of_these, "none_of_these" in self.data, {})


class TextField(StringField):
    """Text in one line; a text that is too long stays in the field."""

    control = "line"

    def process_data(self, value: object) -> None:
        """Take a stored text; None becomes an empty text."""
        self.data = str(value or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first posted text."""
        self.data = valuelist[0] if valuelist else ""


class LongTextField(TextField):
    """Text in several lines."""

    control = "textarea"


class WholeNumberField(TextField):
    """A whole number."""

    control = "number"


class DayAnswerField(TextField):
    """A day typed in three boxes that share one name."""

    control = "date"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Join day, month and year, so that `boxes` finds each again; empty boxes are an empty text."""
        parts = [part.strip() for part in valuelist]
        self.data = _BETWEEN_BOXES.join(parts) if any(parts) else ""

    @property
    def boxes(self) -> tuple[str, ...]:
        """What stands in each box: of a stored day its day, month and year, otherwise as it was typed."""
        typed = self.data or ""
        day = stored_date(typed)
        if day is not None:
            return str(day.day), str(day.month), str(day.year)
        for separator in (_BETWEEN_BOXES, None):
            parts = typed.split(separator)
            if len(parts) == _BOXES:
                return tuple(parts)
        return (typed.strip(_BETWEEN_BOXES),)
