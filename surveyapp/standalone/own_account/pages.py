"""Pages of one’s own account: password, second factor, sessions."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound, SurveyError
from surveyapp.foundation.store.db import read_transaction, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.access import guard_staff
from surveyapp.foundation.web.actor import roles_in_words
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.navigation import navigation
from surveyapp.standalone.links.operations import set_password
from surveyapp.standalone.models import Staff
from surveyapp.standalone.own_account.forms import ChangePasswordForm
from surveyapp.standalone.own_account.own_password import OwnPasswordForm, is_own_password
from surveyapp.standalone.passwords.new_passwords import hash_new_password
from surveyapp.standalone.second_factor.forms import AppForm
from surveyapp.standalone.second_factor.operations import (
    make_recovery_codes,
    recovery_codes_left,
    remove_second_factor,
    sealed_key,
)
from surveyapp.standalone.second_factor.pages import app_page, codes_of_set_up, recovery_page
from surveyapp.standalone.sessions.operations import end_session, end_sessions
from surveyapp.standalone.sessions.queries import SignedIn, running_sessions
from surveyapp.standalone.sign_in import requires_second_factor, signed_in

bp = Blueprint("own_account", __name__, url_prefix="/account")
bp.before_request(guard_staff)
bp.context_processor(navigation)
prepare_blueprint(bp)


def _present() -> SignedIn:
    """Who is signed in, behind the guard."""
    found = signed_in()
    if found is None:
        raise NotFound
    return found


def _own() -> Staff:
    return session.get_one(Staff, _present().staff_id)


@bp.get("")
def show_account() -> ResponseReturnValue:
    """Show one’s own account."""
    own = _own()
    return render_template(
        "survey/standalone/account.html",
        own=own,
        roles=roles_in_words(own.role_set),
        sessions=running_sessions(own, now=clock.now()),
        this_session=_present().session_id,
        codes_left=recovery_codes_left(own),
        is_required=requires_second_factor(own.role_set),
    )


@bp.get("/password")
def show_change_password() -> ResponseReturnValue:
    """Show the form for a new password."""
    return _password_page(ChangePasswordForm(formdata=None))


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    """Change one’s password; sessions elsewhere end, and an email says so."""
    form, present = ChangePasswordForm(), _present()
    if not form.validate() or not is_own_password(form):
        return _password_page(form, 422)
    with read_transaction():
        address = session.get_one(Staff, present.staff_id).email
    try:
        hashed = hash_new_password(form.password.data or "", name=present.name, email=address)
    except SurveyError as error:
        form.password.errors = [error.message.removesuffix(".")]
        return _password_page(form, 422)
    with transaction():
        set_password(_locked(present.staff_id), hashed, now=clock.now(), but=present.session_id)
    flash("Your password is changed. You are signed out everywhere else.", "success")
    return redirect(url_for("own_account.show_account"), 303)


@bp.post("/sessions/<int:number>/end")
def end_own_session(number: int) -> ResponseReturnValue:
    """Sign oneself out in one other browser."""
    present = _present()
    with transaction():
        if not end_session(number, present.staff_id, now=clock.now()):
            raise NotFound
        record_event(
            present.name, "ended_session", f"staff {present.staff_id}", present.name, now=clock.now()
        )
    flash("That browser is signed out.", "success")
    return redirect(url_for("own_account.show_account"), 303)


@bp.post("/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """Sign oneself out everywhere but here."""
    present = _present()
    with transaction():
        own = _locked(present.staff_id)
        ended = end_sessions(own, now=clock.now(), but=present.session_id)
        record_event(own.name, "signed_out_elsewhere", f"staff {own.id}", own.name, now=clock.now())
    flash("You are signed out everywhere else." if ended else "You were signed in nowhere else.", "success")
    return redirect(url_for("own_account.show_account"), 303)


@bp.get("/second-factor")
def show_second_factor() -> ResponseReturnValue:
    """Show where to set up an app that makes codes, the first or another."""
    own = _own()
    form = AppForm(formdata=None, data={"key": sealed_key(own)})
    return _app_page(own, form, OwnPasswordForm(formdata=None))


@bp.post("/second-factor")
def set_up_second_factor() -> ResponseReturnValue:
    """Set the app up with its first code and one’s password, and show the recovery codes."""
    form, password = AppForm(), OwnPasswordForm()
    is_own = password.validate() and is_own_password(password)
    codes = codes_of_set_up(_own(), form) if is_own else None
    if codes is None:
        return _app_page(_own(), form, password), 422
    return recovery_page(codes, url_for("own_account.show_account"))


@bp.get("/second-factor/recovery-codes")
def show_recovery_codes() -> ResponseReturnValue:
    """Ask for the password before new recovery codes are shown."""
    return _confirmation("new_codes", OwnPasswordForm(formdata=None))


@bp.post("/second-factor/recovery-codes")
def new_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them once."""
    form, present = OwnPasswordForm(), _present()
    if not form.validate() or not is_own_password(form):
        return _confirmation("new_codes", form), 422
    with transaction():
        own = _locked(present.staff_id)
        if not own.has_second_factor:
            raise NotFound
        codes = make_recovery_codes(own, actor=own.name, now=clock.now())
    return recovery_page(codes, url_for("own_account.show_account"))


@bp.get("/second-factor/remove")
def show_remove_second_factor() -> ResponseReturnValue:
    """Ask for the password before the second factor is removed."""
    return _confirmation("remove", OwnPasswordForm(formdata=None))


@bp.post("/second-factor/remove")
def remove_own_second_factor() -> ResponseReturnValue:
    """Remove one’s own second factor, unless one’s role requires it."""
    form, present = OwnPasswordForm(), _present()
    if not form.validate() or not is_own_password(form):
        return _confirmation("remove", form), 422
    with transaction():
        own = _locked(present.staff_id)
        if requires_second_factor(own.role_set):
            raise NotFound
        remove_second_factor(own, actor=own.name, now=clock.now())
    flash("Signing in asks for your password only.", "success")
    return redirect(url_for("own_account.show_account"), 303)


def _locked(staff_id: int) -> Staff:
    return session.get_one(Staff, staff_id, with_for_update=True)


def _password_page(form: ChangePasswordForm, status: int = 200) -> ResponseReturnValue:
    own = _own()
    page = render_template(
        "survey/standalone/change_password.html", form=form, errors=form.errors, email=own.email
    )
    return page, status


def _app_page(own: Staff, form: AppForm, password: OwnPasswordForm) -> str:
    return app_page(own, form, url_for("own_account.set_up_second_factor"), password=password)


def _confirmation(what: str, form: OwnPasswordForm) -> str:
    return render_template(
        "survey/standalone/confirm_with_password.html",
        what=what,
        form=form,
        errors=form.errors if request.method == "POST" else {},
    )
