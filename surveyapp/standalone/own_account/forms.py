"""The forms of one’s own account."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.standalone.links.forms import NewPasswordForm
from surveyapp.standalone.password_hashes import LONGEST_PASSWORD


class OwnPasswordForm(SurveyForm):
    """One’s present password, asked again before something that a borrowed computer must not do."""

    present = PasswordField(
        "Your present password",
        validators=[
            InputRequired("Enter your present password"),
            Length(max=LONGEST_PASSWORD, message="Enter your present password"),
        ],
    )


class ChangePasswordForm(OwnPasswordForm, NewPasswordForm):
    """The present password and a new one."""
