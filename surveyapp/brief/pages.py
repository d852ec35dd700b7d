"""The page of an audit's brief: its blocks, its picture, what the checks found, its release, its files."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.brief import Brief
from surveyapp.brief.export import PDF, POWERPOINT, export_brief
from surveyapp.brief.forms import BriefForm
from surveyapp.brief.operations import (
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
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

# The field in which a block's words are changed; what is not here comes from the audit.
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
    """Show the brief: the page as it will print, its blocks to fill, and what the checks found."""
    picture = brief_overview(audit_id, now=clock.now())
    form = _form(picture, BriefForm(formdata=None))
    form.show(picture.written, picture.shown, picture.version)
    return _page(picture, form)


def save_brief(audit_id: int) -> ResponseReturnValue:
    """Keep what was written into the brief."""
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
    except EditConflict as error:
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
    """Give the page as a picture, also where it is over-full."""
    drawn = typeset_brief(current_brief(audit_id, now=clock.now()), picture=True).picture
    return file_response(drawn, "image/png", "brief.png", as_attachment=False)


def brief_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Give the brief as it stands as a PDF."""
    return _file(audit_id, PDF, now=clock.now())


def brief_as_slide(audit_id: int) -> ResponseReturnValue:
    """Give the brief as it stands as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now())


def released_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Give the public version as a PDF."""
    return _file(audit_id, PDF, now=clock.now(), page=released_brief(audit_id))


def released_as_slide(audit_id: int) -> ResponseReturnValue:
    """Give the public version as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now(), page=released_brief(audit_id))


def _file(audit_id: int, ending: str, *, now: datetime, page: Brief | None = None) -> ResponseReturnValue:
    made = export_brief(audit_id, ending, page=page, actor=acting_staff().name, now=now)
    return file_response(made.file, made.mimetype, made.name)


def answer_findings(audit_id: int) -> ResponseReturnValue:
    """Answer findings of the checks, take one answer back, or approve and release."""
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
        # Answers are kept also where the release is refused, so that what the page counts is true.
        with transaction():
            answered = keep_brief_flags(audit_id, reasons, **who, now=now)
        if releases:
            with transaction():
                release_brief(audit_id, seen=form.content.data or "", **who, now=now)
    except Refused as error:
        return _page_with_input(audit_id, form, reasons, now=now, refused=error), error.status
    said = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    flash("The brief is released." if releases else said if answered else _NOTHING_KEPT, "success")
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id, _anchor="checks"), 303)


_NOTHING_KEPT = "No reason was given, so nothing is kept."


def _take_back(audit_id: int, mark: str, *, now: datetime) -> ResponseReturnValue:
    with transaction():
        taken = take_back_brief_answer(audit_id, mark[:64], actor=acting_staff().name, now=now)
    flash("The answer is taken back." if taken else "There was no answer.", "success")
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id, _anchor="checks"), 303)


def _form(picture: BriefOverview, form: BriefForm) -> BriefForm:
    form.offer(
        [(each.id, f"{each.number}. {each.name}") for each in chartable_questions(picture.audit)],
        [(each.id, each.name) for each in picture.library],
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
    """The page once more, with what was typed below it and why it was not done."""
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
        last = [each.kept.approver for each in picture.findings if each.kept]
        approver.approver.data = picture.release.approver if picture.release else (last or [""])[-1]
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
            each.mark: f"#{_FIELDS[each.flag.block]}"
            for each in picture.findings
            if each.flag.block in _FIELDS
        },
        groups=flags_by_check(picture.findings),
    )
