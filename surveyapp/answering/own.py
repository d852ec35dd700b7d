"""What every page of a contact begins with: their own request, and what came with the press of a button."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.operations import Press
from surveyapp.foundation.access import held_grants
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import request_open_to


def own_request(public_id: str, held: dict[str, int] | None = None) -> AuditRequest:
    """A request that this browser's links open now; any other is not found."""
    found = request_open_to(held_grants() if held is None else held, public_id)
    if found is None:
        raise NotFound
    return found


def to(view: str, public_id: str) -> ResponseReturnValue:
    """On to another page of the same request."""
    return redirect(url_for(f"survey_contact.answering.{view}", public_id=public_id), 303)


def press_of_page() -> Press:
    """The page's own id, and the version it showed."""
    return Press.read(request.form.get("submission-id", ""), request.form.get("seen-version", ""))
