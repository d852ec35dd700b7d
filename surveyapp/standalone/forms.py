"""The sign-in form of the standalone app."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.words.email_addresses import LONGEST_ADDRESS
from surveyapp.standalone.passwords.password_hashes import LONGEST_PASSWORD


class SignInForm(SurveyForm):
    """Email address and password."""

    email = LineField(
        "Email address",
        validators=[
            InputRequired("Enter your email address"),
            Length(max=LONGEST_ADDRESS, message="Enter your email address"),
        ],
    )
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password"),
            Length(max=LONGEST_PASSWORD, message="Enter your password"),
        ],
    )
