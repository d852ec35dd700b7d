"""The form for copying an audit."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText


class CopyAuditForm(SurveyForm):
    """The title and the day of the new audit, and how much of the grid it takes over."""

    title = LineField("Title of the new audit", [RequiredText("Enter a title"), MaxCharacters(200)])
    issue_on = DayField("Issue on (optional)")
    grid = RadioField(
        "How much of the grid?",
        choices=[
            SelectChoice("agencies", "The agencies, without cases"),
            SelectChoice("all", "The agencies, as many cases, and the same ticks"),
        ],
        default="agencies",
    )
