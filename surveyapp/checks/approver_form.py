"""The form on which an approver answers the flags of a brief or a report."""

from typing import Any

from wtforms import HiddenField

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText


class ApproverForm(SurveyForm):
    """The name and role of the approver, and a digest of the content that the page showed."""

    approver = LineField(
        "Your name and role",
        validators=[
            RequiredText("Enter your name and role: they stand with the approval"),
            MaxCharacters(120),
        ],
    )
    content = HiddenField()


def posted_reasons(form: Any) -> dict[str, str]:  # noqa: ANN401 — the request’s own fields
    """The reasons typed on the page, by the mark of their flag; a field is named “reason-” and the mark."""
    return {name.removeprefix("reason-"): form.get(name, "") for name in form if name.startswith("reason-")}
