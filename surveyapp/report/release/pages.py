"""The report’s release page: the flags of the checks, their answers, and an executive’s approval."""

from collections.abc import Callable

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.checks.flags import Flag
from surveyapp.checks.proposals.models import REPORT
from surveyapp.checks.proposals.release_page import ReleasePage
from surveyapp.checks.proposals.send_back_form import SendBackForm
from surveyapp.exports.export import file_name, record_export
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response
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
    take_back_report_answer,
)

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
    return _page(audit_id)


def answer_report_findings(audit_id: int) -> ResponseReturnValue:
    """Save answers to flags, or take one answer back."""
    return _RELEASE_PAGE.answer(audit_id)


def ask_for_report_approval(audit_id: int) -> ResponseReturnValue:
    """Ask executives to approve the report that the page showed."""
    return _RELEASE_PAGE.ask(audit_id)


def withdraw_report_proposal(audit_id: int) -> ResponseReturnValue:
    """Take back the request for approval."""
    return _RELEASE_PAGE.withdraw(audit_id)


def approve_report(audit_id: int) -> ResponseReturnValue:
    """Approve and release the report in the name of the executive who is signed in."""
    return _RELEASE_PAGE.approve(audit_id)


def send_back_report(audit_id: int) -> ResponseReturnValue:
    """Send the report back to whoever asked for approval, with a reason."""
    return _RELEASE_PAGE.send_back(audit_id)


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


def _page(
    audit_id: int,
    *,
    reasons: dict[str, str] | None = None,
    sending_back: SendBackForm | None = None,
    refused: Refused | None = None,
) -> str:
    review = report_review(audit_id, now=clock.now())
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


_RELEASE_PAGE = ReleasePage(
    document=REPORT,
    endpoint="survey.report.show_report_release",
    page=_page,
    keep_flags=keep_report_flags,
    take_back_answer=take_back_report_answer,
    propose=propose_report,
    release=release_report,
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
