"""The forms of one’s own account."""

from surveyapp.standalone.links.forms import NewPasswordForm
from surveyapp.standalone.own_account.own_password import OwnPasswordForm


class ChangePasswordForm(OwnPasswordForm, NewPasswordForm):
    """The present password and a new one."""
