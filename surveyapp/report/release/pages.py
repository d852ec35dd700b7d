"""The report’s release page: the flags of the checks, their answers, approval and release."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.checks.approver_form import ApproverForm, posted_reasons
from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.checks.flags import Flag
from surveyapp.exports.export import file_name, record_export
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit
from surveyapp.report.queries import author_texts
from surveyapp.report.release.release import (
    ReportReview,
    draft_public_report,
    keep_report_flags,
    release_report,
    released_report,
    report_review,
    take_back_report_answer,
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
    """Show the flags of the checks, with a form to answer them and to approve the report."""
    return _page(report_review(audit_id, now=clock.now()))


def answer_report_findings(audit_id: int) -> ResponseReturnValue:
    """Save answers to flags, take one answer back, or approve and release the report."""
    session.get_one(Audit, audit_id)
    now, form, actor = clock.now(), ApproverForm(), acting_staff().name
    if "take-back" in request.form:
        with transaction():
            mark = clean_text(request.form["take-back"])[:_LONGEST_MARK]
            is_taken_back = take_back_report_answer(audit_id, mark, actor=actor, now=now)
        return _back(audit_id, "The answer is taken back." if is_taken_back else "There was no answer.")
    reasons = {clean_text(name): clean_text(reason) for name, reason in posted_reasons(request.form).items()}
    if not form.validate():
        return _page(report_review(audit_id, now=now), form, reasons=reasons), 422
    approver, releases = form.approver.data or "", request.form.get("next-step") == "release"
    try:
        # Answers are saved even if the release is refused, so that the page’s count is right.
        with transaction():
            answered = keep_report_flags(audit_id, reasons, approver=approver, actor=actor, now=now)
        if releases:
            seen = request.form.get("content", "")
            with transaction():
                release_report(audit_id, approver=approver, seen=seen, actor=actor, now=now)
    except Refused as error:
        return _page(report_review(audit_id, now=now), form, reasons=reasons, refused=error), error.status
    answers_kept = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    message = answers_kept if answered else "No reason was given, so nothing is kept."
    return _back(audit_id, "The report is released." if releases else message)


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
    approving: ApproverForm | None = None,
    *,
    reasons: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    form = approving or ApproverForm(formdata=None)
    if approving is None:
        approvers = [flag.kept.approver for flag in review.findings if flag.kept]
        form.approver.data = review.release.approver if review.release else (approvers or [""])[-1]
    return render_template(
        "survey/report/release.html",
        audit=review.audit,
        found=review,
        approving=form,
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
