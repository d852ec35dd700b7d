"""The forms about accounts of staff."""

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.foundation.web.actor import ROLE_WORDS
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, RequiredText

ROLE_HINTS = {
    "business_manager": "Plans audits, asks agencies and follows their returns",
    "audit_lead": "Reads the results, and writes conclusions, report and brief",
    "executive": "Approves, and reads what is released",
    "administrator": "Invites and suspends staff and gives them roles",
}


class AccountForm(SurveyForm):
    """A person's name and roles."""

    name = LineField("Name", validators=[RequiredText("Enter the person’s name")])
    roles = SelectMultipleField(
        "Roles",
        choices=[SelectChoice(*role) for role in ROLE_WORDS.items()],
        validators=[InputRequired("Choose at least one role")],
        validate_choice=False,
    )


class InvitationForm(AccountForm):
    """An invitation."""

    email = AddressField("Work email address")
