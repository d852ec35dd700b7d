"""What every page of a contact begins with: their own request, and what came with the press of a button."""

import hmac
import re
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.operations import Press
from surveyapp.foundation.access import held_grants, hold_grant
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.keys import keys
from surveyapp.issuing.links import ID_LENGTH, grant_for_token
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.operations import note_start
from surveyapp.issuing.queries import request_open_to

_PUBLIC_ID = re.compile(rf"[a-z0-9]{{{ID_LENGTH}}}")
_LABEL = b"surveyapp/page/v1\0"
_MARK_BYTES = 16


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
    if not _PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    found = request_open_to(held, public_id)
    if found is None:
        raise NotFound
    return found


def held_with_pasted() -> tuple[dict[str, int], Grant | None]:
    """The grants of this browser, with the one whose link was pasted on the page; and that one.

    Raises LinkUnknown where what was pasted is no link of ours.
    """
    held = held_grants()
    pasted = request.form.get("pasted-link", "")
    if not pasted.strip():
        return held, None
    grant = grant_for_token(pasted)
    return {**held, grant.public_id: grant.version}, grant


def hold_pasted(grant: Grant | None, *, now: datetime) -> Callable[[], None]:
    """Note that a pasted link was used; what this gives holds it in the cookie, once all is stored.

    It stands behind whatever was stored with it: the audit is locked before any grant (PROMISES 3.1).
    """
    if grant is None:
        return lambda: None
    note_start(grant, now=now)
    public_id, version = grant.public_id, grant.version
    return lambda: hold_grant(public_id, version)


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


def page_mark(public_id: str) -> str:
    """What a page of ours carries, so that its text can be shown again on it without a link.

    It says that we have shown these questions at this address before, and opens nothing.
    """
    return _mark(public_id, keys().link[0])


def mark_of_page(public_id: str) -> str:
    """The mark that came with a press; empty where it is none of ours."""
    sent = request.form.get("page-mark", "")
    made = [hmac.compare_digest(_mark(public_id, key).encode(), sent.encode()) for key in keys().link]
    return sent if any(made) else ""


def _mark(public_id: str, key: bytes) -> str:
    made = hmac.new(key, _LABEL + public_id.encode(), sha256).digest()[:_MARK_BYTES]
    return b32encode(made).decode().rstrip("=").lower()
