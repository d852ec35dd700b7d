"""The form for noting a call."""

from wtforms import TextAreaField

from surveyapp.calling.operations import LONGEST_NOTE
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText


class CallForm(SurveyForm):
    """What was said, and the day that was promised."""

    said = TextAreaField(
        "What was said?",
        [RequiredText("Write what was said, such as: back on Tuesday"), MaxCharacters(LONGEST_NOTE)],
    )
    promised_on = DayField("By which day do they promise everything? (optional)")
    press = LineField()
