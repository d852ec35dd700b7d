"""The brief’s release page: the flags of the checks, their answers, and an executive’s approval."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.operations import (
    keep_brief_flags,
    propose_brief,
    release_brief,
    take_back_brief_answer,
)
from surveyapp.brief.pages import flag_places
from surveyapp.brief.pdf import overflow_sentences, typeset_brief
from surveyapp.brief.queries import brief_overview
from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.checks.proposals.models import BRIEF
from surveyapp.checks.proposals.release_page import ReleasePage
from surveyapp.checks.proposals.send_back_form import SendBackForm
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused


def show_brief_release(audit_id: int) -> ResponseReturnValue:
    """Show the flags of the checks, with forms to answer them, to ask for approval and to approve."""
    return _page(audit_id)


def answer_findings(audit_id: int) -> ResponseReturnValue:
    """Save answers to flags, or take one answer back."""
    return _RELEASE_PAGE.answer(audit_id)


def ask_for_brief_approval(audit_id: int) -> ResponseReturnValue:
    """Ask executives to approve the brief that the page showed."""
    return _RELEASE_PAGE.ask(audit_id)


def withdraw_brief_proposal(audit_id: int) -> ResponseReturnValue:
    """Take back the request for approval."""
    return _RELEASE_PAGE.withdraw(audit_id)


def approve_brief(audit_id: int) -> ResponseReturnValue:
    """Approve and release the brief in the name of the executive who is signed in."""
    return _RELEASE_PAGE.approve(audit_id)


def send_back_brief(audit_id: int) -> ResponseReturnValue:
    """Send the brief back to whoever asked for approval, with a reason."""
    return _RELEASE_PAGE.send_back(audit_id)


def _page(
    audit_id: int,
    *,
    reasons: dict[str, str] | None = None,
    sending_back: SendBackForm | None = None,
    refused: Refused | None = None,
) -> str:
    overview = brief_overview(audit_id, now=clock.now())
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


_RELEASE_PAGE = ReleasePage(
    document=BRIEF,
    endpoint="survey.brief.show_brief_release",
    page=_page,
    keep_flags=keep_brief_flags,
    take_back_answer=take_back_brief_answer,
    propose=propose_brief,
    release=release_brief,
)
