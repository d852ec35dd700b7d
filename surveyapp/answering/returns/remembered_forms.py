"""The forms that this process has shown, so that typed text can be shown again without the database."""

from flask import current_app

from surveyapp.defining.answer_form import AnswerForm, answer_form
from surveyapp.defining.definition import AuditForm
from surveyapp.issuing.models import AuditRequest

# How many forms a process remembers, to show typed text again while the database is unavailable.
MOST_REMEMBERED = 500


def remember_form(audit_request: AuditRequest) -> None:
    """Remember which form a request has; the oldest of more than 500 is forgotten."""
    # Definitions only, no answers. While the database is unavailable, a page cannot ask it which questions
    # the typed text belongs to (promises D1, D3).
    remembered: dict[str, tuple[AuditForm, str]] = current_app.extensions.setdefault("survey_forms_shown", {})
    remembered.pop(audit_request.public_id, None)
    remembered[audit_request.public_id] = (audit_request.audit.form, audit_request.agency.kind)
    while len(remembered) > MOST_REMEMBERED:
        remembered.pop(next(iter(remembered)))


def remembered_form(public_id: str) -> type[AnswerForm] | None:
    """The web form that this process has shown at this address, or None."""
    remembered: dict[str, tuple[AuditForm, str]] = current_app.extensions.get("survey_forms_shown", {})
    return answer_form(*remembered[public_id]) if public_id in remembered else None
