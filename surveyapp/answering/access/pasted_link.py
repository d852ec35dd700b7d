"""A link pasted into a page, because the browser no longer holds it."""

from collections.abc import Callable
from datetime import datetime

from flask import request

from surveyapp.foundation.web.access import grants_in_cookie, remember_grant
from surveyapp.issuing.links import grant_for_token
from surveyapp.issuing.models import Grant
from surveyapp.issuing.operations import note_start


def grants_with_pasted_link() -> tuple[dict[str, int], Grant | None]:
    """The browser's grants including the one whose link was pasted on the page, and that grant or None.

    Raises LinkUnknown if the pasted text is no link of ours.
    """
    held = grants_in_cookie()
    pasted = request.form.get("pasted-link", "")
    if not pasted.strip():
        return held, None
    grant = grant_for_token(pasted)
    return {**held, grant.public_id: grant.version}, grant


def use_pasted_link(grant: Grant | None, *, now: datetime) -> Callable[[], None]:
    """Record the use of a pasted link; returns a function to call after the commit, which stores the link.

    The link is stored in the cookie. `now` is UTC. Call it after the answers are stored, since the audit is
    locked before any grant (promises 3.1).
    """
    if grant is None:
        return lambda: None
    note_start(grant, now=now)
    public_id, version = grant.public_id, grant.version
    return lambda: remember_grant(public_id, version)


def pasted_link_error() -> str:
    """The error beside the box for the link; empty if the page that was sent had no such box."""
    pasted = request.form.get("pasted-link")
    if pasted is None:
        return ""
    if not pasted.strip():
        return "Paste the link from your email"
    return "This is not a link of ours, or not the one for this page: copy the whole address from the email"
