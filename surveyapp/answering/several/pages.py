"""Pages that say the same about several cases: not involved, more time, or one question about all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.contact_access import (
    MOST_CASES,
    CodeNeeded,
    LinkNeeded,
    authorised_request,
    is_proved,
    redirect_to,
)
from surveyapp.answering.access.notice import Notice
from surveyapp.answering.access.typed_text import typed_text
from surveyapp.answering.enquiries.operations import (
    LONGEST_ENQUIRY,
    EnquiryContent,
    EnquiryKind,
    TooManyEnquiries,
    UnusableDueDay,
    make_enquiry_about_several,
)
from surveyapp.answering.returns.operations import SaveOutcome, takes_answers
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.queries import return_of
from surveyapp.answering.several.forms import (
    WAYS,
    ChoiceForm,
    SeveralQuestionForm,
    SeveralTimeForm,
    nil_form,
    reason_field,
)
from surveyapp.answering.several.operations import NilReturn, return_nil_for_several
from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import grants_in_cookie
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.models import AuditRequest


@dataclass(frozen=True)
class Chosen:
    """The cases ticked, of one link, and those left out because they cannot be answered like this."""

    requests: tuple[AuditRequest, ...]
    left_out: tuple[AuditRequest, ...]


def choose() -> ResponseReturnValue:
    """The page for what was chosen on the list; else the choice again, with what is missing."""
    way, public_ids = request.args.get("do", ""), request.args.getlist("child")[:MOST_CASES]
    if not public_ids or way not in WAYS:
        return _choice_again(
            public_ids, "Tick the children first" if not public_ids else "Press one of the buttons"
        )
    chosen = _chosen(public_ids, way)
    if not chosen.requests:
        return _choice_again([], "Tick children that are still to be returned")
    return _show(way, chosen, _blank_form(way, chosen))


def not_involved() -> ResponseReturnValue:
    """Make the nil returns."""
    with transaction():
        chosen = _chosen(request.form.getlist("child")[:MOST_CASES], "nil", pressed=True)
        if not chosen.requests:
            return _choice_again([], "Tick children that are still to be returned")
        form = nil_form(chosen.requests)()
        if not form.check(chosen.requests):
            return _show("nil", chosen, form), 422
        nil_returns = [
            NilReturn(audit_request, form.reason_for(audit_request), _version_seen(audit_request))
            for audit_request in chosen.requests
        ]
        press = ButtonPress.from_form(request.form)
        outcomes = return_nil_for_several(
            nil_returns, press.submission_id, whereabouts=form.whereabouts.data or "", now=clock.now()
        )
        _say_outcomes(outcomes)
        is_over = not requests_open_to(grants_in_cookie())
    if is_over:
        # A colleague's link ends with the last case that was passed to them.
        return redirect_to("show_given_back", chosen.requests[0].public_id)
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


def ask_more_time() -> ResponseReturnValue:
    """Ask for more time for all of them."""
    form = SeveralTimeForm()
    return _ask("more_time", form, form.day)


def ask_question() -> ResponseReturnValue:
    """Ask one question about all of them."""
    return _ask("question", SeveralQuestionForm(), None)


def _ask(way: EnquiryKind, form: Any, wanted_on: Any) -> ResponseReturnValue:  # noqa: ANN401 — one of two forms, a day
    notice = None
    with transaction():
        chosen = _chosen(request.form.getlist("child")[:MOST_CASES], way)
        if not chosen.requests:
            return _choice_again([], "Tick children that are still to be returned")
        status = 422
        if form.validate():
            content = EnquiryContent(way, form.text.data or "", wanted_on)
            press = ButtonPress.from_form(request.form).submission_id
            try:
                make_enquiry_about_several(chosen.requests, content, press, now=clock.now())
            except UnusableDueDay as error:
                form.wanted_on.errors = [error.message]
            except TooManyEnquiries as error:
                text = f"{error.message} Nothing has been sent: your text is below."
                notice, status = Notice(text, error.way_on), error.status
            else:
                what = "Your question" if way == "question" else "What you ask"
                about = list_in_words([each.case.pseudonym for each in chosen.requests])
                flash(
                    f"{what} about {about} goes to {settings().contact_name} in one email. You get an email "
                    "when there is an answer, which then stands on the page of each child.",
                    "success",
                )
                return redirect(url_for("survey_contact.answering.show_returns"), 303)
        return _show(way, chosen, form, notice=notice), status


def expired_several_page(view: str) -> ResponseReturnValue:
    """The page with what was typed, when it had been open too long; nothing is stored.

    If none of its cases can be answered like this any more, the choice of the cases, with the text.
    """
    way = {"several_not_involved": "nil", "several_more_time": "more_time"}.get(view, "question")
    chosen = _chosen(request.form.getlist("child")[:MOST_CASES], way)
    if not chosen.requests:
        mistake = "This page had been open too long. Tick children that are still to be returned"
        return _choice_again([], mistake, status=400)
    form = _form_class(way, chosen)()
    notice = Notice("This page had been open too long. Nothing has been sent yet.", "Press the button again.")
    return _show(way, chosen, form, notice=notice), 400


def _chosen(public_ids: Sequence[str], way: str, *, pressed: bool = False) -> Chosen:
    """The ticked cases of the first one's link. Raises what `authorised_request` raises, for any of them.

    A case is left out where it is returned, unless this page has just returned it (`pressed`), or closed, or
    where another link holds it, or where a nil return is for whoever passed it on.
    """
    requests: list[AuditRequest] = []
    left_out: list[AuditRequest] = []
    now = clock.now()
    for audit_request in [authorised_request(public_id) for public_id in dict.fromkeys(public_ids)]:
        audit_return = return_of(audit_request)
        delegation = audit_request.open_delegation
        is_returned = audit_return is not None and audit_return.has_returned
        fits = (
            takes_answers(audit_request, audit_return, now=now)
            and (pressed or not is_returned)
            and not (way == "nil" and delegation is not None and delegation.sends_back)
            and (not requests or audit_request.grant_id == requests[0].grant_id)
        )
        (requests if fits else left_out).append(audit_request)
    return Chosen(tuple(requests), tuple(left_out))


def _version_seen(audit_request: AuditRequest) -> int:
    text = request.form.get(f"seen-version-{audit_request.public_id}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 — nine digits


def _say_outcomes(outcomes: Sequence[tuple[AuditRequest, SaveOutcome]]) -> None:
    def named(kind: str) -> list[str]:
        return [each.case.pseudonym for each, outcome in outcomes if outcome.kind == kind]

    if named("nil"):
        flash(
            f"Returned as not involved: {list_in_words(named('nil'))}. You get one receipt for all of them.",
            "success",
        )
    for case in named("clash"):
        flash(f"{case} was saved or returned in another place meanwhile, and is as it was. Open it to look.")
    for case in named("late"):
        flash(f"Returns closed before you pressed: {case} does not count as returned.")


def _form_class(way: str, chosen: Chosen) -> Any:  # noqa: ANN401 — one of three forms
    if way == "nil":
        return nil_form(chosen.requests)
    return SeveralTimeForm if way == "more_time" else SeveralQuestionForm


def _blank_form(way: str, chosen: Chosen) -> Any:  # noqa: ANN401 — one of three forms
    return _form_class(way, chosen)(formdata=None)


def _show(way: str, chosen: Chosen, form: Any, *, notice: Notice | None = None) -> str:  # noqa: ANN401 — one of three forms
    versions = {each.public_id: return_of(each) for each in chosen.requests}
    return render_template(
        f"survey/answering/several/{way}.html",
        chosen=chosen,
        form=form,
        press=ButtonPress.from_form(request.form) if request.method == "POST" else ButtonPress.fresh(None),
        versions={public_id: each.version if each else 0 for public_id, each in versions.items()},
        own_reasons=[getattr(form, reason_field(each)) for each in chosen.requests] if way == "nil" else [],
        limit=LONGEST_ENQUIRY,
        notice=notice,
        errors=form.errors,
    )


def _choice_again(public_ids: Sequence[str], mistake: str, *, status: int = 422) -> ResponseReturnValue:
    """The choice of the cases by itself, with what is missing and any text that was typed.

    Raises LinkNeeded for a browser without a link, CodeNeeded where no code has been given.
    """
    held = requests_open_to(grants_in_cookie())
    if not held:
        raise LinkNeeded
    requests = [audit_request for audit_request in held if is_proved(audit_request)]
    if not requests:
        raise CodeNeeded(held[0].public_id)
    form = ChoiceForm(formdata=None, data={"child": public_ids}).offering(_outstanding(requests))
    form.child.errors = [mistake]
    return render_template(
        "survey/answering/several/choice.html", form=form, ways=WAYS, typed=typed_text(), errors=form.errors
    ), status


def _outstanding(requests: Sequence[AuditRequest]) -> list[AuditRequest]:
    now = clock.now()
    return [
        each
        for each in requests
        if takes_answers(each, kept := return_of(each), now=now) and not (kept and kept.has_returned)
    ]
