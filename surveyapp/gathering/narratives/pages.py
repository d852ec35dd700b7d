"""The page on which one longer text is written."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.gathering.models import NARRATIVES, Narrative
from surveyapp.gathering.narratives import operations
from surveyapp.gathering.narratives.forms import NarrativeForm
from surveyapp.gathering.quotes.redaction import identifying_wordings
from surveyapp.planning.models import Audit


def write_narrative(audit_id: int, name: str) -> ResponseReturnValue:
    """Show the form of one longer text, or store what is posted."""
    audit = session.get_one(Audit, audit_id)
    narrative = operations.narrative_of(audit_id, name)
    if request.method != "POST":
        form = NarrativeForm(formdata=None, data={"seen": operations.narrative_digest(narrative)})
        if narrative is not None:
            form.show(narrative)
        return _narrative_page(audit, name, form, narrative)
    form = NarrativeForm()
    if not form.validate():
        return _narrative_page(audit, name, form, narrative), 422
    if identifying_wordings(form.text.data or "") and not form.keep.data:
        form.text.errors = ["Change what is pointed out below, or tick the box"]
        return _narrative_page(audit, name, form, narrative), 422
    try:
        with transaction():
            narrative = operations.write_narrative(
                audit,
                name,
                form.text.data or "",
                case_id=form.case.data or None,
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=clock.now(),
            )
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return _narrative_page(audit, name, form, operations.narrative_of(audit_id, name)), 422
    except EditConflict as error:
        stored_narrative = operations.narrative_of(audit_id, name)
        form.seen.data = operations.narrative_digest(stored_narrative)
        return _narrative_page(audit, name, form, stored_narrative, changed=error), error.status
    flash("The text is saved." if narrative else "The text is taken away.", "success")
    return redirect(url_for("survey.gathering.show_voices", audit_id=audit_id), 303)


def _narrative_page(
    audit: Audit,
    kind: str,
    form: NarrativeForm,
    narrative: Narrative | None,
    *,
    changed: EditConflict | None = None,
) -> str:
    form.offer(audit.cases)
    return render_template(
        "survey/gathering/narrative.html",
        audit=audit,
        title=NARRATIVES[kind],
        kind=kind,
        form=form,
        found=identifying_wordings(form.text.data or ""),
        changed=changed,
        there=[("Text", narrative.text)] if narrative else [],
        errors=form.errors,
    )
