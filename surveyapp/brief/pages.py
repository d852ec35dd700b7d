"""The page of an audit's brief: its blocks, its picture, what the checks found, its release, its files."""

import io
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief import library_pages as brief_library_pages
from surveyapp.brief.brief import Brief
from surveyapp.brief.export import PDF, POWERPOINT, brief_file
from surveyapp.brief.forms import ApproverForm, BriefForm, reasons_in
from surveyapp.brief.operations import (
    BriefChanged,
    keep_findings,
    release_brief,
    save_brief,
    take_back_answer,
)
from surveyapp.brief.pdf import set_brief, too_long
from surveyapp.brief.queries import (
    BriefPicture,
    as_it_stands,
    brief_picture,
    charted_questions,
    released_brief,
)
from surveyapp.checks.flag_answers import by_check
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit

_BRIEF = "/audits/<int:audit_id>/brief"


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


def add_pages(bp: Blueprint) -> None:
    """Put the pages of briefs below a blueprint."""
    bp.add_url_rule(_BRIEF, "show_brief", show_brief)
    bp.add_url_rule(_BRIEF, "save_brief", save, methods=["POST"])
    bp.add_url_rule(f"{_BRIEF}/page.png", "show_brief_picture", show_picture)
    bp.add_url_rule(f"{_BRIEF}/brief.pdf", "brief_as_pdf", as_pdf)
    bp.add_url_rule(f"{_BRIEF}/brief.pptx", "brief_as_slide", as_slide)
    bp.add_url_rule(f"{_BRIEF}/released.pdf", "released_as_pdf", released_pdf)
    bp.add_url_rule(f"{_BRIEF}/released.pptx", "released_as_slide", released_slide)
    bp.add_url_rule(f"{_BRIEF}/findings", "answer_findings", answer, methods=["POST"])
    brief_library_pages.add_pages(bp)


def show_brief(audit_id: int) -> ResponseReturnValue:
    """Show the brief: the page as it will print, its blocks to fill, and what the checks found."""
    picture = brief_picture(audit_id, now=clock.now())
    form = _form(picture, BriefForm(formdata=None))
    form.show(picture.written, picture.shown, picture.version)
    return _page(picture, form)


def save(audit_id: int) -> ResponseReturnValue:
    """Keep what was written into the brief."""
    now = clock.now()
    picture = brief_picture(audit_id, now=now)
    form = _form(picture, BriefForm())
    if not form.validate():
        return _page(picture, form), 422
    try:
        with transaction():
            save_brief(
                audit_id,
                form.written(),
                form.chosen_resources,
                seen=form.version_seen,
                actor=acting_staff().name,
                now=now,
            )
    except BriefChanged as error:
        picture = brief_picture(audit_id, now=now)
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
    return redirect(url_for("survey.reporting.show_brief", audit_id=audit_id), 303)


def show_picture(audit_id: int) -> ResponseReturnValue:
    """Give the page as a picture, also where it is over-full."""
    drawn = set_brief(as_it_stands(audit_id, now=clock.now()), picture=True).picture
    answer = send_file(io.BytesIO(drawn), mimetype="image/png", download_name="brief.png")
    del answer.headers["Cache-Control"]
    return answer


def as_pdf(audit_id: int) -> ResponseReturnValue:
    """Give the brief as it stands as a PDF."""
    return _file(audit_id, PDF, now=clock.now())


def as_slide(audit_id: int) -> ResponseReturnValue:
    """Give the brief as it stands as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now())


def released_pdf(audit_id: int) -> ResponseReturnValue:
    """Give the public version as a PDF."""
    return _file(audit_id, PDF, now=clock.now(), page=released_brief(audit_id))


def released_slide(audit_id: int) -> ResponseReturnValue:
    """Give the public version as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now(), page=released_brief(audit_id))


def _file(audit_id: int, ending: str, *, now: datetime, page: Brief | None = None) -> ResponseReturnValue:
    made = brief_file(audit_id, ending, page=page, actor=acting_staff().name, now=now)
    answer = send_file(made.file, mimetype=made.mimetype, as_attachment=True, download_name=made.name)
    # Flask would let a browser keep it; without this line our own header says that nobody does.
    del answer.headers["Cache-Control"]
    return answer


def answer(audit_id: int) -> ResponseReturnValue:
    """Answer findings of the checks, take one answer back, or approve and release."""
    session.get_one(Audit, audit_id)
    now, form = clock.now(), ApproverForm()
    if "take-back" in request.form:
        return _take_back(audit_id, clean(request.form["take-back"]), now=now)
    reasons = {clean(name): clean(reason) for name, reason in reasons_in(request.form).items()}
    if not form.validate():
        return _again(audit_id, form, reasons, now=now), 422
    who = {"approver": form.approver.data or "", "actor": acting_staff().name}
    releases = request.form.get("next-step") == "release"
    try:
        # Answers are kept also where the release is refused, so that what the page counts is true.
        with transaction():
            answered = keep_findings(audit_id, reasons, **who, now=now)
        if releases:
            with transaction():
                release_brief(audit_id, seen=form.content.data or "", **who, now=now)
    except Refused as error:
        return _again(audit_id, form, reasons, now=now, refused=error), error.status
    said = f"{counted(answered, 'finding is', 'findings are')} kept, each with its reason."
    flash("The brief is released." if releases else said if answered else _NOTHING_KEPT, "success")
    return redirect(url_for("survey.reporting.show_brief", audit_id=audit_id, _anchor="checks"), 303)


_NOTHING_KEPT = "No reason was given, so nothing is kept."


def _take_back(audit_id: int, mark: str, *, now: datetime) -> ResponseReturnValue:
    with transaction():
        taken = take_back_answer(audit_id, mark[:64], actor=acting_staff().name, now=now)
    flash("The answer is taken back." if taken else "There was no answer.", "success")
    return redirect(url_for("survey.reporting.show_brief", audit_id=audit_id, _anchor="checks"), 303)


def _form(picture: BriefPicture, form: BriefForm) -> BriefForm:
    form.offer(
        [(each.id, f"{each.number}. {each.name}") for each in charted_questions(picture.audit)],
        [(each.id, each.name) for each in picture.library],
    )
    return form


def _again(
    audit_id: int,
    approving: ApproverForm,
    reasons: dict[str, str],
    *,
    now: datetime,
    refused: Refused | None = None,
) -> str:
    """The page once more, with what was typed below it and why it was not done."""
    picture = brief_picture(audit_id, now=now)
    form = _form(picture, BriefForm(formdata=None))
    form.show(picture.written, picture.shown, picture.version)
    return _page(picture, form, approving=approving, reasons=reasons, refused=refused)


def _page(
    picture: BriefPicture,
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
        too_long=too_long(picture.brief, set_brief(picture.brief).fit),
        changes={
            each.mark: f"#{_FIELDS[each.flag.block]}"
            for each in picture.findings
            if each.flag.block in _FIELDS
        },
        groups=by_check(picture.findings),
    )
