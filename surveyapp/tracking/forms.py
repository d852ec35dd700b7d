"""The forms for answering a contact’s enquiry, and for giving more time without one."""

from datetime import date

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Optional

from surveyapp.answering.enquiries.operations import LONGEST_ENQUIRY
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters
from surveyapp.foundation.words.dates_and_lists import day_in_words

_DAYS_GIVEN = (
    ("asked", "Give the day they asked for"),
    ("another", "Give another day"),
    ("none", "Give no more time"),
)


class MoreTimeForm(SurveyForm):
    """A later day for some of a contact's requests, given without being asked."""

    requests = SelectMultipleField(
        "For which cases?", validators=[InputRequired("Tick the cases that get more time")]
    )
    due_on = DayField("Until which day?")
    note = TextAreaField("A note for the contact (optional)", [MaxCharacters(LONGEST_ENQUIRY)])
    press = LineField()

    def check(self) -> bool:
        """Validate the form, with a day."""
        is_valid = bool(self.validate())
        if not (self.due_on.data or self.due_on.errors):
            self.due_on.errors = ["Enter the day, such as 15 1 2027"]
            is_valid = False
        return is_valid


class EnquiryAnswerForm(SurveyForm):
    """The answer to a contact, and the day given if they asked for more time."""

    give = RadioField(
        "More time for this request",
        choices=[SelectChoice(*choice) for choice in _DAYS_GIVEN],
        validators=[Optional()],
    )
    due_on = DayField("Which day?")
    text = TextAreaField(
        "Your answer",
        [MaxCharacters(LONGEST_ENQUIRY)],
    )

    def offering(self, wanted_on: date | None) -> "EnquiryAnswerForm":
        """Add the day that was asked for to the words of its choice; returns this form."""
        if wanted_on is not None:
            (value, words), *others = _DAYS_GIVEN
            with_day = (value, f"{words}, {day_in_words(wanted_on)}")
            self.give.choices = [SelectChoice(*choice) for choice in (with_day, *others)]
        return self

    def check(self, *, asks_time: bool) -> bool:
        """Validate the form; an error is added to each field that is missing."""
        is_valid = bool(self.validate())
        if asks_time and not self.give.data:
            self.give.errors = ["Choose whether to give more time"]
            is_valid = False
        if asks_time and self.give.data == "another" and not (self.due_on.data or self.due_on.errors):
            self.due_on.errors = ["Enter the day, such as 15 1 2027"]
            is_valid = False
        return is_valid

    def day_given(self, wanted_on: date | None) -> date | None:
        """The day that was chosen; None if no more time is given."""
        return {"asked": wanted_on, "another": self.due_on.data}.get(self.give.data)
