"""Signing in with a passkey, and one's own passkeys."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.access import guard_staff
from surveyapp.foundation.web.base import SurveyForm, prepare_blueprint
from surveyapp.navigation import navigation
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import STRANGER
from surveyapp.standalone.own_account.own_password import OwnPasswordForm, is_own_password
from surveyapp.standalone.passkeys.ceremonies import (
    PasskeyRefused,
    credential_id_in,
    made_passkey,
    options_for_making,
)
from surveyapp.standalone.passkeys.challenge_cookie import answered_challenge, challenge_for_page
from surveyapp.standalone.passkeys.operations import (
    add_passkey,
    passkeys_of,
    remove_passkey,
    sign_in_with_passkey,
)
from surveyapp.standalone.second_factor.pages import signed_in_response
from surveyapp.standalone.sessions.browser_words import browser_in_words
from surveyapp.standalone.sign_in import requires_second_factor, signed_in, start_halfway
from surveyapp.standalone.sign_in_limits import TriedTooOften, network_of, sign_in_limits

bp = Blueprint("passkeys", __name__)
prepare_blueprint(bp)
own_bp = Blueprint("own_passkeys", __name__, url_prefix="/account/passkeys")
own_bp.before_request(guard_staff)
own_bp.context_processor(navigation)
prepare_blueprint(own_bp)

TRIED_TOO_OFTEN = "That was tried too often. Try again in 15 minutes"


class PasskeyForm(SurveyForm):
    """The answer of the browser, which a script fills in."""

    credential = HiddenField()


class NewPasskeyForm(OwnPasswordForm, PasskeyForm):
    """A new passkey, and the present password."""


@bp.post("/sign-in/passkey")
def sign_in() -> ResponseReturnValue:
    """Sign a member of staff in with a passkey, which is two factors: the device, and its lock."""
    answer, now = PasskeyForm().credential.data or "", clock.now()
    try:
        sign_in_limits().count_other_way(network_of(request.remote_addr))
        challenge, credential_id = answered_challenge(), credential_id_in(answer)
        with transaction():
            staff = sign_in_with_passkey(credential_id, answer, challenge=challenge, now=now)
    except TriedTooOften:
        flash(f"{TRIED_TOO_OFTEN}.")
        return _sign_in_page()
    except PasskeyRefused as error:
        session.rollback()
        if sign_in_limits().may_note():
            with transaction():
                record_event(STRANGER, "refused_passkey", "sign-in", now=now)
        flash(error.message)
        return _sign_in_page()
    if requires_second_factor(staff.role_set) and not staff.has_second_factor:
        start_halfway(staff)
        return redirect(url_for("second_factor.show_set_up", next=request.args.get("next", "/")), 303)
    return signed_in_response(staff, "with a passkey")


def _sign_in_page() -> ResponseReturnValue:
    return redirect(url_for("standalone.show_sign_in", next=request.args.get("next", "/")), 303)


@own_bp.get("")
def list_passkeys() -> ResponseReturnValue:
    """List one's own passkeys, and offer to add one."""
    return _page(NewPasskeyForm(formdata=None))


@own_bp.post("")
def add() -> ResponseReturnValue:
    """Add a passkey that the browser has made."""
    form = NewPasskeyForm()
    if not form.validate() or not is_own_password(form):
        return _page(form, 422)
    try:
        made = made_passkey(form.credential.data or "", challenge=answered_challenge())
        with transaction():
            device = browser_in_words(request.user_agent.string)
            add_passkey(_own(), made, device=device, now=clock.now())
    except PasskeyRefused:
        form.present.errors = ["Your browser made no passkey. Type your password again and press the button"]
        return _page(form, 422)
    flash("You can sign in with this passkey now.", "success")
    return redirect(url_for("own_passkeys.list_passkeys"), 303)


@own_bp.post("/<int:number>/remove")
def remove(number: int) -> ResponseReturnValue:
    """Remove one of one's own passkeys."""
    with transaction():
        if not remove_passkey(_own(), number, now=clock.now()):
            raise NotFound
    flash("This passkey signs nobody in any more.", "success")
    return redirect(url_for("own_passkeys.list_passkeys"), 303)


def _own() -> Staff:
    found = signed_in()
    if found is None:
        raise NotFound
    return session.get_one(Staff, found.staff_id)


def _page(form: NewPasskeyForm, status: int = 200) -> ResponseReturnValue:
    own = _own()
    passkeys = passkeys_of(own.id)
    options = options_for_making(
        f"staff {own.id}".encode(),
        name=own.name,
        address=own.email,
        challenge=challenge_for_page(),
        known=tuple(passkey.credential_id for passkey in passkeys),
    )
    page = render_template(
        "survey/standalone/passkeys.html", form=form, errors=form.errors, passkeys=passkeys, options=options
    )
    return page, status
