"""The forms of the directory."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from surveyapp.agencies.models import KINDS, ROLES
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AtMost, Needed


class AgencyForm(SurveyForm):
    """An agency's name and kind."""

    name = LineField(
        "Name of the agency",
        [Needed("Enter the agency’s name"), AtMost(200)],
    )
    kind = RadioField(
        "What kind of agency is it?",
        [DataRequired("Choose what kind of agency it is")],
        choices=[SelectChoice(kind, words) for kind, words in KINDS.items()],
        validate_choice=False,
    )


class ContactForm(SurveyForm):
    """A person who answers for an agency."""

    name = LineField(
        "Full name, or the name of the post",
        [
            Needed("Enter a name, such as Audit lead"),
            AtMost(200),
        ],
    )
    email = LineField("Email address", [DataRequired("Enter an email address, like name@agency.example")])
    telephone = LineField(
        "Telephone number (optional)",
        [AtMost(40)],
    )
    role = RadioField(
        "What do they do for this audit work?",
        [DataRequired("Choose what this person does")],
        choices=[SelectChoice(role, words) for role, words in ROLES.items()],
        default="lead",
        validate_choice=False,
    )
