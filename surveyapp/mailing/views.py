"""The page Mail: every email, decisions on doubtful ones, and buttons to stop, resume and test mail."""

from datetime import datetime
from math import ceil
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.bounces.operations import mailbox_row
from surveyapp.foundation.bounces.queries import unsettled_bounces
from surveyapp.foundation.mail import circuit_breaker, outbox
from surveyapp.foundation.mail.chosen_transport import settings_to_set
from surveyapp.foundation.mail.clock_check import confirm_clock
from surveyapp.foundation.mail.restored_backup import confirm_restored_backup
from surveyapp.foundation.mail.status import mail_state
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, MAIL_STATES, Outbox
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.actor import ADMINISTRATOR
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import AddressField, posted_number
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.mailing import operations
from surveyapp.mailing.queries import (
    MESSAGES_ON_A_PAGE,
    PROBLEM_STATES,
    PROBLEMS,
    MailFilter,
    MailSubject,
    audits_and_agencies,
    links_ended_by_restore,
    mail_page,
    subjects_of,
)
from surveyapp.mailing.subjects import KIND_WORDS

bp = Blueprint("mail", __name__)

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
NOT_DELIVERED = "Noted: it counts as not delivered. Nobody is chased there until you correct the address."


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


@bp.post("/mail/bounces/<int:bounce_id>")
def settle_bounce(bounce_id: int) -> ResponseReturnValue:
    """Settle a report that an email was not delivered."""
    arrived = request.form.get("arrived") == "yes"
    with transaction():
        operations.settle(bounce_id, arrived=arrived, actor=acting_staff().name, now=clock.now())
    return _redirect_with_notice("Noted: the message counts as sent." if arrived else NOT_DELIVERED)


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


@bp.post("/mail/confirm-restore")
def confirm_restore() -> ResponseReturnValue:
    """Let sending, chasing and closing go on after a restored backup, with or without what is queued."""
    cancel = request.form.get("queued") == "cancel"
    with transaction():
        cancelled = confirm_restored_backup(cancel_queued=cancel, actor=acting_staff().name, now=clock.now())
    ended = f"{counted(cancelled, 'message')} cancelled. " if cancel else ""
    return _redirect_with_notice(f"{ended}Sending, chasing and closing go on.")


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
    state = mail_state(now)
    wanted, number = _wanted(), max(1, request.args.get("page", 1, type=int))
    shown = mail_page(wanted, page=number)
    audits, agencies = audits_and_agencies()
    return render_template(
        "survey/mail/mail.html",
        state=state,
        now=now,
        links_ended=links_ended_by_restore() if state.restored_backup_at else [],
        wanted=wanted,
        audits=audits,
        agencies=agencies,
        states=[
            (PROBLEMS, "Problems", sum(state.counts[name] for name in PROBLEM_STATES)),
            *((name, MAIL_STATE_WORDS[name], state.counts[name]) for name in MEANINGS),
        ],
        meanings=[
            (
                MAIL_STATE_WORDS[name],
                PUT_INTO_FOLDER if name == "sent" and settings().mail_folder else meaning,
            )
            for name, meaning in MEANINGS.items()
        ],
        rows=[_row(mail, about) for mail, about in shown.rows],
        bounces=_bounces(),
        bounce_trouble=_bounce_trouble(now),
        shown=shown,
        page=number,
        pages=max(1, ceil(shown.total / MESSAGES_ON_A_PAGE)),
        page_link=_page_link,
        receipts_link=_page_link(1, receipts="1"),
        form=form,
        errors=form.errors,
        to_set=settings_to_set() if ADMINISTRATOR in acting_staff().roles else "",
        per_minute=settings().mail_per_minute,
        folder=settings().mail_folder,
        # Only the standalone app has a page for the folder.
        folder_page=url_for(FOLDER_ENDPOINT) if FOLDER_ENDPOINT in current_app.view_functions else "",
    )


def _bounces() -> list[dict[str, Any]]:
    """The reports of non-delivery that wait for a person, each with what its email is about."""
    waiting = unsettled_bounces()
    subjects = subjects_of([bounce.mail for bounce in waiting])
    return [
        {"bounce": bounce, **_row(bounce.mail, subjects.get((bounce.mail.kind, bounce.mail.subject_id)))}
        for bounce in waiting
    ]


def _bounce_trouble(now: datetime) -> str:
    """Why the mailbox for bounces waits; empty if it does not, or if there is none."""
    row = mailbox_row() if settings().reads_bounces else None
    if row is None or row.paused_until is None:
        return ""
    again = f" It is tried again from {moment_in_words(row.paused_until)}." if row.paused_until > now else ""
    return f"The mailbox for emails that come back is not read: {row.reason}.{again}"


def _wanted() -> MailFilter:
    """The filter in the address; what it does not know is left open."""
    state = request.args.get("state", "")
    return MailFilter(
        audit_id=posted_number(request.args.get("audit")) or None,
        agency_id=posted_number(request.args.get("agency")) or None,
        state=state if state in {PROBLEMS, *MAIL_STATES} else "",
        receipts=request.args.get("receipts") == "1",
    )


def _page_link(number: int, **changed: str) -> str:
    """The address of another page of the same filter."""
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("audit", "agency", "state", "receipts")}
    return url_for("survey.mail.show_mail", **{**kept, **changed, "page": number if number > 1 else None})


def _row(mail: Outbox, about: MailSubject | None) -> dict[str, Any]:
    deferred = mail.state == "queued" and mail.attempts > 0
    reply = f"{mail.last_code} {mail.last_text}" if mail.last_code else mail.last_text
    return {
        "id": mail.id,
        "kind": KIND_WORDS.get(mail.kind, mail.kind.replace("_", " ").capitalize()),
        "to": mail.to_addr,
        "about": about,
        "href": _about_link(about),
        "state": mail.state,
        "words": "Deferred" if deferred else MAIL_STATE_WORDS[mail.state],
        "why": reply if mail.state != "sent" or mail.last_code is None else "",
        "at": mail.at,
        "next": mail.not_before if mail.state == "queued" else None,
        "attempts": mail.attempts,
        "can_send_again": mail.state in PROBLEM_STATES,
        "can_count_as_sent": mail.state == "doubtful",
    }


def _about_link(about: MailSubject | None) -> str:
    """The address of the request that an email is about, else of its audit."""
    if about is None:
        return ""
    if about.request_id is None:
        return url_for("survey.tracking.show_audit", audit_id=about.audit_id)
    return url_for("survey.tracking.show_request", audit_id=about.audit_id, request_id=about.request_id)
