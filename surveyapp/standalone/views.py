"""The pages of the standalone app: start page, signing in and out, health page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.foundation.words.email_addresses import clean_address
from surveyapp.standalone.forms import SignInForm
from surveyapp.standalone.health import health
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import authenticated_staff, end_sessions
from surveyapp.standalone.sign_in import acting_account, clear_session, safe_next_path, start_session
from surveyapp.standalone.sign_in_limit import sign_in_limit

bp = Blueprint("standalone", __name__)
prepare_blueprint(bp)

WRONG_SIGN_IN = "The email address or the password is not right"
TOO_MANY_ATTEMPTS = "That was tried too often with this address. Try again in 15 minutes"


class TriedTooOften(Exception):
    """The address has been tried ten times within a quarter of an hour."""


@bp.get("/")
def start() -> ResponseReturnValue:
    """Send staff to their audits; show everyone else the start page."""
    if acting_account() is not None:
        return redirect(url_for("survey.tracking.list_audits"))
    return render_template("survey/standalone/start.html")


@bp.get("/sign-in")
def show_sign_in() -> ResponseReturnValue:
    """Show the sign-in form, or go on if somebody is signed in."""
    if acting_account() is not None:
        return redirect(safe_next_path(request.args.get("next", "/")))
    return _sign_in_page(SignInForm(formdata=None))


@bp.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Sign a member of staff in."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    try:
        staff = _check_password(form)
    except TriedTooOften:
        return _sign_in_page(form, 429, (TOO_MANY_ATTEMPTS,))
    if staff is None:
        return _sign_in_page(form, 422, ((WRONG_SIGN_IN, "#email"),))
    now = clock.now()
    with transaction():
        record_event(f"staff {staff.id}", "signed_in", f"staff {staff.id}", now=now)
    start_session(staff)
    return redirect(safe_next_path(request.args.get("next", "/")), 303)


def _check_password(form: SignInForm) -> Staff | None:
    # Counted by account, whether it exists or not: a whole agency may share one network address.
    account = clean_address(form.email.data or "").lower()
    if not sign_in_limit().allows_attempt(account):
        raise TriedTooOften
    staff = authenticated_staff(account, form.password.data or "")
    if staff is not None:
        sign_in_limit().forget(account)
    return staff


def _sign_in_page(form: SignInForm, status: int = 200, more: tuple[object, ...] = ()) -> ResponseReturnValue:
    next_path = safe_next_path(request.args.get("next", "/"))
    return render_template(
        "survey/standalone/sign_in.html", form=form, errors=form.errors or more, more=more, next=next_path
    ), status


@bp.get("/sign-out")
def show_sign_out() -> ResponseReturnValue:
    """Ask before signing out, since a link must not change anything."""
    return render_template("survey/standalone/sign_out.html")


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign a member of staff out, on every computer."""
    staff_id = clear_session()
    if staff_id is not None:
        with transaction():
            end_sessions(session.get_one(Staff, staff_id, with_for_update=True), now=clock.now())
    return redirect(url_for("standalone.start"), 303)


@bp.get("/health")
def show_health() -> ResponseReturnValue:
    """Show the health of the program, with status 503 when something needs a person."""
    current = health(clock.now())
    return render_template("survey/standalone/health.html", health=current), 200 if current.is_well else 503
