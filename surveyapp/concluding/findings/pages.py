"""The pages that add, change, move and remove a finding."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.collating.queries import collate
from surveyapp.concluding.conclusions_in_words import figures_in_a_sentence
from surveyapp.concluding.edit_conflicts import finding_digest
from surveyapp.concluding.findings import operations
from surveyapp.concluding.findings.forms import FindingForm
from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.models import Finding
from surveyapp.concluding.queries import finding_by_id, quotes_as_chosen
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.fields import posted_number
from surveyapp.gathering.queries import themes_of
from surveyapp.planning.models import Audit


def add_finding(audit_id: int) -> ResponseReturnValue:
    """Add a finding."""
    audit = session.get_one(Audit, audit_id)
    form, status = FindingForm(), 200
    if form.is_submitted():
        status = save_form(
            form,
            lambda: operations.add_finding(audit, form.details(), actor=acting_staff().name, now=clock.now()),
        )
        if not status:
            return _redirect_to_conclusions(audit_id, "The finding is added.")
    return _page(audit, form), status


def change_finding(audit_id: int, finding_id: int) -> ResponseReturnValue:
    """Change a finding or its evidence."""
    finding = finding_by_id(audit_id, finding_id)
    form, status = FindingForm(), 200
    if form.is_submitted():
        status = save_form(
            form,
            lambda: operations.change_finding(
                finding,
                form.details(),
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=clock.now(),
            ),
        )
        if not status:
            return _redirect_to_conclusions(audit_id, f"{finding.name} is saved.")
    else:
        form.show(finding)
    is_conflict = status == 409  # noqa: PLR2004 — the status of an edit conflict
    if is_conflict:
        form.seen.data = finding_digest(finding)
    return _page(finding.audit, form, finding, is_conflict=is_conflict), status


def move_finding(audit_id: int, finding_id: int) -> ResponseReturnValue:
    """Give a finding another number."""
    finding = finding_by_id(audit_id, finding_id)
    to = posted_number(request.form.get("to"), otherwise=finding.position)
    with transaction():
        operations.move_finding(finding, to=to, actor=acting_staff().name, now=clock.now())
    return _redirect_to_conclusions(audit_id, f"It is {finding.name.lower()} now.")


def remove_finding(audit_id: int, finding_id: int) -> ResponseReturnValue:
    """Remove a finding on which nothing depends."""
    finding = finding_by_id(audit_id, finding_id)
    with transaction():
        operations.remove_finding(finding, actor=acting_staff().name, now=clock.now())
    return _redirect_to_conclusions(audit_id, "The finding is removed, and the others are numbered anew.")


def _redirect_to_conclusions(audit_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("survey.concluding.show_conclusions", audit_id=audit_id), 303)


def _page(
    audit: Audit, form: FindingForm, finding: Finding | None = None, *, is_conflict: bool = False
) -> str:
    collation = collate(audit, now=clock.now())
    # In the form's order, since authors know the questions by their numbers.
    questions = sorted(collation.questions, key=lambda figures: figures.question.number)
    choices = [(figures.id, f"{figures.question.number}. {figures.label}") for figures in questions]
    linked = {link.question for link in finding.questions} if finding else set()
    chosen_ids = (form.questions.data or ()) if finding else ()
    removed_ids = [question_id for question_id in chosen_ids if question_id not in dict(choices)]
    form.offering(
        [*choices, *((question_id, f"{question_id}, no longer in the form") for question_id in removed_ids)],
        themes_of(audit.id),
        quotes_as_chosen(audit.id),
    )
    return render_template(
        "survey/concluding/finding_form.html",
        audit=audit,
        finding=finding,
        form=form,
        asked=[words for question_id, words in choices if question_id in linked],
        figures={figures.id: figures_in_a_sentence(figures) for figures in questions},
        theirs=is_conflict,
        errors=form.errors if request.method == "POST" else {},
    )
