"""The small forms of answering; the audit form itself is compiled from its definition."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from surveyapp.answering.models import NIL_REASONS
from surveyapp.answering.operations import LONGEST_WHERE
from surveyapp.foundation.fields import AddressField
from surveyapp.foundation.pages import SurveyForm


class NotInvolvedForm(SurveyForm):
    """Why an agency has nothing to audit."""

    reason = RadioField(
        "Why has your agency nothing to audit?",
        choices=[SelectChoice(value, words) for value, words in NIL_REASONS.items()],
        validators=[InputRequired("Choose why your agency has nothing to audit")],
    )
    whereabouts = TextAreaField(
        "Which agency holds the file now? (optional)",
        validators=[
            Length(max=LONGEST_WHERE, message=f"Say it in {LONGEST_WHERE} characters or fewer"),
        ],
    )


class FreshLinkForm(SurveyForm):
    """The address to which a link was sent before."""

    email = AddressField("Your work email address")
