"""The action plan, the page of one action with its updates, and the form of an action."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.models import Agency
from surveyapp.collating.queries import agencies_asked
from surveyapp.concluding.actions import operations
from surveyapp.concluding.actions.due_days import WORKING_DAYS_BEFORE, WORKING_DAYS_BETWEEN
from surveyapp.concluding.actions.forms import ActionForm, UpdateForm
from surveyapp.concluding.actions.progress import action_progress
from surveyapp.concluding.edit_conflicts import action_digest
from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.models import Action
from surveyapp.concluding.queries import (
    action_by_id,
    actions_of,
    conclusion_of,
    findings_by_number,
    recommendations_of,
)
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.planning.models import Audit
from surveyapp.tracking.event_sentences import staff_names


def show_action_plan(audit_id: int) -> ResponseReturnValue:
    """Show the action plan, grouped by the finding or recommendation that each action answers."""
    audit = session.get_one(Audit, audit_id)
    today = clock.local_day(clock.now())
    actions, conclusion = actions_of(audit_id), conclusion_of(audit_id)
    conclusions = [*findings_by_number(audit_id), *recommendations_of(audit_id)]
    return render_template(
        "survey/concluding/action_plan.html",
        audit=audit,
        today=today,
        progress=action_progress(actions, today),
        answered=[
            (conclusion, [action for action in actions if action.answers_to is conclusion])
            for conclusion in conclusions
        ],
        others=[action for action in actions if action.answers_to is None],
        review_on=conclusion.review_on if conclusion else None,
    )


def add_action(audit_id: int) -> ResponseReturnValue:
    """Add an action to the plan; `?answers=` chooses in advance what it answers."""
    audit = session.get_one(Audit, audit_id)
    form, status = ActionForm(data={"answers": request.args.get("answers", "none")}), 200
    if form.is_submitted():
        added: list[Action] = []
        status = save_form(
            form,
            lambda: added.append(
                operations.add_action(audit, form.details(), actor=acting_staff().name, now=clock.now())
            ),
        )
        if not status:
            return _saved(added[0], f"{added[0].reference} is added.")
    return _form_page(audit, form), status


def change_action(audit_id: int, action_id: int) -> ResponseReturnValue:
    """Change an action, its owner or its due day."""
    action = action_by_id(audit_id, action_id)
    form, status = ActionForm(), 200
    if form.is_submitted():
        status = save_form(
            form,
            lambda: operations.change_action(
                action,
                form.details(),
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=clock.now(),
            ),
        )
        if not status:
            return _saved(action, f"{action.reference} is saved.")
    else:
        form.show(action)
    is_conflict = status == 409  # noqa: PLR2004 — the status of an edit conflict
    if is_conflict:
        form.seen.data = action_digest(action)
    return _form_page(action.audit, form, action, is_conflict=is_conflict), status


def show_action(audit_id: int, action_id: int) -> ResponseReturnValue:
    """Show an action with its updates and the form for another update."""
    action = action_by_id(audit_id, action_id)
    return _page(action, UpdateForm(formdata=None, data={"status": action.status}))


def update_action(audit_id: int, action_id: int) -> ResponseReturnValue:
    """Add an update on how far an action is."""
    action, form = action_by_id(audit_id, action_id), UpdateForm()
    status = save_form(
        form,
        lambda: operations.update_action(
            action,
            status=form.status.data or "",
            evidence=form.evidence.data or "",
            actor=acting_staff().name,
            now=clock.now(),
        ),
        beside=form.evidence,
    )
    if status:
        return _page(action, form), status
    flash(f"{action.reference}: {action.status_words.lower()}. The update is kept below.", "success")
    return redirect(url_for("survey.concluding.show_action", audit_id=audit_id, action_id=action_id), 303)


def remove_action(audit_id: int, action_id: int) -> ResponseReturnValue:
    """Remove an action without updates."""
    action = action_by_id(audit_id, action_id)
    reference = action.reference
    with transaction():
        operations.remove_action(action, actor=acting_staff().name, now=clock.now())
    flash(f"{reference} is removed.", "success")
    return redirect(url_for("survey.concluding.show_action_plan", audit_id=audit_id), 303)


def _saved(action: Action, words: str) -> ResponseReturnValue:
    flash(words, "success")
    if action.is_overdue(clock.local_day(clock.now())):
        flash("Its day has passed, so it is overdue.")
    return redirect(
        url_for("survey.concluding.show_action", audit_id=action.audit_id, action_id=action.id), 303
    )


def _page(action: Action, form: UpdateForm) -> str:
    names = staff_names([update.actor for update in action.updates], reader=acting_staff().name)
    return render_template(
        "survey/concluding/action.html",
        action=action,
        audit=action.audit,
        today=clock.local_day(clock.now()),
        updates=[(update, names[update.actor]) for update in reversed(action.updates)],
        before=WORKING_DAYS_BEFORE,
        again_every=WORKING_DAYS_BETWEEN,
        form=form,
        errors=form.errors if request.method == "POST" else {},
    )


def _form_page(
    audit: Audit, form: ActionForm, action: Action | None = None, *, is_conflict: bool = False
) -> str:
    agencies: list[Agency] = agencies_asked(audit)
    if action and action.agency and action.agency not in agencies:
        agencies.append(action.agency)
    form.offering(findings_by_number(audit.id), recommendations_of(audit.id), agencies)
    return render_template(
        "survey/concluding/action_form.html",
        audit=audit,
        action=action,
        form=form,
        before=WORKING_DAYS_BEFORE,
        again_every=WORKING_DAYS_BETWEEN,
        theirs=is_conflict,
        errors=form.errors if request.method == "POST" else {},
    )
