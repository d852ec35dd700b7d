"""The forms behind a link, and the one that asks for a link."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, RequiredText
from surveyapp.standalone.passwords.password_hashes import LONGEST_PASSWORD


class ForgottenPasswordForm(SurveyForm):
    """The address at which to send a link to a new password."""

    email = AddressField("Email address")


class NewPasswordForm(SurveyForm):
    """A new password, typed once: it can be shown, and a password manager types it."""

    password = PasswordField(
        "New password",
        validators=[
            InputRequired("Enter a password"),
            Length(max=LONGEST_PASSWORD, message="Use a shorter password"),
        ],
    )


class JoinForm(NewPasswordForm):
    """The name and password of an invited person."""

    name = LineField("Your name", validators=[RequiredText("Enter your name")])
