"""From the checked answers to the receipt: check, return, not involved, one's own copy."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import authorised_request, redirect_to
from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.models import Return
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.answers_in_words import answers_in_words, nil_in_words
from surveyapp.answering.returns.form_rendering import spoken_moment
from surveyapp.answering.returns.operations import SaveOutcome, takes_answers
from surveyapp.answering.returns.outstanding_queries import outstanding
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.privacy_hints import detail_hints
from surveyapp.answering.returns.queries import (
    form_contents,
    receipt_of,
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
)
from surveyapp.answering.returns.recovery_pages import change_elsewhere_in_words, late_page
from surveyapp.defining.answer_form import answer_form
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.models import AuditRequest


def check(public_id: str) -> ResponseReturnValue:
    """Show all answers on one page before they are returned, with what is missing first."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    kept = return_of(audit_request)
    if not takes_answers(audit_request, kept, now=now):
        return redirect_to("show_copy", public_id)
    if kept is None:
        return redirect_to("answer", public_id)
    return _check_page(audit_request, kept)


def _check_page(audit_request: AuditRequest, kept: Return, *, problem: str = "") -> str:
    found = form_contents(kept)
    given = revision_answers(found.saved)
    form = answer_form(audit_request.audit.form, audit_request.agency.kind)(given=given)
    form.check_return()
    answers = answers_in_words(audit_request.audit.form, audit_request.agency.kind, given)
    there = url_for("survey_contact.answering.answer", public_id=audit_request.public_id)
    typed = found.revision if found.opens_with_autosave else None
    missing = [(each.errors[0], f"{there}?missing=1#{each.id}") for each in form if each.errors]
    return render_template(
        "survey/answering/returns/check.html",
        audit_request=audit_request,
        audit_return=kept,
        passed=audit_request.open_delegation,
        press=ButtonPress.fresh(kept),
        said=answers,
        blank=sum(not each.lines for each in answers),
        questions=sum(each.question is not None for each in answers),
        missing=missing,
        problem=problem,
        looks=detail_hints(audit_request.audit.form, form.given(), kept),
        typed=spoken_moment(typed.created_at, now=clock.now()) if typed else "",
        there=there,
    )


def return_audit(public_id: str) -> ResponseReturnValue:
    """Return one audit, as its check page showed it."""
    now = clock.now()
    with transaction():
        audit_request = authorised_request(public_id)
        kept = return_of(audit_request)
        if kept is None:
            return redirect_to("answer", public_id)
        form = answer_form(audit_request.audit.form, audit_request.agency.kind)(
            given=revision_answers(working_revision(kept))
        )
        if not form.check_return():
            return _check_page(audit_request, kept), 422
        outcome = operations.return_audit(
            audit_request, form.given(), ButtonPress.from_form(request.form), now=now
        )
        page = late_page(audit_request, outcome) if outcome.became == "late" else None
        if outcome.became == "clash":
            page = _returned_by_another(audit_request, outcome)
    return page or redirect_to("done", public_id)


def _returned_by_another(audit_request: AuditRequest, outcome: SaveOutcome) -> ResponseReturnValue | None:
    """What to say to the second of two people at the check page; nothing when both had the same answers."""
    kept = outcome.audit_return
    if kept.returned_at is None:
        problem = "These answers were changed in another place after you opened this page. Check them again."
        return _check_page(audit_request, kept, problem=problem), 409
    theirs = returned_revision(kept)
    what = change_elsewhere_in_words("returned", theirs, outcome.revision)
    # What they looked at was the same, not only what is stored now.
    same_page = theirs is not None and theirs.seen_version == outcome.revision.seen_version
    if same_page and set(revision_answers(theirs)) == set(revision_answers(outcome.revision)):
        flash(f"{what}, with the answers you were about to return.")
        return None
    problem = f"{what}. Your answers are kept. Compare, or return them as a correction."
    return _check_page(audit_request, kept, problem=problem), 409


def done(public_id: str) -> ResponseReturnValue:
    """Say that a return is in, with its reference, and what is next."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    kept = return_of(audit_request)
    if kept is None or kept.returned_at is None:
        return redirect_to("answer", public_id)
    working = working_revision(kept)
    still = outstanding(audit_request.grant) if not audit_request.audit.is_closed(now) else []
    return render_template(
        "survey/answering/returns/done.html",
        audit_request=audit_request,
        audit=audit_request.audit,
        audit_return=kept,
        can_change=takes_answers(audit_request, kept, now=now),
        changes_waiting=bool(working and not kept.nil_reason and working.id != kept.current_revision_id),
        nil=nil_in_words(revision_answers(returned_revision(kept))),
        still=still,
        due=due_counts_in_words(still),
        enquiries=enquiries_of(audit_request),
        closed=audit_request.audit.is_closed(now),
        receipt=receipt_of(kept, to=audit_request.grant.contact.email),
        press=ButtonPress.fresh(kept),
    )


def show_copy(public_id: str) -> ResponseReturnValue:
    """Show one's own copy, to read, print or save, also after returns have closed."""
    audit_request = authorised_request(public_id)
    kept = return_of(audit_request)
    revision = returned_revision(kept) if kept and kept.returned_at else form_contents(kept).revision
    return render_template(
        "survey/answering/returns/copy.html",
        audit_request=audit_request,
        audit=audit_request.audit,
        audit_return=kept,
        enquiries=enquiries_of(audit_request),
        closed=not takes_answers(audit_request, kept, now=clock.now()),
        nil=nil_in_words(revision_answers(revision)),
        said=answers_in_words(
            audit_request.audit.form, audit_request.agency.kind, revision_answers(revision)
        ),
    )
