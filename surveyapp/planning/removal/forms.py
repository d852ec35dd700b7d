"""The form that confirms the deletion of an audit."""

from surveyapp.foundation.web.base import DeletionForm, LineField
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText


class DeleteAuditForm(DeletionForm):
    """The title of the audit, typed once more."""

    title = LineField(
        "To delete it, type its title",
        [RequiredText("Type the title of the audit to delete it"), MaxCharacters(200)],
    )
