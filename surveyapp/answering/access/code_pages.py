"""Pages for the emailed code, without which a browser shows nothing (promises P11, 3.6)."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.code_prompt import (
    check_code,
    code_page,
    code_prompt,
    needs_code,
    send_or_explain,
)
from surveyapp.answering.access.codes import send_first_code
from surveyapp.answering.access.contact_access import (
    MOST_CASES,
    CodeNeeded,
    is_proved,
    redirect_to,
    request_and_grant_held,
)
from surveyapp.answering.access.forms import CodeForm
from surveyapp.answering.access.typed_text import SENT_BY_PAGE
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import browser_id, grants_in_cookie
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.models import Grant

CODE_FIELD, SEND_CODE_FIELD = "proof-code", "proof-send"
_STEP = "survey_contact.answering."


def send_code_at_start(grant: Grant, *, now: datetime) -> None:
    """Send the first code as Start is pressed, if this browser needs one."""
    if needs_code(grant):
        send_first_code(grant, browser_id(), now=now)


def code_page_url(public_id: str, *, next_view: str = "") -> str:
    """Address of the page for the code; `next_view` is the page of the request to show after it."""
    return url_for(f"{_STEP}show_proving", public_id=public_id, next=next_view or None)


def show_proving(public_id: str) -> ResponseReturnValue:
    """Show the box for the code, or how to get one. Opening this page sends nothing."""
    audit_request, grant = request_and_grant_held(public_id)
    if is_proved(audit_request, by=grant):
        return _redirect_to_wanted_page(public_id)
    return _page(public_id, grant, CodeForm(formdata=None, prefix="proof-"))


def prove(public_id: str) -> ResponseReturnValue:
    """Check the code, and redirect to the page that was wanted."""
    form = CodeForm(prefix="proof-")
    with transaction():
        audit_request, grant = request_and_grant_held(public_id)
        proved = is_proved(audit_request, by=grant) or check_code(grant, form)
        page = "" if proved else _page(public_id, grant, form)
    return _redirect_to_wanted_page(public_id) if proved else (page, 422)


def send_another(public_id: str) -> ResponseReturnValue:
    """Send a code, or another one, because a person pressed the button."""
    form = CodeForm(formdata=None, prefix="proof-")
    with transaction():
        audit_request, grant = request_and_grant_held(public_id)
        if is_proved(audit_request, by=grant):
            return _redirect_to_wanted_page(public_id)
        refused = send_or_explain(grant, form)
        page = _page(public_id, grant, form) if refused else ""
    return (page, refused) if refused else redirect(_current_code_page_url(public_id), 303)


def code_needed(error: CodeNeeded) -> ResponseReturnValue:
    """Redirect to the page for the code, or show the box with the typed text, which is then posted again."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if _is_field_of_page(name)]
    if not any(text.strip() for name, text in fields if name not in SENT_BY_PAGE):
        next_view = (request.endpoint or "").removeprefix(_STEP)
        return redirect(code_page_url(error.public_id, next_view=next_view), 303)
    again = url_for(request.endpoint or "", **(request.view_args or {}))
    page = render_template(
        "survey/answering/access/code_for_text.html",
        again=again,
        typed=fields,
        ours=SENT_BY_PAGE,
        code=code_prompt(error.public_id),
        errors=_problem(),
    )
    return page, error.status


def _is_field_of_page(name: str) -> bool:
    return name not in {"csrf_token", CODE_FIELD, SEND_CODE_FIELD}


def take_code() -> None:
    """Check a code that came with a page of text, before the page's own view asks whether it was given."""
    has_code_field = CODE_FIELD in request.form or SEND_CODE_FIELD in request.form
    if request.method != "POST" or not has_code_field or request.endpoint in _OWN_PAGES:
        return
    form = CodeForm(prefix="proof-")
    # If the page is not found or the database is unavailable, the view says so and keeps the text.
    with suppress(NotFound, CouldNotSave), transaction():
        held = [request_and_grant_held(public_id) for public_id in _cases_of_page()]
        grant = next((grant for asked, grant in held if not is_proved(asked, by=grant)), None)
        if grant is None:
            return
        if SEND_CODE_FIELD in request.form:
            send_or_explain(grant, form)
        else:
            check_code(grant, form)
        g.survey_code_form = form


def _cases_of_page() -> list[str]:
    """The public ids of the cases that the posted page is about: one in its address, or several ticked.

    If none is ticked, the first case of this browser's links, whose code is asked for then.
    """
    public_id = (request.view_args or {}).get("public_id", "")
    ticked = [public_id] if public_id else list(dict.fromkeys(request.form.getlist("child")[:MOST_CASES]))
    return ticked or [each.public_id for each in requests_open_to(grants_in_cookie())[:1]]


_OWN_PAGES = {f"{_STEP}prove", f"{_STEP}send_another"}


def _problem() -> Mapping[str, object]:
    form: CodeForm | None = g.get("survey_code_form")
    return form.errors if form is not None else {}


def _page(public_id: str, grant: Grant, form: CodeForm) -> str:
    send = url_for(f"{_STEP}send_another", public_id=public_id, next=request.args.get("next"))
    return code_page(grant, form, here=_current_code_page_url(public_id), send=send)


def _current_code_page_url(public_id: str) -> str:
    return code_page_url(public_id, next_view=request.args.get("next", ""))


def _redirect_to_wanted_page(public_id: str) -> ResponseReturnValue:
    """Redirect to the page of this request that was wanted, or to the list of returns."""
    next_view = request.args.get("next", "")
    pages = {
        rule.endpoint.removeprefix(_STEP)
        for rule in current_app.url_map.iter_rules()
        if rule.endpoint.startswith(_STEP)
        and rule.arguments == {"public_id"}
        and "GET" in (rule.methods or ())
    }
    if next_view in pages - {"show_proving"}:
        return redirect_to(next_view, public_id)
    return redirect(url_for(f"{_STEP}show_returns"), 303)
