"""The form that confirms the deletion of an agency or a contact."""

from surveyapp.foundation.web.base import DeletionForm, LineField
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText


class ConfirmNameForm(DeletionForm):
    """The name of what is to be deleted, typed once more."""

    name = LineField(
        "To confirm, type the name",
        [RequiredText("Type the name to confirm"), MaxCharacters(200)],
    )
