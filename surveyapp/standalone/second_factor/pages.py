"""The second step of signing in: the code, or setting an app up where the role requires it."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.standalone.known_device import remember_device
from surveyapp.standalone.models import Staff
from surveyapp.standalone.second_factor.forms import AppForm, CodeForm
from surveyapp.standalone.second_factor.operations import (
    WRONG_CODE,
    key_in,
    sealed_key,
    set_up_app,
    show_second_factor,
)
from surveyapp.standalone.second_factor.totp import key_address
from surveyapp.standalone.sign_in import (
    halfway,
    requires_second_factor,
    safe_next_path,
    start_halfway,
    start_session,
)
from surveyapp.standalone.sign_in_limits import TriedTooOften, sign_in_limits

bp = Blueprint("second_factor", __name__)
prepare_blueprint(bp)

TRIED_TOO_OFTEN = "That was tried too often. Try again in 15 minutes"


def finish_sign_in(staff: Staff, how: str = "", *, next_path: str = "") -> ResponseReturnValue:
    """Sign in somebody whose password was right, or lead them to the second step.

    `next_path` is the page that they asked for, by default the one in the address.
    """
    next_path = next_path or safe_next_path(request.args.get("next", "/"))
    if not staff.has_second_factor and not requires_second_factor(staff.role_set):
        return signed_in_response(staff, how, next_path=next_path)
    step = "ask_for_code" if staff.has_second_factor else "show_set_up"
    start_halfway(staff)
    return redirect(url_for(f"second_factor.{step}", next=next_path), 303)


def signed_in_response(staff: Staff, how: str = "", *, next_path: str = "") -> ResponseReturnValue:
    """Begin the session, remember the device, and go to the page that was asked for."""
    address = staff.email
    start_session(staff, how)
    response = make_response(redirect(next_path or safe_next_path(request.args.get("next", "/")), 303))
    remember_device(response, address)
    return response


@bp.get("/sign-in/code")
def ask_for_code() -> ResponseReturnValue:
    """Ask for a code after the password."""
    staff = halfway()
    if staff is None or not staff.has_second_factor:
        return _sign_in_again()
    return _code_page(CodeForm(formdata=None))


@bp.post("/sign-in/code")
def take_code() -> ResponseReturnValue:
    """Take the code and sign in."""
    staff, form, now = halfway(), CodeForm(), clock.now()
    if staff is None or not staff.has_second_factor:
        return _sign_in_again()
    if not form.validate():
        return _code_page(form, 422)
    try:
        sign_in_limits().count_code(staff.id)
    except TriedTooOften:
        form.code.errors = [TRIED_TOO_OFTEN]
        return _code_page(form, 429)
    with transaction():
        how = show_second_factor(staff, form.code.data or "", now=now)
        if not how:
            record_event("stranger", "failed_second_factor", f"staff {staff.id}", staff.name, now=now)
    if not how:
        form.code.errors = [WRONG_CODE]
        return _code_page(form, 422)
    sign_in_limits().forgive_codes(staff.id)
    return signed_in_response(staff, f"with a {how}")


@bp.get("/sign-in/second-factor")
def show_set_up() -> ResponseReturnValue:
    """Have somebody whose role requires a second factor set it up before they are signed in."""
    staff = halfway()
    if staff is None or staff.has_second_factor:
        return _sign_in_again()
    form = AppForm(formdata=None, data={"key": sealed_key(staff)})
    return app_page(staff, form, url_for("second_factor.set_up", next=_next()), is_required=True)


@bp.post("/sign-in/second-factor")
def set_up() -> ResponseReturnValue:
    """Set the app up with its first code, and show the recovery codes on the way in."""
    staff, form = halfway(), AppForm()
    if staff is None or staff.has_second_factor:
        return _sign_in_again()
    codes = codes_of_set_up(staff, form)
    if codes is None:
        action = url_for("second_factor.set_up", next=_next())
        return app_page(staff, form, action, is_required=True), 422
    next_path = safe_next_path(request.args.get("next", "/"))
    address = staff.email
    start_session(staff, "with a code of the app")
    response = make_response(recovery_page(codes, next_path))
    remember_device(response, address)
    return response


def codes_of_set_up(staff: Staff, form: AppForm) -> list[str] | None:
    """Set an app up; returns the recovery codes, or None with the error beside the field."""
    if not form.validate():
        return None
    try:
        sign_in_limits().count_code(staff.id)
        with transaction():
            key = key_in(form.key.data or "", staff)
            return set_up_app(staff, key, form.code.data or "", now=clock.now())
    except FieldRefused as error:
        form.code.errors = [error.message]
    except TriedTooOften:
        form.code.errors = [TRIED_TOO_OFTEN]
    return None


def app_page(
    staff: Staff, form: AppForm, action: str, *, is_required: bool = False, password: FlaskForm | None = None
) -> str:
    """The page with the QR code and the same key in letters; an outdated key is replaced by a new one.

    `password` is a form with a field `present`, where the person is signed in and is asked for it again.
    """
    try:
        key = key_in(form.key.data or "", staff)
    except FieldRefused:
        form.key.data = sealed_key(staff)
        key = key_in(form.key.data, staff)
    address = key_address(key, account=staff.email, issuer=settings().partnership)
    return render_template(
        "survey/standalone/set_up_app.html",
        form=form,
        errors=form.errors or (password.errors if password else {}),
        password=password,
        action=action,
        is_required=is_required,
        picture=_qr_code(address),
        key=" ".join(key[start : start + 4] for start in range(0, len(key), 4)),
    )


def recovery_page(codes: list[str], onward: str) -> str:
    """The page that shows recovery codes, this once."""
    return render_template("survey/standalone/recovery_codes.html", codes=codes, onward=onward)


def _qr_code(address: str) -> Markup:
    """A QR code as SVG; the page has the same key in letters beside it."""
    import segno

    picture = segno.make(address, error="m", micro=False)
    return Markup(picture.svg_inline(scale=5, border=4, light="#fff", omitsize=True))  # noqa: S704 — segno writes a path of squares, and no text


def _next() -> str:
    return safe_next_path(request.args.get("next", "/"))


def _sign_in_again() -> ResponseReturnValue:
    session.rollback()
    return redirect(url_for("standalone.show_sign_in", next=_next()), 303)


def _code_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("survey/standalone/code.html", form=form, errors=form.errors, next=_next())
    return page, status
