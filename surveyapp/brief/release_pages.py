"""Answering the flags of a brief, and releasing it."""

from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.forms import BriefForm
from surveyapp.brief.operations import (
    keep_brief_flags,
    release_brief,
    take_back_brief_answer,
)
from surveyapp.brief.pages import brief_form, brief_page
from surveyapp.brief.queries import brief_overview
from surveyapp.checks.approver_form import ApproverForm, posted_reasons
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit


def answer_findings(audit_id: int) -> ResponseReturnValue:
    """Store answers to flags, delete one answer, or release the brief."""
    session.get_one(Audit, audit_id)
    now, form = clock.now(), ApproverForm()
    if "take-back" in request.form:
        return _take_back(audit_id, clean_text(request.form["take-back"]), now=now)
    reasons = {clean_text(name): clean_text(reason) for name, reason in posted_reasons(request.form).items()}
    if not form.validate():
        return _page_with_input(audit_id, form, reasons, now=now), 422
    approver_and_actor = {"approver": form.approver.data or "", "actor": acting_staff().name}
    releases = request.form.get("next-step") == "release"
    try:
        # Answers are stored even if the release is then refused, so that they need no retyping.
        with transaction():
            answered = keep_brief_flags(audit_id, reasons, **approver_and_actor, now=now)
        if releases:
            with transaction():
                release_brief(audit_id, seen=form.content.data or "", **approver_and_actor, now=now)
    except Refused as error:
        return _page_with_input(audit_id, form, reasons, now=now, refused=error), error.status
    message = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    flash("The brief is released." if releases else message if answered else _NOTHING_KEPT, "success")
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id, _anchor="checks"), 303)


_NOTHING_KEPT = "No reason was given, so nothing is kept."


def _take_back(audit_id: int, mark: str, *, now: datetime) -> ResponseReturnValue:
    with transaction():
        is_taken_back = take_back_brief_answer(audit_id, mark[:64], actor=acting_staff().name, now=now)
    flash("The answer is taken back." if is_taken_back else "There was no answer.", "success")
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id, _anchor="checks"), 303)


def _page_with_input(
    audit_id: int,
    approving: ApproverForm,
    reasons: dict[str, str],
    *,
    now: datetime,
    refused: Refused | None = None,
) -> str:
    """The page again, with what was typed and why it was refused."""
    overview = brief_overview(audit_id, now=now)
    form = brief_form(overview, BriefForm(formdata=None))
    form.show(overview.written, overview.shown, overview.version)
    return brief_page(overview, form, approving=approving, reasons=reasons, refused=refused)
