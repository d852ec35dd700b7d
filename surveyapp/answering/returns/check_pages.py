"""From the checked answers to the receipt: check, return, not involved, one's own copy."""

from datetime import datetime

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import (
    authorised_request,
    grants_with_pasted_link,
    page_signature,
    press_from_form,
    redirect_to,
    use_pasted_link,
)
from surveyapp.answering.enquiries.queries import enquiries_of
from surveyapp.answering.models import Return
from surveyapp.answering.returns import operations
from surveyapp.answering.returns.answers_in_words import answers_in_words, nil_in_words
from surveyapp.answering.returns.form_rendering import (
    Notice,
    NotInvolvedPage,
    form_class_for_request,
    render_not_involved_page,
    spoken_moment,
)
from surveyapp.answering.returns.forms import NotInvolvedForm
from surveyapp.answering.returns.operations import ButtonPress, LinkWithdrawn, SaveOutcome, takes_answers
from surveyapp.answering.returns.privacy_hints import detail_hints
from surveyapp.answering.returns.queries import (
    form_contents,
    outstanding,
    receipt_of,
    return_of,
    returned_revision,
    revision_answers,
    working_revision,
)
from surveyapp.answering.returns.recovery_pages import (
    access_refused_nil_page,
    change_elsewhere_in_words,
    late_page,
    nil_not_saved_page,
)
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
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
    form = form_class_for_request(audit_request)(given=given)
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
        form = form_class_for_request(audit_request)(given=revision_answers(working_revision(kept)))
        if not form.check_return():
            return _check_page(audit_request, kept), 422
        outcome = operations.return_audit(audit_request, form.given(), press_from_form(), now=now)
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


def not_involved(public_id: str) -> ResponseReturnValue:
    """Ask why the agency has nothing to audit."""
    audit_request = authorised_request(public_id)
    if not takes_answers(audit_request, return_of(audit_request), now=clock.now()):
        return redirect_to("show_copy", public_id)
    if audit_request.open_delegation is not None and audit_request.open_delegation.sends_back:
        return redirect_to("ask_send_back", public_id)
    return not_involved_page(audit_request, NotInvolvedForm(formdata=None))


def not_involved_page(
    audit_request: AuditRequest, form: NotInvolvedForm, *, notice: Notice | None = None
) -> str:
    """The page that asks for the reason, with what was chosen."""
    press, mark = ButtonPress.fresh(return_of(audit_request)), page_signature(audit_request.public_id)
    page = NotInvolvedPage(
        audit_request.public_id, form, press, mark, audit_request=audit_request, notice=notice
    )
    return render_not_involved_page(page)


def return_not_involved(public_id: str) -> ResponseReturnValue:
    """Return that the agency was not involved."""
    now = clock.now()
    form = NotInvolvedForm()
    page: ResponseReturnValue | None = None
    try:
        with transaction():
            held, pasted = grants_with_pasted_link()
            audit_request = authorised_request(public_id, held)
            if form.validate():
                page = _keep_nil(audit_request, form, now=now)
            else:
                page = not_involved_page(audit_request, form), 422
            proved = use_pasted_link(pasted, now=now)
    except CouldNotSave as error:
        return nil_not_saved_page(public_id, form, error)
    except (LinkWithdrawn, NotFound) as error:
        unproved = access_refused_nil_page(public_id, form, error.status)
        if unproved is None:
            raise
        return unproved
    proved()
    return page or redirect_to("done", public_id)


def _keep_nil(
    audit_request: AuditRequest, form: NotInvolvedForm, *, now: datetime
) -> ResponseReturnValue | None:
    """Store the nil return; the page to show where it could not simply go on."""
    where = form.whereabouts.data or ""
    outcome = operations.return_nil(
        audit_request, form.reason.data, press_from_form(), whereabouts=where, now=now
    )
    if outcome.became == "late":
        return late_page(audit_request, outcome)
    if outcome.became == "clash":
        notice = Notice(
            "This was saved or returned in another place meanwhile.", "Look at it, or press again."
        )
        return not_involved_page(audit_request, form, notice=notice), 409
    return None


def involved_after_all(public_id: str) -> ResponseReturnValue:
    """Undo a nil return."""
    with transaction():
        operations.take_back_nil(authorised_request(public_id), now=clock.now())
    return redirect_to("answer", public_id)


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
