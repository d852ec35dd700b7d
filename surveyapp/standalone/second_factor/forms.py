"""The forms of the second factor."""

from wtforms import HiddenField
from wtforms.validators import Length

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import RequiredText

_LONGEST_CODE = 60


class CodeForm(SurveyForm):
    """A code of the app, or a recovery code."""

    code = LineField(
        "Code",
        validators=[
            RequiredText("Enter the code that your app shows"),
            Length(max=_LONGEST_CODE, message="Enter the code that your app shows"),
        ],
    )


class AppForm(CodeForm):
    """The first code of an app that is set up, with the app’s key, encrypted."""

    key = HiddenField()
