"""Pages for checking the answers, returning them and reading the contact's own copy."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import authorised_request, redirect_to
from surveyapp.answering.access.copy_period import check_copy, last_copy_day
from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.keyed_in import keyed_in
from surveyapp.answering.models import Return, Revision
from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.answers_in_words import answers_in_words, by_section, nil_in_words
from surveyapp.answering.returns.form_rendering import correction_in_words, spoken_moment
from surveyapp.answering.returns.operations import SaveOutcome, takes_answers
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.privacy_hints import detail_hints
from surveyapp.answering.returns.queries import (
    form_contents,
    receipt_of,
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
    working_revision_id,
)
from surveyapp.answering.returns.recovery_pages import (
    change_elsewhere_in_words,
    ended_copy_page,
    late_page,
)
from surveyapp.defining.answer_form import answer_form
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.models import AuditRequest


def check(public_id: str) -> ResponseReturnValue:
    """Show all answers on one page before they are returned, with the missing ones listed first."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    audit_return = return_of(audit_request)
    check_copy(audit_request, audit_return, now=now)
    if not takes_answers(audit_request, audit_return, now=now):
        return redirect_to("show_copy", public_id)
    if audit_return is None:
        return redirect_to("answer", public_id)
    return _check_page(audit_request, audit_return)


def _check_page(audit_request: AuditRequest, audit_return: Return, *, problem: str = "") -> str:
    contents = form_contents(audit_return)
    saved_answers = revision_answers(contents.saved)
    form = answer_form(audit_request.audit.form, audit_request.agency.kind)(given=saved_answers)
    form.check_return(clock.local_day(clock.now()))
    answers = answers_in_words(audit_request.audit.form, audit_request.agency.kind, saved_answers)
    form_url = url_for("survey_contact.answering.answer", public_id=audit_request.public_id)
    unsaved = contents.revision if contents.opens_with_autosave else None
    missing = [(field.errors[0], f"{form_url}?missing=1#{field.id}") for field in form if field.errors]
    return render_template(
        "survey/answering/returns/check.html",
        audit_request=audit_request,
        audit_return=audit_return,
        passed=audit_request.open_delegation,
        press=ButtonPress.fresh(audit_return),
        said=by_section(answers),
        unanswered=[answer for answer in answers if not answer.lines],
        already=_when_returned(audit_return, contents.saved) if not problem else "",
        questions=sum(answer.question is not None for answer in answers),
        missing=missing,
        problem=problem,
        looks=detail_hints(audit_request.audit.form, form.given(), audit_return),
        typed=spoken_moment(unsaved.created_at, now=clock.now()) if unsaved else "",
        there=form_url,
    )


def _when_returned(audit_return: Return, saved: Revision | None) -> str:
    """When exactly these answers were returned, for somebody who comes back to the page; else empty."""
    changed_since = saved is None or saved.id != audit_return.current_revision_id
    if audit_return.returned_at is None or audit_return.nil_reason or changed_since:
        return ""
    return spoken_moment(audit_return.returned_at, now=clock.now())


def return_audit(public_id: str) -> ResponseReturnValue:
    """Return one audit with the answers that its check page showed."""
    now = clock.now()
    with transaction():
        audit_request = authorised_request(public_id)
        audit_return = return_of(audit_request)
        ended = ended_copy_page(audit_request, audit_return, is_stored=False)
        if ended is not None:
            return ended
        if audit_return is None:
            return redirect_to("answer", public_id)
        form = answer_form(audit_request.audit.form, audit_request.agency.kind)(
            given=revision_answers(working_revision(audit_return))
        )
        if not form.check_return(clock.local_day(now)):
            return _check_page(audit_request, audit_return), 422
        outcome = operations.return_audit(
            audit_request, form.given(), ButtonPress.from_form(request.form), now=now
        )
        page = late_page(audit_request, outcome) if outcome.kind == "late" else None
        if outcome.kind == "clash":
            page = _returned_by_another(audit_request, outcome)
    return page or redirect_to("done", public_id)


