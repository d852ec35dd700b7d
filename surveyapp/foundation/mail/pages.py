"""The mail page: the outbox, decisions on doubtful messages, and buttons to stop, resume and test mail."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.mail import circuit_breaker, outbox
from surveyapp.foundation.mail.clock_check import confirm_clock
from surveyapp.foundation.mail.status import mail_state
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, MAIL_STATES, Outbox
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import AddressField

bp = Blueprint("mail", __name__)

# The list shows only this many, the newest first.
MOST_SHOWN = 200
FOLDER_ENDPOINT = "mail_folder.list_letters"

# The meaning of each state; those that a person has to act on come first.
MEANINGS = {
    "doubtful": "Handed over, and no answer came. Nothing is repeated until you decide.",
    "failed": "Refused for good by the mail server, given up after days of trying, or came back.",
    "queued": "To be sent, or deferred and to be tried again.",
    "sending": "A worker has it in hand.",
    "sent": "Taken by the mail server.",
    "cancelled": "No longer due before it left: returned, withdrawn, closed, or the address changed.",
    "expired": "Its time had passed before it could leave.",
}

PUT_INTO_FOLDER = "Put into the folder."


class TestMessageForm(SurveyForm):
    """The address of a test message."""

    to = AddressField("Email address")


@bp.get("/mail")
def show_mail() -> ResponseReturnValue:
    """Show the state of mail, and the messages in one state or all."""
    return _page(TestMessageForm(formdata=None))


@bp.post("/mail/<int:mail_id>/send-again")
def send_again(mail_id: int) -> ResponseReturnValue:
    """Queue a doubtful or refused message again."""
    with transaction():
        outbox.send_again(mail_id, actor=acting_staff().name, now=clock.now())
    return _redirect_with_notice("The message is queued again.")


@bp.post("/mail/<int:mail_id>/treat-as-sent")
def treat_as_sent(mail_id: int) -> ResponseReturnValue:
    """Count a doubtful message as sent."""
    with transaction():
        outbox.treat_as_sent(mail_id, actor=acting_staff().name, now=clock.now())
    return _redirect_with_notice("The message counts as sent.")


@bp.post("/mail/pause")
def pause_mail() -> ResponseReturnValue:
    """Stop all mail."""
    with transaction():
        circuit_breaker.pause_mail(actor=acting_staff().name, now=clock.now())
    return _redirect_with_notice("Mail is stopped. What is queued stays queued.")


@bp.post("/mail/resume")
def resume_mail() -> ResponseReturnValue:
    """Let mail go on."""
    with transaction():
        circuit_breaker.resume_mail(actor=acting_staff().name, now=clock.now())
    return _redirect_with_notice("Mail goes on.")


@bp.post("/mail/confirm-date")
def confirm_date() -> ResponseReturnValue:
    """Accept the date as right, so that sending, chasing and closing go on."""
    with transaction():
        confirm_clock(actor=acting_staff().name, now=clock.now())
    return _redirect_with_notice("The date is confirmed. Sending, chasing and closing go on.")


@bp.post("/mail/test")
def send_test() -> ResponseReturnValue:
    """Queue a test message; if the server accepts it, waiting mail goes on."""
    form = TestMessageForm()
    if not form.validate():
        return _page(form), 422
    with transaction():
        outbox.send_test(form.to.data or "", now=clock.now())
    return _redirect_with_notice(
        "The test message is queued. Reload this page to see what the mail server says."
    )


def _redirect_with_notice(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("survey.mail.show_mail"), 303)


def _page(form: TestMessageForm) -> str:
    now = clock.now()
    state_name = request.args.get("state", "")
    state = mail_state(now)
    filters = [
        {
            "words": MAIL_STATE_WORDS[name],
            "meaning": PUT_INTO_FOLDER if name == "sent" and settings().mail_folder else meaning,
            "count": state.counts[name],
            "href": url_for("survey.mail.show_mail", state=name),
            "chosen": name == state_name,
        }
        for name, meaning in MEANINGS.items()
    ]
    messages = [
        _message_row(mail)
        for mail in outbox.newest_emails(MOST_SHOWN, state=state_name if state_name in MAIL_STATES else "")
    ]
    return render_template(
        "survey/mail/mail.html",
        state=state,
        now=now,
        filters=filters,
        wanted=state_name if state_name in MAIL_STATES else "",
        wanted_words=MAIL_STATE_WORDS.get(state_name, ""),
        messages=messages,
        total=state.counts[state_name] if state_name in MAIL_STATES else sum(state.counts.values()),
        form=form,
        errors=form.errors,
        per_minute=settings().mail_per_minute,
        folder=settings().mail_folder,
        # Only the standalone app has a page for the folder.
        folder_page=url_for(FOLDER_ENDPOINT) if FOLDER_ENDPOINT in current_app.view_functions else "",
    )


def _message_row(mail: Outbox) -> dict[str, Any]:
    deferred = mail.state == "queued" and mail.attempts > 0
    words = "Deferred" if deferred else MAIL_STATE_WORDS[mail.state]
    reply = f"{mail.last_code} {mail.last_text}" if mail.last_code else mail.last_text
    return {
        "id": mail.id,
        "kind": mail.kind.replace("_", " ").capitalize(),
        "to": mail.to_addr,
        "state": mail.state,
        "words": words,
        "why": reply if mail.state != "sent" or mail.last_code is None else "",
        "at": mail.at,
        "next": mail.not_before if mail.state == "queued" else None,
        "attempts": mail.attempts,
        "can_send_again": mail.state in ("doubtful", "failed"),
        "can_count_as_sent": mail.state == "doubtful",
    }
