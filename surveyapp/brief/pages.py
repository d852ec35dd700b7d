"""The page on which a brief is written, with a picture of it and the flags of its checks."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.brief import Brief
from surveyapp.brief.export import PDF, POWERPOINT, export_brief
from surveyapp.brief.forms import BriefForm
from surveyapp.brief.operations import (
    BriefChanged,
    keep_brief_flags,
    release_brief,
    save_brief_draft,
    take_back_brief_answer,
)
from surveyapp.brief.pdf import overflow_sentences, typeset_brief
from surveyapp.brief.queries import (
    BriefOverview,
    brief_overview,
    chartable_questions,
    current_brief,
    released_brief,
)
from surveyapp.checks.approver_form import ApproverForm, posted_reasons
from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

# The field in which each block is changed; other blocks come from the audit.
_FIELDS = {
    "about": "cohort",
    "worries": "worries",
    "good-practice": "good_practice",
    "theme-1": "theme_1",
    "theme-2": "theme_2",
    "pair-1": "pair_1_found",
    "pair-2": "pair_2_found",
    "callouts": "callouts",
}


def show_brief(audit_id: int) -> ResponseReturnValue:
    """Show the brief as it will print, its form, and the flags of its checks."""
    picture = brief_overview(audit_id, now=clock.now())
    form = _form(picture, BriefForm(formdata=None))
    form.show(picture.written, picture.shown, picture.version)
    return _page(picture, form)


def save_brief(audit_id: int) -> ResponseReturnValue:
    """Save the text of the brief."""
    now = clock.now()
    picture = brief_overview(audit_id, now=now)
    form = _form(picture, BriefForm())
    if not form.validate():
        return _page(picture, form), 422
    try:
        with transaction():
            save_brief_draft(
                audit_id,
                form.written(),
                form.chosen_resources,
                seen=form.version_seen,
                actor=acting_staff().name,
                now=now,
            )
    except BriefChanged as error:
        picture = brief_overview(audit_id, now=now)
        form.seen.data = str(picture.version)
        return _page(picture, form, refused=error), error.status
    flash("The brief is saved.", "success")
    if form.gone_resources:
        gone = counted(form.gone_resources, "resource")
        are = "is" if form.gone_resources == 1 else "are"
        flash(
            f"{gone} you chose {are} no longer in the library: the brief does not show what is gone.",
            "refused",
        )
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id), 303)


def show_brief_picture(audit_id: int) -> ResponseReturnValue:
    """Answer with a picture of the page, even of one that is too long."""
    picture = typeset_brief(current_brief(audit_id, now=clock.now()), picture=True).picture
    return file_response(picture, "image/png", "brief.png", as_attachment=False)


def brief_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Download the current brief as a PDF."""
    return _file(audit_id, PDF, now=clock.now())


def brief_as_slide(audit_id: int) -> ResponseReturnValue:
    """Download the current brief as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now())


def released_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Download the public version as a PDF."""
    return _file(audit_id, PDF, now=clock.now(), page=released_brief(audit_id))


def released_as_slide(audit_id: int) -> ResponseReturnValue:
    """Download the public version as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now(), page=released_brief(audit_id))


def _file(audit_id: int, ending: str, *, now: datetime, page: Brief | None = None) -> ResponseReturnValue:
    export = export_brief(audit_id, ending, page=page, actor=acting_staff().name, now=now)
    return file_response(export.file, export.mimetype, export.name)


def answer_findings(audit_id: int) -> ResponseReturnValue:
    """Store answers to flags, delete one answer, or release the brief."""
    session.get_one(Audit, audit_id)
    now, form = clock.now(), ApproverForm()
    if "take-back" in request.form:
        return _take_back(audit_id, clean_text(request.form["take-back"]), now=now)
    reasons = {clean_text(name): clean_text(reason) for name, reason in posted_reasons(request.form).items()}
    if not form.validate():
        return _page_with_input(audit_id, form, reasons, now=now), 422
    who = {"approver": form.approver.data or "", "actor": acting_staff().name}
    releases = request.form.get("next-step") == "release"
    try:
        # Answers are stored even if the release is then refused, so that they need no retyping.
        with transaction():
            answered = keep_brief_flags(audit_id, reasons, **who, now=now)
        if releases:
            with transaction():
                release_brief(audit_id, seen=form.content.data or "", **who, now=now)
    except Refused as error:
        return _page_with_input(audit_id, form, reasons, now=now, refused=error), error.status
    kept = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    flash("The brief is released." if releases else kept if answered else _NOTHING_KEPT, "success")
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id, _anchor="checks"), 303)


_NOTHING_KEPT = "No reason was given, so nothing is kept."


def _take_back(audit_id: int, mark: str, *, now: datetime) -> ResponseReturnValue:
    with transaction():
        taken = take_back_brief_answer(audit_id, mark[:64], actor=acting_staff().name, now=now)
    flash("The answer is taken back." if taken else "There was no answer.", "success")
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id, _anchor="checks"), 303)


def _form(picture: BriefOverview, form: BriefForm) -> BriefForm:
    form.offer(
        [
            (question.id, f"{question.number}. {question.name}")
            for question in chartable_questions(picture.audit)
        ],
        [(resource.id, resource.name) for resource in picture.library],
    )
    return form


def _page_with_input(
    audit_id: int,
    approving: ApproverForm,
    reasons: dict[str, str],
    *,
    now: datetime,
    refused: Refused | None = None,
) -> str:
    """The page again, with what was typed and why it was refused."""
    picture = brief_overview(audit_id, now=now)
    form = _form(picture, BriefForm(formdata=None))
    form.show(picture.written, picture.shown, picture.version)
    return _page(picture, form, approving=approving, reasons=reasons, refused=refused)


def _page(
    picture: BriefOverview,
    form: BriefForm,
    *,
    approving: ApproverForm | None = None,
    reasons: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    approver = approving or ApproverForm(formdata=None)
    if approving is None:
        approvers = [finding.kept.approver for finding in picture.findings if finding.kept]
        approver.approver.data = picture.release.approver if picture.release else (approvers or [""])[-1]
    approver.content.data = picture.content
    return render_template(
        "survey/brief/brief.html",
        audit=picture.audit,
        picture=picture,
        brief=picture.brief,
        form=form,
        approving=approver,
        errors=[*form.errors.items(), *approver.errors.items()],
        reasons=reasons or {},
        refused=refused,
        too_long=overflow_sentences(picture.brief, typeset_brief(picture.brief).fit),
        changes={
            finding.mark: f"#{_FIELDS[finding.flag.block]}"
            for finding in picture.findings
            if finding.flag.block in _FIELDS
        },
        groups=flags_by_check(picture.findings),
    )
