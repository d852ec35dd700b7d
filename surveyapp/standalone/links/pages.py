"""Pages behind an emailed link, which changes nothing before its form is sent, and the page to get one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused, SurveyError
from surveyapp.foundation.store.db import read_transaction, session, transaction
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.foundation.words.email_addresses import clean_address
from surveyapp.standalone.links.forms import ForgottenPasswordForm, JoinForm, NewPasswordForm
from surveyapp.standalone.links.operations import choose_password, join, want_password
from surveyapp.standalone.links.staff_links import JOIN, NEW_PASSWORD, link_with_token
from surveyapp.standalone.models import Staff
from surveyapp.standalone.passwords.new_passwords import hash_new_password
from surveyapp.standalone.sign_in import clear_session
from surveyapp.standalone.sign_in_limits import TriedTooOften, network_of, sign_in_limits

bp = Blueprint("staff_links", __name__)
prepare_blueprint(bp)

ASKED_TOO_OFTEN = "That was asked too often. Try again in an hour"


@bp.get("/forgotten-password")
def ask_for_password() -> ResponseReturnValue:
    """Show where to ask for a new password."""
    return _asking_page(ForgottenPasswordForm(formdata=None))


@bp.post("/forgotten-password")
def send_password_link() -> ResponseReturnValue:
    """Have the worker send a link to the address, if it has an account; the answer is the same either way."""
    form = ForgottenPasswordForm()
    if not form.validate():
        return _asking_page(form, 422)
    address = clean_address(form.email.data or "").lower()
    try:
        sign_in_limits().count_asking(address, network_of(request.remote_addr))
    except TriedTooOften:
        return _asking_page(form, 429, (ASKED_TOO_OFTEN,))
    with transaction():
        want_password(address, now=clock.now())
    return redirect(url_for("staff_links.password_link_sent"), 303)


@bp.get("/forgotten-password/sent")
def password_link_sent() -> ResponseReturnValue:
    """Say what happens next, whether or not the address has an account."""
    return render_template("survey/standalone/password_link_sent.html")


@bp.get("/new-password/<path:token>")
def show_new_password(token: str) -> ResponseReturnValue:
    """Show the form for a new password."""
    staff = link_with_token(token, NEW_PASSWORD, now=clock.now()).staff
    return _new_password_page(token, NewPasswordForm(formdata=None), staff)


@bp.post("/new-password/<path:token>")
def set_new_password(token: str) -> ResponseReturnValue:
    """Set the new password; whoever has it signs in with it, and with the second factor."""
    form, staff = NewPasswordForm(), _staff_of_link(token, NEW_PASSWORD)
    hashed = _hashed(form, staff)
    if hashed is None:
        return _new_password_page(token, form, staff, 422)
    with transaction():
        choose_password(link_with_token(token, NEW_PASSWORD, now=clock.now()), hashed, now=clock.now())
    clear_session()
    flash("Your password is changed. Sign in with it.", "success")
    return redirect(url_for("standalone.show_sign_in"), 303)


@bp.get("/join/<path:token>")
def show_joining(token: str) -> ResponseReturnValue:
    """Show an invited person the form for their name and password."""
    staff = link_with_token(token, JOIN, now=clock.now()).staff
    return _joining_page(token, JoinForm(formdata=None, data={"name": staff.name}), staff)


@bp.post("/join/<path:token>")
def take_invitation(token: str) -> ResponseReturnValue:
    """Let the invited person in; they sign in with the password they chose."""
    form, staff = JoinForm(), _staff_of_link(token, JOIN)
    hashed = _hashed(form, staff)
    if hashed is None:
        return _joining_page(token, form, staff, 422)
    try:
        with transaction():
            link = link_with_token(token, JOIN, now=clock.now())
            join(link, form.name.data or "", hashed, now=clock.now())
    except FieldRefused as error:
        form.name.errors = [error.message]
        return _joining_page(token, form, _staff_of_link(token, JOIN), 422)
    clear_session()
    flash("Your account is ready. Sign in with your email address and your new password.", "success")
    return redirect(url_for("standalone.show_sign_in"), 303)


def _staff_of_link(token: str, purpose: str) -> Staff:
    """The account of a link, without leaving a transaction open while a password is hashed."""
    with read_transaction():
        staff = link_with_token(token, purpose, now=clock.now()).staff
        session.expunge(staff)
    return staff


def _hashed(form: NewPasswordForm, staff: Staff) -> str | None:
    """The hash of the password in a form; None, with the error beside its field, if it cannot be taken."""
    if not form.validate():
        return None
    try:
        return hash_new_password(form.password.data or "", name=staff.name, email=staff.email)
    except SurveyError as error:
        form.password.errors = [error.message.removesuffix(".")]
        return None


def _asking_page(
    form: ForgottenPasswordForm, status: int = 200, more: tuple[str, ...] = ()
) -> ResponseReturnValue:
    page = render_template(
        "survey/standalone/forgotten_password.html", form=form, errors=form.errors or more, more=more
    )
    return page, status


def _new_password_page(
    token: str, form: NewPasswordForm, staff: Staff, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "survey/standalone/new_password.html", form=form, errors=form.errors, token=token, staff=staff
    )
    return page, status


def _joining_page(token: str, form: JoinForm, staff: Staff, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "survey/standalone/join.html", form=form, errors=form.errors, token=token, staff=staff
    )
    return page, status
