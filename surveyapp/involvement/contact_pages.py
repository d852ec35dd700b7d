"""The page on which a contact says which children their agency knew, behind the link of the check."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access.code_prompt import (
    check_code,
    code_form,
    code_page,
    needs_code,
    send_or_explain,
)
from surveyapp.answering.access.contact_access import LinkNeeded
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import grants_in_cookie
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.problem_pages import show_expired_form
from surveyapp.foundation.web.request_checks import is_from_other_site
from surveyapp.foundation.words.shares import counted
from surveyapp.involvement.models import CheckedAgency
from surveyapp.involvement.operations import CheckOver, answer_check, answers_digest
from surveyapp.involvement.queries import check_open_to
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.models import Grant
from surveyapp.planning.grid.grid import ANSWERS_IN_WORDS, TickedCell
from surveyapp.planning.grid.queries import involvement_answers

_PAGES = "survey_contact.involvement_check"


def show_check(public_id: str) -> ResponseReturnValue:
    """Show every child of the audit by pseudonym, with what was said so far."""
    checked = _checked(public_id)
    if checked.grant.audit.is_issued:
        return _over_page()
    if needs_code(checked.grant):
        return redirect(url_for(f"{_PAGES}.show_code", public_id=public_id), 303)
    return _answer_page(checked)


def answer(public_id: str) -> ResponseReturnValue:
    """Store what the contact chose, and show the page again."""
    checked = _checked(public_id)
    if checked.grant.audit.is_issued:
        return _over_page(), CheckOver.status
    if needs_code(checked.grant):
        return redirect(url_for(f"{_PAGES}.show_code", public_id=public_id), 303)
    chosen = _posted_answers(checked)
    try:
        with transaction():
            answer_check(checked, chosen, seen=request.form.get("seen", ""), now=clock.now())
            message = _saved_in_words(checked)
    except CheckOver as error:
        return _over_page(), error.status
    except EditConflict as error:
        problem = f"{error.message} {error.way_on}"
        return _answer_page(checked, chosen=chosen, problem=problem), error.status
    flash(message, "success")
    return redirect(url_for(f"{_PAGES}.show_check", public_id=public_id), 303)


def expired_check(error: CSRFError) -> ResponseReturnValue:
    """Show the choices again when the page had been open too long; nothing is stored."""
    public_id = str((request.view_args or {}).get("public_id", ""))
    if (request.endpoint or "") != f"{_PAGES}.answer" or is_from_other_site():
        return show_expired_form(error)
    checked = check_open_to(grants_in_cookie(), public_id)
    if checked is None or checked.grant.audit.is_issued or needs_code(checked.grant):
        return show_expired_form(error)
    problem = "This page had been open too long, and nothing is saved yet. Press Save once more."
    return _answer_page(checked, chosen=_posted_answers(checked), problem=problem), 400


def show_code(public_id: str) -> ResponseReturnValue:
    """Show the box for the code from the mailbox, or how to get one. Opening this page sends nothing."""
    grant = _checked(public_id).grant
    if not needs_code(grant):
        return redirect(url_for(f"{_PAGES}.show_check", public_id=public_id), 303)
    return _code_page(grant, code_form(posted=False))


def give_code(public_id: str) -> ResponseReturnValue:
    """Check the code, and go on to the children."""
    form = code_form(posted=True)
    with transaction():
        grant = _checked(public_id).grant
        proved = not needs_code(grant) or check_code(grant, form)
        page = "" if proved else _code_page(grant, form)
    return redirect(url_for(f"{_PAGES}.show_check", public_id=public_id), 303) if proved else (page, 422)


def send_code(public_id: str) -> ResponseReturnValue:
    """Send a code, or another one, because a person pressed the button."""
    form = code_form(posted=False)
    with transaction():
        grant = _checked(public_id).grant
        refused = send_or_explain(grant, form) if needs_code(grant) else 0
        page = _code_page(grant, form) if refused else ""
    return (page, refused) if refused else redirect(url_for(f"{_PAGES}.show_code", public_id=public_id), 303)


def _checked(public_id: str) -> CheckedAgency:
    """The agency for which this browser may answer. Raises LinkNeeded, the same for every address."""
    checked = check_open_to(grants_in_cookie(), public_id)
    if checked is None:
        raise LinkNeeded
    return checked


def _posted_answers(checked: CheckedAgency) -> dict[int, str]:
    """The chosen answers by case id. With the button for the rest, a child without an answer is not known."""
    stored = involvement_answers(checked.grant.audit, agency_id=checked.agency_id)
    rest = "not_known" if request.form.get("rest") == "not_known" else ""
    answers = {}
    for case in checked.grant.audit.cases:
        chosen = request.form.get(f"child-{case.id}", "")
        if chosen not in ANSWERS_IN_WORDS:
            chosen = "" if TickedCell(case.id, checked.agency_id) in stored else rest
        if chosen:
            answers[case.id] = chosen
    return answers


def _saved_in_words(checked: CheckedAgency) -> str:
    """What was saved, and what happens next."""
    audit = checked.grant.audit
    answered, children = len(involvement_answers(audit, agency_id=checked.agency_id)), len(audit.cases)
    if answered < children:
        return f"Saved: {answered} of {counted(children, 'child', 'children')} answered."
    return (
        "Saved. You have answered about every child, thank you. When the audit begins, you are asked about "
        "the children you knew; if you knew none, there is nothing more to do."
    )


def _answer_page(
    checked: CheckedAgency,
    *,
    chosen: Mapping[int, str] | None = None,
    problem: str = "",
) -> str:
    audit = checked.grant.audit
    said = involvement_answers(audit, agency_id=checked.agency_id)
    stored = {cell.case_id: answer for cell, answer in said.items()}
    shown = {**stored, **(chosen or {})}
    return render_template(
        "survey/involvement/answer.html",
        checked=checked,
        audit=audit,
        rows=[
            (
                case,
                shown.get(case.id, ""),
                ANSWERS_IN_WORDS.get(stored.get(case.id, ""), "")
                if problem and stored.get(case.id) != shown.get(case.id)
                else "",
            )
            for case in audit.cases
        ],
        choices=list(ANSWERS_IN_WORDS.items()),
        seen=answers_digest(said),
        answered=len(stored),
        children=len(audit.cases),
        problem=problem,
    )


def _over_page() -> str:
    returns = requests_open_to(grants_in_cookie())
    return render_template(
        "survey/involvement/over.html",
        title="The audit has begun",
        text="What your agency said stays as it is."
        if returns
        else "What your agency said stays as it is. Nothing more is asked of you here.",
        returns=url_for("survey_contact.answering.show_returns") if returns else "",
    )


def _code_page(grant: Grant, form: SurveyForm) -> str:
    here = url_for(f"{_PAGES}.give_code", public_id=grant.public_id)
    return code_page(grant, form, here=here, send=url_for(f"{_PAGES}.send_code", public_id=grant.public_id))
