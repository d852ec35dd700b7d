"""The box for the code, on a page whose text has not been stored yet."""

from dataclasses import dataclass

from flask import g, render_template

from surveyapp.answering.access.codes import TooManyCodes, newest_usable_code, send_code, try_code
from surveyapp.answering.access.contact_access import is_proved, request_and_grant_held
from surveyapp.answering.access.forms import CodeForm
from surveyapp.answering.access.pasted_link import grants_with_pasted_link, use_pasted_link
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import browser_id, proved_grants, remember_code_proof
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import Grant


@dataclass(frozen=True)
class CodePrompt:
    """The box for the code on a page with text: its form, and the masked address if a code was sent."""

    form: CodeForm
    sent_to: str = ""

    @property
    def error(self) -> str:
        """The error beside the box, or an empty string."""
        return str(self.form.code.errors[0]) if self.form.code.errors else ""


def code_prompt(public_id: str, *, may_send: bool = True) -> CodePrompt | None:
    """The box for the code, for a page whose text has not been stored; None if no code is needed.

    With `may_send`, sends a code unless this browser has a usable one, since a person pressed the page's
    button, and keeps a link pasted on the page.
    """
    form: CodeForm = g.get("survey_code_form") or CodeForm(formdata=None, prefix="proof-")
    try:
        with transaction():
            held, pasted = grants_with_pasted_link() if may_send else (None, None)
            audit_request, grant = request_and_grant_held(public_id, held)
            if is_proved(audit_request, by=grant):
                return None
            now = clock.now()
            keep_link = use_pasted_link(pasted, now=now)
            code = newest_usable_code(grant, browser_id(), now=now)
            if code is None and may_send and not form.code.errors:
                send_or_explain(grant, form)
                code = newest_usable_code(grant, browser_id(), now=now)
            prompt = CodePrompt(form, sent_to=masked_address(grant) if code else "")
    except CouldNotSave as error:
        form.code.errors = [f"{error.message} Press the button in a moment"]
        return CodePrompt(form)
    except NotFound:
        return None
    keep_link()
    return prompt


def needs_code(grant: Grant) -> bool:
    """Whether the audit asks for a code that this browser has not given for this link."""
    return grant.audit.asks_for_code and proved_grants().get(grant.public_id) != grant.version


def code_form(*, posted: bool) -> CodeForm:
    """The box for the code: as posted, or empty."""
    return CodeForm(prefix="proof-") if posted else CodeForm(formdata=None, prefix="proof-")


def check_code(grant: Grant, form: CodeForm) -> bool:
    """Whether the typed code is right; if not, the form's error says how many tries are left."""
    if not form.validate():
        return False
    code_try = try_code(grant, browser_id(), form.code.data or "", now=clock.now())
    if code_try.is_right:
        remember_code_proof(grant.public_id, grant.version)
        return True
    if code_try.left:
        words = f"use the newest email. You have {counted(code_try.left, 'try', 'tries')} left"
        form.code.errors = [f"This code is not right, or is older than 10 minutes: {words}"]
    else:
        form.code.errors = ["This code is not right, or cannot be used any more: send another code"]
    return False


def send_or_explain(grant: Grant, form: CodeForm) -> int:
    """Send a code. Returns 0, or the HTTP status of a refusal, whose words are put into the form."""
    try:
        send_code(grant, browser_id(), now=clock.now())
    except TooManyCodes as error:
        form.code.errors = [f"{error.message} Or ring {settings().contact_telephone}"]
        return error.status
    form.code.errors = []
    return 0


def code_page(grant: Grant, form: SurveyForm, *, here: str, send: str) -> str:
    """The page that asks a contact for a code; the code is posted to `here`, and `send` sends another."""
    code = newest_usable_code(grant, browser_id(), now=clock.now())
    return render_template(
        "survey/answering/access/prove.html",
        form=form,
        errors=form.errors,
        audit=grant.audit,
        sent_to=masked_address(grant) if code else "",
        address=masked_address(grant),
        here=here,
        send=send,
    )


def masked_address(grant: Grant) -> str:
    """The address on record, shortened so that only its owner recognises it: au…@police.example."""
    name, _, host = grant.contact.email.rpartition("@")
    return f"{name[: min(2, len(name) - 1)]}…@{host}"
