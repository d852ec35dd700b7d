"""The form for the name of a theme."""

from wtforms import HiddenField

from surveyapp.foundation.web.base import LineField, SurveyForm


class ThemeForm(SurveyForm):
    """The name of a theme; the operations check it."""

    name = LineField("Theme")
    seen = HiddenField()
