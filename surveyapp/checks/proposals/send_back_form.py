"""The form with which an executive sends a report or brief back."""

from wtforms import TextAreaField

from surveyapp.checks.proposals.operations import LONGEST_REASON
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText


class SendBackForm(SurveyForm):
    """What is to be changed before a report or brief is released."""

    reason = TextAreaField(
        "What is to be changed",
        [RequiredText("Say what is to be changed: whoever asked reads it"), MaxCharacters(LONGEST_REASON)],
    )
