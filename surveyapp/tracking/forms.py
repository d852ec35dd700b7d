"""The small form of tracking: the answer to what a contact asked."""

from datetime import date

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from surveyapp.answering.enquiries.operations import LONGEST_ENQUIRY
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters
from surveyapp.foundation.words.dates_and_lists import day_in_words

_DAYS_GIVEN = (
    ("asked", "Give the day they asked for"),
    ("another", "Give another day"),
    ("none", "Give no more time"),
)


class EnquiryAnswerForm(SurveyForm):
    """What a contact is told, and where they asked for time, the day they are given."""

    give = RadioField(
        "More time for this request",
        choices=[SelectChoice(*each) for each in _DAYS_GIVEN],
        validators=[Optional()],
    )
    due_on = DayField("Which day?")
    text = TextAreaField(
        "Your answer",
        [MaxCharacters(LONGEST_ENQUIRY)],
    )

    def offering(self, wanted_on: date | None) -> "EnquiryAnswerForm":
        """The same, with the day they asked for in the words of its choice."""
        if wanted_on is not None:
            (value, words), *others = _DAYS_GIVEN
            said = (value, f"{words}, {day_in_words(wanted_on)}")
            self.give.choices = [SelectChoice(*each) for each in (said, *others)]
        return self

    def check(self, *, asks_time: bool) -> bool:
        """Whether it says all that is needed; what is missing stands beside its field."""
        right = bool(self.validate())
        if asks_time and not self.give.data:
            self.give.errors = ["Choose whether to give more time"]
            right = False
        if asks_time and self.give.data == "another" and not (self.due_on.data or self.due_on.errors):
            self.due_on.errors = ["Enter the day, such as 15 1 2027"]
            right = False
        return right

    def day_given(self, wanted_on: date | None) -> date | None:
        """The day that was chosen; None for no more time."""
        return {"asked": wanted_on, "another": self.due_on.data}.get(self.give.data)
