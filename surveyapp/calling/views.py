"""Pages of calls: note a call with a contact, and take a note back."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.calling import operations
from surveyapp.calling.forms import CallForm
from surveyapp.calling.operations import LONGEST_NOTE, EmptyNote, UnusablePromise
from surveyapp.calling.queries import call_of, calls_by_grant
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import grant_of

bp = Blueprint("calling", __name__)


@bp.route("/audits/<int:audit_id>/contacts/<int:contact_id>/call", methods=["GET", "POST"])
def note_call(audit_id: int, contact_id: int) -> ResponseReturnValue:
    """Note what a contact said on the telephone, and by which day they promised what is outstanding."""
    grant = grant_of(audit_id, contact_id)
    form = CallForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.note_call(
                    grant,
                    said=form.said.data or "",
                    promised_on=form.promised_on.data,
                    press_id=form.press.data or "",
                    **actor_and_now(),
                )
        except EmptyNote as error:
            form.said.errors = [error.message]
        except UnusablePromise as error:
            form.promised_on.errors = [error.message]
        else:
            flash(_noted_message(grant, form), "success")
            return redirect(_card(grant), 303)
    page = render_template(
        "survey/calling/note_call.html",
        grant=grant,
        audit=grant.audit,
        contact=grant.contact,
        requests=outstanding(grant),
        calls=calls_by_grant([grant.id]).get(grant.id, []),
        reader=acting_staff().name,
        closed=grant.audit.is_closed(clock.now()),
        form=form,
        press=form.press.data if form.errors else secrets.token_urlsafe(16),
        limit=LONGEST_NOTE,
        back=_card(grant),
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _noted_message(grant: Grant, form: CallForm) -> str:
    promised_on = form.promised_on.data
    if promised_on is None:
        return f"The call with {grant.contact.name} is noted."
    return (
        f"The call with {grant.contact.name} is noted. No chaser goes to them until "
        f"{day_in_words(promised_on)} has passed."
    )


@bp.post("/audits/<int:audit_id>/contacts/<int:contact_id>/calls/<int:call_id>/take-back")
def take_back_call(audit_id: int, contact_id: int, call_id: int) -> ResponseReturnValue:
    """Take back the note of a call; its promise pauses no chaser any more."""
    grant = grant_of(audit_id, contact_id)
    with transaction():
        operations.take_back_call(call_of(grant, call_id), **actor_and_now())
    flash("The note is taken back. A promise in it pauses nothing any more.", "success")
    return redirect(
        url_for("survey.calling.note_call", audit_id=audit_id, contact_id=contact_id),
        303,
    )


def _card(grant: Grant) -> str:
    """The address of the contact's card on the outstanding list."""
    return url_for(
        "survey.tracking.show_outstanding", audit_id=grant.audit_id, _anchor=f"contact-{grant.contact_id}"
    )
