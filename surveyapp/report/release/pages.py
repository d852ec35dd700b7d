"""The report’s release page: the flags of the checks, their answers, and an executive’s approval."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.checks.flags import Flag
from surveyapp.checks.posted_reasons import posted_reasons
from surveyapp.checks.proposals.send_back_form import SendBackForm
from surveyapp.exports.export import file_name, record_export
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit
from surveyapp.report.queries import author_texts
from surveyapp.report.release.release import (
    ReportReview,
    draft_public_report,
    keep_report_flags,
    propose_report,
    release_report,
    released_report,
    report_review,
    send_report_back,
    take_back_report_answer,
    withdraw_report,
)

_LONGEST_MARK = 64
# The page on which the content of a section is changed, by the section's name. The author's own text has a
# page of its own.
_PAGES_BEHIND = {
    "terms": "survey.planning.change_audit",
    "sources": "survey.gathering.show_voices",
    "families": "survey.gathering.show_voices",
    "voices": "survey.gathering.show_voices",
    "conclusions": "survey.concluding.show_conclusions",
    "recommendations": "survey.concluding.show_conclusions",
    "findings": "survey.concluding.show_action_plan",
    "actions": "survey.concluding.show_action_plan",
}


def show_report_release(audit_id: int) -> ResponseReturnValue:
    """Show the flags of the checks, with forms to answer them, to ask for approval and to approve."""
    return _page(report_review(audit_id, now=clock.now()))


def answer_report_findings(audit_id: int) -> ResponseReturnValue:
    """Save answers to flags, or take one answer back."""
    session.get_one(Audit, audit_id)
    acting = actor_and_now()
    if "take-back" in request.form:
        with transaction():
            mark = clean_text(request.form["take-back"])[:_LONGEST_MARK]
            is_taken_back = take_back_report_answer(audit_id, mark, **acting)
        return _back(audit_id, "The answer is taken back." if is_taken_back else "There was no answer.")
    reasons = posted_reasons(request.form)
    try:
        with transaction():
            answered = keep_report_flags(audit_id, reasons, **acting)
    except Refused as error:
        return _refused(audit_id, error, reasons=reasons)
    answers_kept = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    return _back(audit_id, answers_kept if answered else "No reason was given, so nothing is kept.")


def ask_for_report_approval(audit_id: int) -> ResponseReturnValue:
    """Ask executives to approve the report that the page showed."""
    return _press(
        audit_id,
        lambda: propose_report(audit_id, seen=_content_seen(), **actor_and_now()),
        done="Approval is asked for. An executive sees it under “Needs you today”.",
    )


def withdraw_report_proposal(audit_id: int) -> ResponseReturnValue:
    """Take back the request for approval."""
    return _press(
        audit_id,
        lambda: withdraw_report(audit_id, **actor_and_now()),
        done="Nobody is asked for approval any more.",
    )


def approve_report(audit_id: int) -> ResponseReturnValue:
    """Approve and release the report in the name of the executive who is signed in."""
    return _press(
        audit_id,
        lambda: release_report(audit_id, seen=_content_seen(), roles=acting_staff().roles, **actor_and_now()),
        done="The report is released.",
    )


def send_back_report(audit_id: int) -> ResponseReturnValue:
    """Send the report back to whoever asked for approval, with a reason."""
    form = SendBackForm()
    if not form.validate():
        session.get_one(Audit, audit_id)
        return _page(report_review(audit_id, now=clock.now()), sending_back=form), 422
    return _press(
        audit_id,
        lambda: send_report_back(
            audit_id, reason=form.reason.data or "", roles=acting_staff().roles, **actor_and_now()
        ),
        done="The report is sent back, with your reason.",
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


def _refused(audit_id: int, error: Refused, *, reasons: dict[str, str] | None = None) -> ResponseReturnValue:
    return _page(report_review(audit_id, now=clock.now()), reasons=reasons, refused=error), error.status


def released_report_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Send the public version as it was last released."""
    return _file(audit_id, released_report, called="public report")


def draft_report_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Send the public version as it would be released now."""
    return _file(
        audit_id, lambda audit_id: draft_public_report(audit_id, now=clock.now()), called="draft report"
    )


def _file(audit_id: int, content_of: Callable[[int], bytes], *, called: str) -> ResponseReturnValue:
    now, actor = clock.now(), acting_staff().name
    with transaction():
        audit = session.get_one(Audit, audit_id)
        name = file_name(audit, "pdf", called=called.replace(" ", "-"), now=now)
        content = content_of(audit_id)
    # A transaction of its own, which writes before it reads, so that no other save blocks it.
    with transaction():
        record_export(audit_id, f"{called} .pdf", actor=actor, now=now)
    return file_response(content, "application/pdf", name)


def _back(audit_id: int, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("survey.report.show_report_release", audit_id=audit_id), 303)


def _page(
    review: ReportReview,
    *,
    reasons: dict[str, str] | None = None,
    sending_back: SendBackForm | None = None,
    refused: Refused | None = None,
) -> str:
    form = sending_back or SendBackForm(formdata=None)
    return render_template(
        "survey/report/release.html",
        audit=review.audit,
        found=review,
        sending_back=form,
        errors=form.errors,
        reasons=reasons or {},
        refused=refused,
        threshold=settings().small_number,
        groups=flags_by_check(review.findings),
        changes=_changes(review),
    )


def _changes(review: ReportReview) -> dict[str, str]:
    """The page on which the text of each unanswered flag can be changed, by the flag's mark."""
    audit = review.audit
    author_words = {
        key: " ".join(author_text.text.split()).casefold() for key, author_text in author_texts(audit).items()
    }

    def page_of(flag: Flag) -> str:
        if " ".join(flag.wording.split()).casefold() in author_words.get(flag.section, ""):
            return url_for("survey.report.show_section", audit_id=audit.id, name=flag.section)
        kind, _, name = flag.section.partition("-")
        if kind == "finding":
            return url_for("survey.concluding.change_finding", audit_id=audit.id, finding_id=int(name))
        if kind == "narrative":
            return url_for("survey.gathering.write_narrative", audit_id=audit.id, name=name)
        if kind == "question":
            return url_for("survey.gathering.list_quotes", audit_id=audit.id)
        page = _PAGES_BEHIND.get(flag.section, "survey.report.change_details")
        return url_for(page, audit_id=audit.id)

    return {finding.mark: page_of(finding.flag) for finding in review.findings if finding.kept is None}
