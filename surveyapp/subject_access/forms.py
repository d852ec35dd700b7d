"""The form with which staff look for what is held about a child."""

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText


class ChildSearchForm(SurveyForm):
    """A pseudonym, or an agency's own reference for its file."""

    wanted = LineField(
        "Pseudonym or reference",
        [RequiredText("Enter a pseudonym such as Child 1, or an agency’s reference"), MaxCharacters(200)],
    )
