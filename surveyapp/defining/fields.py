"""The WTForms fields of an answer form: they hold what was typed; what it means, kinds.py knows."""

from collections.abc import Iterator
from typing import Any

from wtforms import StringField
from wtforms.fields.choices import Choice, SelectFieldBase  # type: ignore[attr-defined]

from surveyapp.defining.definition import Question


class SingleChoiceField(SelectFieldBase):
    """Radios: one value. An unknown one is kept as it came, selects nothing and is refused in words."""

    def __init__(self, label: str, *, question: Question, **rest: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Offer the question's options."""
        super().__init__(label, **rest)
        self.offered = tuple((option.value, option.label) for option in question.answers)

    def process_data(self, value: object) -> None:
        """Take a stored value; nothing is an empty text, never the text “None”."""
        self.data = value or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value sent."""
        self.data = valuelist[0] if valuelist else ""

    def iter_choices(self) -> Iterator[Choice]:
        """The options, and which one is chosen."""
        return (Choice(value, label, value == self.data, {}) for value, label in self.offered)


class MultipleChoiceField(SelectFieldBase):
    """Checkboxes: any number of values, each once."""

    def __init__(self, label: str, *, question: Question, **rest: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Offer the question's options or lines, and “None of these” where it has one."""
        super().__init__(label, **rest)
        offered = [(option.value, option.label) for option in question.answers]
        offered += [(each.id, each.label) for each in question.items]
        self.offered = tuple(offered)
        self.none_of_these = question.none_of_these

    def process_data(self, value: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Take stored values."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the values sent, each once, in the order sent."""
        self.data = tuple(dict.fromkeys(valuelist))

    def iter_choices(self) -> Iterator[Choice]:
        """What can be ticked, and what is; “None of these” stands last."""
        yield from (Choice(value, label, value in self.data, {}) for value, label in self.offered)
        if self.none_of_these:
            yield Choice("none_of_these", self.none_of_these, "none_of_these" in self.data, {})


class TextField(StringField):
    """Text of one line or several; too long a text stays in the field."""

    def process_data(self, value: object) -> None:
        """Take a stored text; nothing is an empty text."""
        self.data = str(value or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first text sent."""
        self.data = valuelist[0] if valuelist else ""


class DayAnswerField(TextField):
    """A day typed in three boxes that share one name."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Join day, month and year; three empty boxes are nothing."""
        self.data = " ".join(part.strip() for part in valuelist).strip()
