"""The base form of conclusions, and the fields and choices that their forms share."""

from collections.abc import Iterable

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.concluding.conclusion_rules import LONGEST_TEXT
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText, posted_number
from surveyapp.gathering.quotes.redaction import IdentifyingWording, identifying_wordings

# Values of choices that stand for no row.
NONE, ELSEWHERE = "none", "elsewhere"


def text_area(label: str, missing: str = "") -> TextAreaField:
    """A field for a longer text, required with the message `missing`."""
    longest = MaxCharacters(LONGEST_TEXT)
    return TextAreaField(label, [RequiredText(missing), longest] if missing else [longest])


def line_field(label: str, longest: int, missing: str = "") -> LineField:
    """A field for one line of `longest` characters, required with the message `missing`."""
    return LineField(
        label, [RequiredText(missing), MaxCharacters(longest)] if missing else [MaxCharacters(longest)]
    )


def choices_of(choices: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """Choices for a field, from (value, words)."""
    return [SelectChoice(str(value), words) for value, words in choices]


def chosen_id(value: str | None) -> int | None:
    """The id that a choice stands for; None for NONE, ELSEWHERE and no choice."""
    return None if value in (None, "", NONE, ELSEWHERE) else posted_number(value)


class ConcludingForm(SurveyForm):
    """A form that carries the digest of the row it was filled from, and a box to keep pointed-out words."""

    seen = StringField()
    keep = BooleanField("Keep these words as they stand")

    @property
    def may_identify(self) -> tuple[IdentifyingWording, ...]:
        """Wordings in the longer texts that may identify somebody; owners are named on purpose."""
        texts = (field.data or "" for field in self if isinstance(field, TextAreaField))
        return identifying_wordings("\n\n".join(texts))
