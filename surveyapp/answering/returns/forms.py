"""The form of a nil return; the audit form itself is compiled from its definition."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.answering.models import NIL_REASONS
from surveyapp.answering.returns.operations import LONGEST_WHERE
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters


class NotInvolvedForm(SurveyForm):
    """Why an agency has nothing to audit, and for a child who has moved which agency holds the file."""

    reason = RadioField(
        "Why has your agency nothing to audit?",
        choices=[SelectChoice(value, words) for value, words in NIL_REASONS.items()],
        validators=[InputRequired("Choose why your agency has nothing to audit")],
    )
    whereabouts = TextAreaField(
        "Which agency holds the file now? (optional)",
        validators=[
            MaxCharacters(LONGEST_WHERE),
        ],
    )
