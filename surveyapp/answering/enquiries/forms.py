"""The form for asking a question or for more time."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.answering.enquiries.operations import LONGEST_ENQUIRY
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters


class EnquiryForm(SurveyForm):
    """A question to the partnership, or a request for more time."""

    kind = RadioField(
        "What would you like to ask for?",
        choices=[SelectChoice("question", "An answer to a question"), SelectChoice("more_time", "More time")],
        validators=[InputRequired("Choose whether you ask a question or for more time")],
    )
    wanted_on = DayField("By which day could you return it?")
    text = TextAreaField(
        "Your question, or why you need more time",
        [MaxCharacters(LONGEST_ENQUIRY)],
    )
