"""The forms of the directory."""

from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from surveyapp.agencies.models import KINDS, ROLES
from surveyapp.foundation.pages import LineField, SurveyForm


class AgencyForm(SurveyForm):
    """An agency's name and kind."""

    name = LineField(
        "Name of the agency",
        [InputRequired("Enter the agency’s name"), Length(max=200, message="Use 200 characters or fewer")],
    )
    kind = RadioField(
        "What kind of agency is it?",
        [InputRequired("Choose what kind of agency it is")],
        choices=list(KINDS.items()),
        validate_choice=False,
    )


class ContactForm(SurveyForm):
    """A person who answers for an agency."""

    name = LineField(
        "Full name, or the name of the post",
        [
            InputRequired("Enter a name, such as Audit lead"),
            Length(max=200, message="Use 200 characters or fewer"),
        ],
    )
    email = LineField("Email address", [InputRequired("Enter an email address, like name@agency.example")])
    telephone = LineField(
        "Telephone number (optional)",
        [Length(max=40, message="Use 40 characters or fewer")],
    )
    role = RadioField(
        "What do they do for this audit work?",
        [InputRequired("Choose what this person does")],
        choices=list(ROLES.items()),
        default="lead",
        validate_choice=False,
    )
