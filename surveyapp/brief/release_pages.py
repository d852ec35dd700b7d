"""The brief’s release page: the flags of the checks, their answers, and an executive’s approval."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.operations import (
    keep_brief_flags,
    propose_brief,
    release_brief,
    send_brief_back,
    take_back_brief_answer,
    withdraw_brief,
)
from surveyapp.brief.pages import flag_places
from surveyapp.brief.pdf import overflow_sentences, typeset_brief
from surveyapp.brief.queries import BriefOverview, brief_overview
from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.checks.posted_reasons import posted_reasons
from surveyapp.checks.proposals.send_back_form import SendBackForm
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

_LONGEST_MARK = 64


def show_brief_release(audit_id: int) -> ResponseReturnValue:
    """Show the flags of the checks, with forms to answer them, to ask for approval and to approve."""
    return _page(brief_overview(audit_id, now=clock.now()))


def answer_findings(audit_id: int) -> ResponseReturnValue:
    """Save answers to flags, or take one answer back."""
    session.get_one(Audit, audit_id)
    acting = actor_and_now()
    if "take-back" in request.form:
        with transaction():
            mark = clean_text(request.form["take-back"])[:_LONGEST_MARK]
            is_taken_back = take_back_brief_answer(audit_id, mark, **acting)
        return _back(audit_id, "The answer is taken back." if is_taken_back else "There was no answer.")
    reasons = posted_reasons(request.form)
    try:
        with transaction():
            answered = keep_brief_flags(audit_id, reasons, **acting)
    except Refused as error:
        return _refused(audit_id, error, reasons=reasons)
    answers_kept = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    return _back(audit_id, answers_kept if answered else "No reason was given, so nothing is kept.")


def ask_for_brief_approval(audit_id: int) -> ResponseReturnValue:
    """Ask executives to approve the brief that the page showed."""
    return _press(
        audit_id,
        lambda: propose_brief(audit_id, seen=_content_seen(), **actor_and_now()),
        done="Approval is asked for. An executive sees it under “Needs you today”.",
    )


def withdraw_brief_proposal(audit_id: int) -> ResponseReturnValue:
    """Take back the request for approval."""
    return _press(
        audit_id,
        lambda: withdraw_brief(audit_id, **actor_and_now()),
        done="Nobody is asked for approval any more.",
    )


def approve_brief(audit_id: int) -> ResponseReturnValue:
    """Approve and release the brief in the name of the executive who is signed in."""
    return _press(
        audit_id,
        lambda: release_brief(audit_id, seen=_content_seen(), roles=acting_staff().roles, **actor_and_now()),
        done="The brief is released.",
    )


def send_back_brief(audit_id: int) -> ResponseReturnValue:
    """Send the brief back to whoever asked for approval, with a reason."""
    form = SendBackForm()
    if not form.validate():
        return _page(brief_overview(audit_id, now=clock.now()), sending_back=form), 422
    return _press(
        audit_id,
        lambda: send_brief_back(
            audit_id, reason=form.reason.data or "", roles=acting_staff().roles, **actor_and_now()
        ),
        done="The brief is sent back, with your reason.",
    )


def _content_seen() -> str:
    return request.form.get("content", "")


def _press(audit_id: int, operation: Callable[[], object], *, done: str) -> ResponseReturnValue:
    """Do what somebody pressed and go back to the page; the page again, with the reason, if it is refused."""
    try:
        with transaction():
            operation()
    except Refused as error:
        return _refused(audit_id, error)
    return _back(audit_id, done)


def _back(audit_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("survey.brief.show_brief_release", audit_id=audit_id), 303)


def _refused(audit_id: int, error: Refused, *, reasons: dict[str, str] | None = None) -> ResponseReturnValue:
    return _page(brief_overview(audit_id, now=clock.now()), reasons=reasons, refused=error), error.status


def _page(
    overview: BriefOverview,
    *,
    reasons: dict[str, str] | None = None,
    sending_back: SendBackForm | None = None,
    refused: Refused | None = None,
) -> str:
    form = sending_back or SendBackForm(formdata=None)
    page = url_for("survey.brief.show_brief", audit_id=overview.audit.id)
    return render_template(
        "survey/brief/release.html",
        audit=overview.audit,
        found=overview,
        brief=overview.brief,
        sending_back=form,
        errors=form.errors,
        reasons=reasons or {},
        refused=refused,
        too_long=overflow_sentences(overview.brief, typeset_brief(overview.brief).fit),
        groups=flags_by_check(overview.findings),
        changes={mark: f"{page}#{place}" for mark, place in flag_places(overview.findings).items()},
    )
