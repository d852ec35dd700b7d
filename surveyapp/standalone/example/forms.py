"""The form that confirms the removal of the example."""

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText


class RemoveExampleForm(SurveyForm):
    """The word that confirms it."""

    word = LineField(
        "To remove it, type example", [RequiredText("Type example to remove it"), MaxCharacters(200)]
    )