def expired_check_page(public_id: str) -> ResponseReturnValue:
    """The check page again, when it had been open too long for its button to count; nothing is returned."""
    audit_request = authorised_request(public_id)
    audit_return = return_of(audit_request)
    if audit_return is None:
        return redirect_to("answer", public_id)
    problem = (
        "Not returned yet: this page had been open too long. Your answers are saved. Press the button again."
    )
    return _check_page(audit_request, audit_return, problem=problem), 400


def _returned_by_another(audit_request: AuditRequest, outcome: SaveOutcome) -> ResponseReturnValue | None:
    """The page for the second of two people who return a case; None if both had the same answers."""
    audit_return = outcome.audit_return
    if audit_return.returned_at is None:
        problem = "These answers were changed in another place after you opened this page. Check them again."
        return _check_page(audit_request, audit_return, problem=problem), 409
    theirs = returned_revision(audit_return)
    change = change_elsewhere_in_words("returned", theirs, outcome.revision)
    # Both must have seen the same version, not only have the same answers now.
    saw_same_version = theirs is not None and theirs.seen_version == outcome.revision.seen_version
    if saw_same_version and set(revision_answers(theirs)) == set(revision_answers(outcome.revision)):
        flash(f"{change}, with the answers you were about to return.")
        return None
    problem = f"{change}. Your answers are kept. Compare, or return them as a correction."
    return _check_page(audit_request, audit_return, problem=problem), 409


def done(public_id: str) -> ResponseReturnValue:
    """Confirm a return, with its reference and what happens next."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    audit_return = return_of(audit_request)
    check_copy(audit_request, audit_return, now=now)
    if audit_return is None or audit_return.returned_at is None:
        return redirect_to("answer", public_id)
    is_nil = bool(audit_return.nil_reason)
    working_id = working_revision_id(audit_return) if not is_nil else None
    still_outstanding = outstanding(audit_request.grant) if not audit_request.audit.is_closed(now) else []
    return render_template(
        "survey/answering/returns/done.html",
        audit_request=audit_request,
        audit=audit_request.audit,
        audit_return=audit_return,
        can_change=takes_answers(audit_request, audit_return, now=now),
        changes_waiting=working_id is not None and working_id != audit_return.current_revision_id,
        nil=nil_in_words(revision_answers(returned_revision(audit_return) if is_nil else None)),
        keyed=keyed_in(audit_return),
        correction=correction_in_words(audit_return),
        still=still_outstanding,
        due=due_counts_in_words(still_outstanding),
        enquiries=enquiries_of(audit_request),
        closed=audit_request.audit.is_closed(now),
        receipt=receipt_of(audit_return, to=audit_request.grant.contact.email),
        press=ButtonPress.fresh(audit_return),
    )


def show_copy(public_id: str) -> ResponseReturnValue:
    """Show the contact's own copy, to read, print or save, and for some time after returns have closed."""
    now = clock.now()
    audit_request = authorised_request(public_id)
    audit_return = return_of(audit_request)
    check_copy(audit_request, audit_return, now=now)
    revision = (
        returned_revision(audit_return)
        if audit_return and audit_return.returned_at
        else form_contents(audit_return).revision
    )
    return render_template(
        "survey/answering/returns/copy.html",
        audit_request=audit_request,
        audit=audit_request.audit,
        audit_return=audit_return,
        keyed=keyed_in(audit_return),
        enquiries=enquiries_of(audit_request),
        closed=not takes_answers(audit_request, audit_return, now=now),
        last_day=last_copy_day(audit_request.audit, audit_return),
        nil=nil_in_words(revision_answers(revision)),
        said=by_section(
            answers_in_words(audit_request.audit.form, audit_request.agency.kind, revision_answers(revision))
        ),
    )
