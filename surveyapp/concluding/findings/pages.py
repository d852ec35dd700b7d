"""Writing a finding: what was found, its challenge, and the figures, themes and quotes it rests on."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.collating.queries import collate
from surveyapp.concluding.conclusions_in_words import figures_in_a_sentence
from surveyapp.concluding.concurrent_edits import finding_digest
from surveyapp.concluding.findings import operations
from surveyapp.concluding.form_saving import save_form
from surveyapp.concluding.forms import FindingForm
from surveyapp.concluding.models import Finding
from surveyapp.concluding.queries import finding_named, quotes_as_chosen
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.fields import posted_number
from surveyapp.gathering.queries import themes_of
from surveyapp.planning.models import Audit


def add_finding(audit_id: int) -> ResponseReturnValue:
    """Write another finding."""
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
    """Change a finding or what it rests on."""
    finding = finding_named(audit_id, finding_id)
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
    theirs = status == 409  # noqa: PLR2004 — somebody else was first
    if theirs:
        form.seen.data = finding_digest(finding)
    return _page(finding.audit, form, finding, theirs=theirs), status


def move_finding(audit_id: int, finding_id: int) -> ResponseReturnValue:
    """Give a finding another number."""
    finding = finding_named(audit_id, finding_id)
    to = posted_number(request.form.get("to"), otherwise=finding.position)
    with transaction():
        operations.move_finding(finding, to=to, actor=acting_staff().name, now=clock.now())
    return _redirect_to_conclusions(audit_id, f"It is {finding.name.lower()} now.")


def remove_finding(audit_id: int, finding_id: int) -> ResponseReturnValue:
    """Remove a finding on which nothing rests."""
    finding = finding_named(audit_id, finding_id)
    with transaction():
        operations.remove_finding(finding, actor=acting_staff().name, now=clock.now())
    return _redirect_to_conclusions(audit_id, "The finding is removed, and the others are numbered anew.")


def _redirect_to_conclusions(audit_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("survey.concluding.show_conclusions", audit_id=audit_id), 303)


def _page(audit: Audit, form: FindingForm, finding: Finding | None = None, *, theirs: bool = False) -> str:
    found = collate(audit, now=clock.now())
    # In the template's order, as the author knows the numbers.
    questions = sorted(found.questions, key=lambda each: each.question.number)
    offered = [(each.id, f"{each.question.number}. {each.label}") for each in questions]
    rests_on = {each.question for each in finding.questions} if finding else set()
    gone = [each for each in form.questions.data or () if each not in dict(offered)] if finding else []
    form.offering(
        [*offered, *((each, f"{each}, no longer in the form") for each in gone)],
        themes_of(audit.id),
        quotes_as_chosen(audit.id),
    )
    return render_template(
        "survey/concluding/finding_form.html",
        audit=audit,
        finding=finding,
        form=form,
        asked=[words for each, words in offered if each in rests_on],
        figures={each.id: figures_in_a_sentence(each) for each in questions},
        theirs=theirs,
        errors=form.errors if request.method == "POST" else {},
    )
