"""Pages of an audit’s current practice concerns: whom the auditors told, and the outcome of each."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.answering.concerns.operations import (
    LONGEST_OUTCOME,
    outcome_digest,
    write_outcome,
)
from surveyapp.answering.concerns.queries import RaisedConcern, concern_of, concerns_in_words, concerns_of
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff, record_reading
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText
from surveyapp.planning.models import Audit
from surveyapp.tracking.event_sentences import staff_names


class OutcomeForm(SurveyForm):
    """The outcome of a concern."""

    outcome = TextAreaField(
        "What came of it?",
        validators=[
            RequiredText("Write what came of it"),
            MaxCharacters(LONGEST_OUTCOME),
        ],
    )
    was_referred = RadioField(
        "Was the case referred for immediate action?",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
        validators=[InputRequired("Say whether the case was referred for immediate action")],
    )
    seen = StringField()


def show_concerns(audit_id: int) -> ResponseReturnValue:
    """Show every concern raised in an audit, with the report's sentence."""
    audit = session.get_one(Audit, audit_id)
    concerns = concerns_of(audit)
    page = render_template(
        "survey/tracking/concerns.html",
        audit=audit,
        concerns=list(zip(concerns, _written_by(concerns), strict=True)),
        waiting=sum(concern.is_waiting for concern in concerns),
        sentence=concerns_in_words(concerns),
    )
    if concerns:
        record_reading("saw_concerns", f"audit {audit_id}")
    return page


def show_outcome(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show the form for the outcome of one concern, with any outcome written before."""
    raised_concern = concern_of(audit_id, request_id)
    concern = raised_concern.concern
    form = OutcomeForm(formdata=None, data={"seen": outcome_digest(concern)})
    if raised_concern.has_outcome:
        form.outcome.data = concern.outcome
        form.was_referred.data = "yes" if concern.was_referred else "no"
    page = _outcome_page(raised_concern, form)
    record_reading("saw_concerns", f"audit {audit_id}")
    return page


def save_outcome(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Save the outcome of one concern."""
    form, now = OutcomeForm(), clock.now()
    raised_concern = concern_of(audit_id, request_id)
    if not form.validate():
        return _outcome_page(raised_concern, form), 422
    try:
        with transaction():
            write_outcome(
                raised_concern.concern,
                form.outcome.data or "",
                was_referred=form.was_referred.data == "yes",
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=now,
            )
    except EditConflict as error:
        raised_concern = concern_of(audit_id, request_id)
        form.seen.data = outcome_digest(raised_concern.concern)
        return _outcome_page(raised_concern, form, changed=error), error.status
    flash("The outcome is written down.", "success")
    return redirect(url_for("survey.tracking.show_concerns", audit_id=audit_id), 303)


def _outcome_page(
    raised_concern: RaisedConcern, form: OutcomeForm, *, changed: EditConflict | None = None
) -> str:
    return render_template(
        "survey/tracking/concern_outcome.html",
        found=raised_concern,
        concern=raised_concern.concern,
        audit_request=raised_concern.concern.audit_request,
        written_by=_written_by([raised_concern])[0],
        changed=changed,
        form=form,
        errors=form.errors if request.method == "POST" else {},
    )


def _written_by(concerns: Sequence[RaisedConcern]) -> list[str]:
    """Who wrote each outcome, in words for the person signed in; empty where nobody has."""
    names = staff_names([concern.written_by for concern in concerns], reader=acting_staff().name)
    return [names[concern.written_by] for concern in concerns]
