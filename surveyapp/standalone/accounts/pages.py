"""The staff page and the page of one person, for administrators."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.access import acting_staff, actor_and_now, guard_staff
from surveyapp.foundation.web.actor import roles_in_words
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.navigation import navigation
from surveyapp.permissions import guard_roles
from surveyapp.standalone.accounts import operations
from surveyapp.standalone.accounts.forms import ROLE_HINTS, AccountForm, InvitationForm
from surveyapp.standalone.accounts.queries import account_of, accounts
from surveyapp.standalone.models import Staff
from surveyapp.standalone.second_factor.operations import remove_second_factor
from surveyapp.standalone.sessions.operations import end_session
from surveyapp.standalone.sessions.queries import running_sessions
from surveyapp.standalone.sign_in import requires_second_factor

bp = Blueprint("accounts", __name__, url_prefix="/staff")
bp.before_request(guard_staff)
bp.before_request(guard_roles)
bp.context_processor(navigation)
prepare_blueprint(bp)


@bp.get("")
def list_staff() -> ResponseReturnValue:
    """List everybody who may sign in."""
    return render_template(
        "survey/standalone/staff.html",
        accounts=[(each, roles_in_words(each.staff.role_set)) for each in accounts(now=clock.now())],
    )


@bp.get("/invite")
def show_invitation() -> ResponseReturnValue:
    """Show the form of an invitation."""
    return _invitation_page(InvitationForm(formdata=None))


@bp.post("/invite")
def invite() -> ResponseReturnValue:
    """Invite somebody by email."""
    form = InvitationForm()
    if not form.validate():
        return _invitation_page(form, 422)
    try:
        with transaction():
            staff = operations.invite(
                form.name.data or "", form.email.data or "", form.roles.data or (), **actor_and_now()
            )
            name, address = staff.name, staff.email
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return _invitation_page(form, 422)
    flash(f"An invitation to {name} is on its way to {address}. It works for three days.", "success")
    return redirect(url_for("accounts.list_staff"), 303)


@bp.get("/<int:staff_id>")
def show_person(staff_id: int) -> ResponseReturnValue:
    """Show one person’s account."""
    staff = session.get_one(Staff, staff_id)
    return _person_page(staff, AccountForm(formdata=None, data={"name": staff.name, "roles": staff.role_set}))


@bp.post("/<int:staff_id>")
def change_account(staff_id: int) -> ResponseReturnValue:
    """Rename a person and set their roles."""
    form = AccountForm()
    if not form.validate():
        return _person_page(session.get_one(Staff, staff_id), form, 422)
    try:
        with transaction():
            staff = _locked(staff_id)
            is_changed = operations.change_account(
                staff, form.name.data or "", form.roles.data or (), **actor_and_now()
            )
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return _person_page(session.get_one(Staff, staff_id), form, 422)
    flash("Saved." if is_changed else "Nothing was changed.", "success")
    return redirect(url_for("accounts.list_staff"), 303)


@bp.post("/<int:staff_id>/invite-again")
def invite_again(staff_id: int) -> ResponseReturnValue:
    """Send the invitation again."""
    return _done(staff_id, operations.invite_again, "A new invitation to {} is on its way.")


@bp.post("/<int:staff_id>/suspend")
def suspend(staff_id: int) -> ResponseReturnValue:
    """Keep a person from signing in."""
    return _done(staff_id, operations.suspend, "{} cannot sign in any more, and is signed out everywhere.")


@bp.post("/<int:staff_id>/reinstate")
def reinstate(staff_id: int) -> ResponseReturnValue:
    """Let a suspended person sign in again."""
    return _done(staff_id, operations.reinstate, "{} can sign in again.")


@bp.post("/<int:staff_id>/sign-out")
def sign_out(staff_id: int) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    return _done(staff_id, operations.sign_out_everywhere, "{} is signed out everywhere.")


@bp.post("/<int:staff_id>/second-factor/remove")
def remove_factor(staff_id: int) -> ResponseReturnValue:
    """Take a person’s second factor away, such as when their telephone is lost."""
    return _done(
        staff_id, remove_second_factor, "Signing in asks {} for a password only, until they set up an app."
    )


@bp.post("/<int:staff_id>/sessions/<int:number>/end")
def end_session_of(staff_id: int, number: int) -> ResponseReturnValue:
    """Sign a person out in one browser."""

    def end(staff: Staff, *, actor: str, now: datetime) -> None:
        if not end_session(number, staff.id, now=now):
            raise NotFound
        record_event(actor, "ended_session", f"staff {staff.id}", staff.name, now=now)

    return _done(staff_id, end, "{} is signed out in that browser.")


def _done(staff_id: int, act: Callable[..., object], words: str) -> ResponseReturnValue:
    """Do one thing with an account, and say so on the person’s page."""
    with transaction():
        staff = _locked(staff_id)
        act(staff, **actor_and_now())
        name = staff.name
    flash(words.format(name), "success")
    return redirect(url_for("accounts.show_person", staff_id=staff_id), 303)


def _locked(staff_id: int) -> Staff:
    return session.get_one(Staff, staff_id, with_for_update=True)


def _invitation_page(form: InvitationForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "survey/standalone/invite.html", form=form, errors=form.errors, role_hints=ROLE_HINTS
    )
    return page, status


def _person_page(staff: Staff, form: AccountForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    page = render_template(
        "survey/standalone/person.html",
        account=account_of(staff, now=now),
        staff=staff,
        is_self=staff.name == acting_staff().name,
        sessions=running_sessions(staff, now=now),
        is_required=requires_second_factor(staff.role_set),
        role_hints=ROLE_HINTS,
        form=form,
        errors=form.errors if request.method == "POST" else {},
    )
    return page, status
