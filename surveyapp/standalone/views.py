"""The pages of the standalone app: start page, signing in and out, health page."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import DATABASE_ERRORS, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.foundation.words.email_addresses import clean_address
from surveyapp.standalone.forms import SignInForm
from surveyapp.standalone.known_device import known_device
from surveyapp.standalone.models import Staff
from surveyapp.standalone.oidc.provider import has_provider
from surveyapp.standalone.operations import (
    account_with_address,
    note_failed_sign_in,
    note_left_out_sign_ins,
    note_refused_sign_in,
)
from surveyapp.standalone.own_computer import is_own_request
from surveyapp.standalone.passkeys.ceremonies import options_for_signing_in
from surveyapp.standalone.passkeys.challenge_cookie import challenge_for_page
from surveyapp.standalone.passwords.password_hashes import TooManyAtOnce, is_password_right
from surveyapp.standalone.second_factor.pages import finish_sign_in
from surveyapp.standalone.sessions.operations import end_session
from surveyapp.standalone.sign_in import acting_account, clear_session, safe_next_path, source_digest
from surveyapp.standalone.sign_in_limits import Limit, TriedTooOften, Try, network_of, sign_in_limits
from surveyapp.standalone.watching.health import health

bp = Blueprint("standalone", __name__)
prepare_blueprint(bp)

WRONG_SIGN_IN = "The email address or the password is not right"
TRIED_TOO_OFTEN = {
    Limit.ACCOUNT: "That was tried too often with this address. Try again in 15 minutes, or on a computer on "
    "which you have signed in before",
    Limit.NETWORK: "That was tried too often from your network. Try again in 15 minutes, or on a computer on "
    "which you have signed in before",
    Limit.DEVICE: "That was tried too often on this computer. Try again in 15 minutes",
}
TOO_MANY_AT_ONCE = "Many people are signing in at this moment. Press the button again in a few seconds"


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
    address = clean_address(form.email.data or "").lower()
    attempt = Try(address, network_of(request.remote_addr), known_device(address))
    try:
        staff = _check_password(attempt, form.password.data or "")
    except TriedTooOften as error:
        return _sign_in_page(form, 429, (TRIED_TOO_OFTEN[error.limit],))
    except TooManyAtOnce:
        return _sign_in_page(form, 429, (TOO_MANY_AT_ONCE,))
    if staff is None:
        return _sign_in_page(form, 422, ((WRONG_SIGN_IN, "#email"),))
    return finish_sign_in(staff)


def _check_password(attempt: Try, password: str) -> Staff | None:
    """The account of a try, if its password is right; None and an event if not.

    An address without an account takes the same statements, the same hash and the same event. No transaction
    is open while a password is hashed. Raises TriedTooOften and TooManyAtOnce, after an event.
    """
    account = account_with_address(attempt.account)
    try:
        sign_in_limits().count(attempt)
        is_right = is_password_right(
            account.password_hash if account else None, password, on_known_device=bool(attempt.device)
        )
    except TriedTooOften as error:
        limited = attempt.network if error.limit is Limit.NETWORK else attempt.account
        if sign_in_limits().is_first(error.limit, limited):
            _note(note_refused_sign_in, account, f"{error.limit} tried too often", attempt=attempt)
        raise
    except TooManyAtOnce:
        if sign_in_limits().is_first("at once"):
            _note(note_refused_sign_in, account, "too many at once", attempt=attempt)
        raise
    staff = session.get(Staff, account.id) if account is not None and is_right else None
    if staff is None or staff.suspended_at is not None:
        _note(note_failed_sign_in, account, attempt=attempt)
        return None
    sign_in_limits().forgive(attempt)
    return staff


def _note(note: Callable[..., None], *about: object, attempt: Try) -> None:
    """Store an event about somebody who has not signed in, while there is room for such events."""
    source, now = source_digest(attempt.network), clock.now()
    if sign_in_limits().may_note():
        with transaction():
            note(*about, source, now=now)
    elif sign_in_limits().is_first("left out"):
        with transaction():
            note_left_out_sign_ins(now=now)


def _sign_in_page(form: SignInForm, status: int = 200, more: tuple[object, ...] = ()) -> ResponseReturnValue:
    next_path = safe_next_path(request.args.get("next", "/"))
    return render_template(
        "survey/standalone/sign_in.html",
        form=form,
        errors=form.errors or more,
        more=more,
        next=next_path,
        passkey_options=options_for_signing_in(challenge_for_page()),
        has_provider=has_provider(),
    ), status


@bp.get("/sign-out")
def show_sign_out() -> ResponseReturnValue:
    """Ask before signing out, since a link must not change anything."""
    return render_template("survey/standalone/sign_out.html")


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign a member of staff out in this browser; copies of its cookie stop working (promises L5)."""
    found = clear_session()
    if found is not None:
        with transaction():
            end_session(found.session_id, found.staff_id, now=clock.now())
            record_event(found.name, "signed_out", f"staff {found.staff_id}", now=clock.now())
    return redirect(url_for("standalone.start"), 303)


@bp.get("/health")
def show_health() -> ResponseReturnValue:
    """Show the health of the program, with status 503 when something needs a person.

    The details are for this computer itself and for staff; everybody else reads only whether all is well.
    """
    current = health(clock.now())
    page = render_template(
        "survey/standalone/health.html", health=current, with_details=is_own_request() or _is_staff()
    )
    return page, 200 if current.is_well else 503


def _is_staff() -> bool:
    try:
        return acting_account() is not None
    except DATABASE_ERRORS:
        # A monitor of staff has its answer even while the database is out of reach.
        session.rollback()
        return False
