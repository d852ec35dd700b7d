"""To the organisation’s identity provider and back."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.standalone.oidc.operations import account_of_identity
from surveyapp.standalone.oidc.provider import (
    IdentityRefused,
    address_at_provider,
    has_provider,
    identity_from_provider,
)
from surveyapp.standalone.operations import STRANGER
from surveyapp.standalone.second_factor.pages import finish_sign_in
from surveyapp.standalone.sign_in import safe_next_path
from surveyapp.standalone.sign_in_limits import TriedTooOften, network_of, sign_in_limits

bp = Blueprint("oidc", __name__)
prepare_blueprint(bp)

TRIED_TOO_OFTEN = "That was tried too often. Try again in 15 minutes."


@bp.post("/sign-in/organisation")
def go_to_provider() -> ResponseReturnValue:
    """Send somebody who pressed the button to the identity provider.

    By a page that goes on by itself, and no redirect: a form may lead to no other site (CSP).
    """
    if not has_provider():
        raise NotFound
    try:
        sign_in_limits().count_other_way(network_of(request.remote_addr))
        address = address_at_provider()
    except TriedTooOften:
        return _refused(TRIED_TOO_OFTEN)
    except IdentityRefused as error:
        return _refused(error.message, error.why)
    cookie["staff_next"] = safe_next_path(request.args.get("next", "/"))
    page = make_response(render_template("survey/standalone/to_provider.html", address=address))
    page.headers["Refresh"] = f"0; url={address}"
    return page


@bp.get("/sign-in/organisation/back")
def come_back() -> ResponseReturnValue:
    """Sign in whom the provider has signed in, if they are invited; then comes the second factor as ever."""
    if not has_provider():
        raise NotFound
    next_path = safe_next_path(str(cookie.pop("staff_next", "/")))
    try:
        identity = identity_from_provider()
        with transaction():
            staff = account_of_identity(identity, now=clock.now())
    except IdentityRefused as error:
        return _refused(error.message, error.why)
    return finish_sign_in(staff, "by the organisation’s account", next_path=next_path)


def _refused(words: str, why: str = "") -> ResponseReturnValue:
    session.rollback()
    if why and sign_in_limits().may_note():
        with transaction():
            record_event(STRANGER, "refused_identity", "sign-in", why, now=clock.now())
    flash(words)
    return redirect(url_for("standalone.show_sign_in"), 303)
