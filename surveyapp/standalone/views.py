"""The start page, signing in and out, and the health page."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web import base as pages
from surveyapp.foundation.words.clean_text import clean_address
from surveyapp.standalone.forms import SignInForm
from surveyapp.standalone.health import health
from surveyapp.standalone.models import Staff
from surveyapp.standalone.operations import authenticated_staff, end_sessions
from surveyapp.standalone.sign_in import (
    SIGN_IN_RATE_LIMIT,
    acting_account,
    clear_session,
    safe_next_path,
    start_session,
)

bp = Blueprint("standalone", __name__)
pages.prepare_blueprint(bp)

WRONG_SIGN_IN = "The email address or the password is not right"
TOO_MANY_ATTEMPTS = "That was tried too often with this address. Try again in 15 minutes"


class TriedTooOften(Exception):
    """This address has been tried ten times in a quarter of an hour."""


@bp.get("/")
def start() -> ResponseReturnValue:
    """Take staff to their audits, and tell everyone else what this is."""
    if acting_account() is not None:
        return redirect(url_for("survey.tracking.list_audits"))
    return render_template("survey/standalone/start.html")


@bp.get("/sign-in")
def show_sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    if acting_account() is not None:
        return redirect(safe_next_path(request.args.get("next", "/")))
    return _sign_in_page(SignInForm(formdata=None))


@bp.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Let somebody in whose address and password belong together."""
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
    # By account, and whether there is one or not: one's address on the network may be an entire agency's.
    account = clean_address(form.email.data or "").lower()
    limiter: Limiter = current_app.extensions["survey_limiter"]
    if not limiter.limiter.hit(SIGN_IN_RATE_LIMIT, "sign-in", account):
        raise TriedTooOften
    staff = authenticated_staff(account, form.password.data or "")
    if staff is not None:
        limiter.limiter.clear(SIGN_IN_RATE_LIMIT, "sign-in", account)
    return staff


def _sign_in_page(form: SignInForm, status: int = 200, more: tuple[object, ...] = ()) -> ResponseReturnValue:
    wanted = safe_next_path(request.args.get("next", "/"))
    return render_template(
        "survey/standalone/sign_in.html", form=form, errors=form.errors or more, more=more, next=wanted
    ), status


@bp.get("/sign-out")
def show_sign_out() -> ResponseReturnValue:
    """Ask before signing out: a link must not do it."""
    return render_template("survey/standalone/sign_out.html")


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Forget who was there, on every computer."""
    number = clear_session()
    if number is not None:
        with transaction():
            end_sessions(session.get_one(Staff, number, with_for_update=True), now=clock.now())
    return redirect(url_for("standalone.start"), 303)


@bp.get("/health")
def show_health() -> ResponseReturnValue:
    """Say how the program is, for whoever watches it: 503 when something needs a person."""
    found = health(clock.now())
    return render_template("survey/standalone/health.html", health=found), 200 if found.is_well else 503
