"""What every page of a contact begins with: their own request, and what came with the press of a button."""

from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.operations import Press
from surveyapp.foundation.access import held_grants
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.links import grant_for_token
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.operations import note_start
from surveyapp.issuing.queries import request_open_to


class LinkNeeded(NotFound):
    """This browser holds no link, or none any more: the same for every address, so it tells nothing."""

    way_on = "This browser does not hold your link, or it has been replaced. What you saved is kept."

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__("Open the link from your email again")


def own_request(public_id: str, held: dict[str, int] | None = None) -> AuditRequest:
    """A request that this browser's links open now; any other is not found.

    Raises LinkNeeded, a NotFound, where the browser holds no link at all.
    """
    held = held_grants() if held is None else held
    if not held:
        raise LinkNeeded
    found = request_open_to(held, public_id)
    if found is None:
        raise NotFound
    return found


def held_with_pasted(now: datetime) -> tuple[dict[str, int], tuple[str, int] | None]:
    """The grants of this browser, and the one whose link was pasted on the page, to hold once stored.

    `now` is UTC. Raises LinkUnknown where what was pasted is no link of ours.
    """
    held = held_grants()
    pasted = request.form.get("pasted-link", "")
    if not pasted.strip():
        return held, None
    grant = grant_for_token(pasted)
    note_start(grant, now=now)
    return {**held, grant.public_id: grant.version}, (grant.public_id, grant.version)


def link_problem() -> str:
    """What to say beside the box for the link; nothing while nothing has been pasted into it."""
    pasted = bool(request.form.get("pasted-link", "").strip())
    words = "This is not a link of ours, or not the one for this page: copy the whole address from the email"
    return words if pasted else ""


def to(view: str, public_id: str) -> ResponseReturnValue:
    """On to another page of the same request."""
    return redirect(url_for(f"survey_contact.answering.{view}", public_id=public_id), 303)


def press_of_page() -> Press:
    """The page's own id, and the version it showed."""
    return Press.read(request.form.get("submission-id", ""), request.form.get("seen-version", ""))
