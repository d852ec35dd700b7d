"""Forms for extending and reopening returns."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired

from surveyapp.closing.operations import LONGEST_REASON
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText


class ExtendForm(SurveyForm):
    """The later days on which returns close and are due."""

    close_on = DayField(
        "Returns close on", [InputRequired("Enter the day on which returns close, such as 15 1 2027")]
    )
    due_on = DayField("Return by")


class ReopenForm(SurveyForm):
    """The reason for which returns are opened again, and until when."""

    reason = TextAreaField(
        "Why are returns opened again?",
        [
            RequiredText("Say why, so that the record explains it"),
            MaxCharacters(LONGEST_REASON),
        ],
    )
    close_on = DayField(
        "Returns close again on", [InputRequired("Enter the day on which returns close, such as 15 1 2027")]
    )
