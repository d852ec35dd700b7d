"""The pages that delete an audit or set it aside, and the list of audits set aside."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.planning import queries as audits
from surveyapp.planning.removal import operations
from surveyapp.planning.removal.forms import DeleteAuditForm


def delete_audit(audit_id: int) -> ResponseReturnValue:
    """Show what would be deleted with an audit; a post with its title deletes it."""
    audit = audits.audit_by_id(audit_id)
    form = DeleteAuditForm()
    title = audit.title
    if form.deletes(
        form.title,
        lambda typed: operations.delete_audit(audit, typed_title=typed, **actor_and_now()),
    ):
        flash(f"“{title}” is deleted.", "success")
        return redirect(url_for("survey.tracking.list_audits"), 303)
    page = render_template(
        "survey/planning/delete_audit.html",
        audit=audit,
        goes=operations.what_goes(audit),
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def set_audit_aside(audit_id: int) -> ResponseReturnValue:
    """Take an audit off the lists."""
    audit = audits.audit_by_id(audit_id)
    with transaction():
        operations.set_audit_aside(audit, **actor_and_now())
    flash(f"“{audit.title}” is set aside. Nothing of it is deleted.", "success")
    return redirect(url_for("survey.planning.list_audits_set_aside"), 303)


def bring_audit_back(audit_id: int) -> ResponseReturnValue:
    """Put an audit that was set aside back on the lists."""
    audit = audits.audit_by_id(audit_id)
    with transaction():
        operations.bring_audit_back(audit, **actor_and_now())
    flash(f"“{audit.title}” is back on the list of audits.", "success")
    return redirect(url_for("survey.tracking.list_audits"), 303)


def list_audits_set_aside() -> ResponseReturnValue:
    """List the audits that were set aside."""
    return render_template(
        "survey/planning/set_aside.html",
        audits=[planned.audit for planned in audits.listed_audits(set_aside=True)],
    )
