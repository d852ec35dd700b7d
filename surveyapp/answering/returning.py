"""From the checked answers to the receipt: check, return, not involved, one's own copy."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering import operations
from surveyapp.answering.forms import NotInvolvedForm
from surveyapp.answering.going_wrong import elsewhere, late_page
from surveyapp.answering.models import Return
from surveyapp.answering.operations import Outcome, Press, takes_answers
from surveyapp.answering.own import (
    LinkNeeded,
    held_with_pasted,
    link_problem,
    own_request,
    press_of_page,
    to,
)
from surveyapp.answering.queries import (
    given_of,
    outstanding,
    receipt_of,
    return_of,
    returned_revision,
    working_revision,
)
from surveyapp.answering.reading import nil_in_words, said
from surveyapp.answering.showing import form_of_request
from surveyapp.foundation import clock
from surveyapp.foundation.access import hold_grant
from surveyapp.foundation.db import transaction
from surveyapp.foundation.errors import NotFound
from surveyapp.issuing.links import LinkUnknown
from surveyapp.issuing.models import AuditRequest


def check(public_id: str) -> ResponseReturnValue:
    """Show all answers on one page before they are returned, with what is missing first."""
    now = clock.now()
    audit_request = own_request(public_id)
    kept = return_of(audit_request)
    if not takes_answers(audit_request, kept, now=now):
        return to("show_copy", public_id)
    if kept is None:
        return to("answer", public_id)
    return _check_page(audit_request, kept)


def _check_page(audit_request: AuditRequest, kept: Return, *, problem: str = "") -> str:
    given = given_of(working_revision(kept))
    form = form_of_request(audit_request)(given=given)
    form.check_return()
    answers = said(audit_request.audit.form, audit_request.agency.kind, given)
    there = url_for("survey_contact.answering.answer", public_id=audit_request.public_id)
    missing = [(each.errors[0], f"{there}?missing=1#{each.id}") for each in form if each.errors]
    return render_template(
        "survey/answering/check.html",
        audit_request=audit_request,
        audit_return=kept,
        press=Press.fresh(kept),
        said=answers,
        blank=sum(not each.lines for each in answers),
        missing=missing,
        problem=problem,
        there=there,
    )


def return_audit(public_id: str) -> ResponseReturnValue:
    """Return one audit, as its check page showed it."""
    now = clock.now()
    with transaction():
        audit_request = own_request(public_id)
        kept = return_of(audit_request)
        if kept is None:
            return to("answer", public_id)
        form = form_of_request(audit_request)(given=given_of(working_revision(kept)))
        if not form.check_return():
            return _check_page(audit_request, kept), 422
        outcome = operations.return_audit(audit_request, form.given(), press_of_page(), now=now)
        page = late_page(audit_request, outcome) if outcome.became == "late" else None
        if outcome.became == "clash":
            page = _returned_by_another(audit_request, outcome)
    return page or to("done", public_id)


def _returned_by_another(audit_request: AuditRequest, outcome: Outcome) -> ResponseReturnValue | None:
    """What to say to the second of two people at the check page; nothing when both had the same answers."""
    kept = outcome.audit_return
    if kept.returned_at is None:
        problem = "These answers were changed in another place after you opened this page. Check them again."
        return _check_page(audit_request, kept, problem=problem), 409
    theirs = returned_revision(kept)
    what = elsewhere("returned", theirs, outcome.revision)
    if set(given_of(theirs)) == set(given_of(outcome.revision)):
        flash(f"{what}, with the answers you were about to return.")
        return None
    problem = f"{what}. Your answers are kept. Compare, or return them as a correction."
    return _check_page(audit_request, kept, problem=problem), 409


def done(public_id: str) -> ResponseReturnValue:
    """Say that a return is in, with its reference, and what is next."""
    now = clock.now()
    audit_request = own_request(public_id)
    kept = return_of(audit_request)
    if kept is None or kept.returned_at is None:
        return to("answer", public_id)
    working = working_revision(kept)
    still = outstanding(audit_request.grant) if not audit_request.audit.is_closed(now) else []
    return render_template(
        "survey/answering/done.html",
        audit_request=audit_request,
        audit=audit_request.audit,
        audit_return=kept,
        can_change=takes_answers(audit_request, kept, now=now),
        changes_waiting=bool(working and not kept.nil_reason and working.id != kept.current_revision_id),
        nil=nil_in_words(given_of(returned_revision(kept))),
        still=still,
        closed=audit_request.audit.is_closed(now),
        receipt=receipt_of(kept, to=audit_request.grant.contact.email),
        press=Press.fresh(kept),
    )


def not_involved(public_id: str) -> ResponseReturnValue:
    """Ask why the agency has nothing to audit."""
    audit_request = own_request(public_id)
    if not takes_answers(audit_request, return_of(audit_request), now=clock.now()):
        return to("show_copy", public_id)
    return not_involved_page(audit_request, NotInvolvedForm(formdata=None))


def not_involved_page(audit_request: AuditRequest | None, form: NotInvolvedForm, *, problem: str = "") -> str:
    """The page that asks for the reason, with what was chosen; for the link too, where none opens it."""
    link_error = link_problem() if audit_request is None else ""
    return render_template(
        "survey/answering/not_involved.html",
        audit_request=audit_request,
        form=form,
        press=Press.fresh(return_of(audit_request)) if audit_request else press_of_page(),
        problem=problem,
        link_error=link_error,
        errors=form.errors or link_error,
    )


def return_not_involved(public_id: str) -> ResponseReturnValue:
    """Return that the agency was not involved."""
    now = clock.now()
    form = NotInvolvedForm()
    try:
        with transaction():
            held, proved = held_with_pasted(now)
            audit_request = own_request(public_id, held)
            if not form.validate():
                return not_involved_page(audit_request, form), 422
            where = form.whereabouts.data or ""
            outcome = operations.return_nil(
                audit_request, form.reason.data, press_of_page(), whereabouts=where, now=now
            )
            page = late_page(audit_request, outcome) if outcome.became == "late" else None
            if outcome.became == "clash":
                problem = "This was saved or returned in another place meanwhile. Look at it, or press again."
                page = not_involved_page(audit_request, form, problem=problem), 409
    except NotFound as error:
        if not isinstance(error, LinkNeeded | LinkUnknown) and not link_problem():
            raise
        return not_involved_page(None, form), error.status
    if proved:
        hold_grant(*proved)
    return page or to("done", public_id)


def involved_after_all(public_id: str) -> ResponseReturnValue:
    """Undo a nil return."""
    with transaction():
        operations.take_back_nil(own_request(public_id), now=clock.now())
    return to("answer", public_id)


def show_copy(public_id: str) -> ResponseReturnValue:
    """Show one's own copy, to read, print or save, also after returns have closed."""
    audit_request = own_request(public_id)
    kept = return_of(audit_request)
    revision = returned_revision(kept) if kept and kept.returned_at else working_revision(kept)
    return render_template(
        "survey/answering/copy.html",
        audit_request=audit_request,
        audit=audit_request.audit,
        audit_return=kept,
        closed=not takes_answers(audit_request, kept, now=clock.now()),
        nil=nil_in_words(given_of(revision)),
        said=said(audit_request.audit.form, audit_request.agency.kind, given_of(revision)),
    )
