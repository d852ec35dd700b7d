"""The forms for adding and changing agencies and contacts."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from surveyapp.agencies.models import CONTACT_ROLES
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, PersonName, RequiredText


class AgencyForm(SurveyForm):
    """An agency's name and kind."""

    name = LineField(
        "Name of the agency",
        [RequiredText("Enter the agency’s name"), MaxCharacters(200)],
    )
    kind = RadioField(
        "What kind of agency is it?",
        [DataRequired("Choose what kind of agency it is")],
        choices=[SelectChoice(kind, words) for kind, words in AGENCY_KINDS.items()],
        validate_choice=False,
    )


class ContactForm(SurveyForm):
    """A person who answers for an agency."""

    name = LineField(
        "Full name, or the name of the post",
        [
            RequiredText("Enter a name, such as Audit lead"),
            MaxCharacters(200),
            PersonName(),
        ],
    )
    email = LineField("Email address", [DataRequired("Enter an email address, like name@agency.example")])
    telephone = LineField(
        "Telephone number (optional)",
        [MaxCharacters(40)],
    )
    role = RadioField(
        "What do they do for this audit work?",
        [DataRequired("Choose what this person does")],
        choices=[SelectChoice(role, words) for role, words in CONTACT_ROLES.items()],
        default="lead",
        validate_choice=False,
    )
