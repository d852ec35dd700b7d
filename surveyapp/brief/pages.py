"""The page on which a brief is written, with an overview of it and the flags of its checks."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.charts import chartable_questions
from surveyapp.brief.forms import BriefForm
from surveyapp.brief.operations import (
    save_brief_draft,
)
from surveyapp.brief.pdf import overflow_sentences, typeset_brief
from surveyapp.brief.queries import BriefOverview, brief_overview
from surveyapp.checks.approver_form import ApproverForm
from surveyapp.checks.flag_answers import flags_by_check
from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.shares import counted

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
    overview = brief_overview(audit_id, now=clock.now())
    form = brief_form(overview, BriefForm(formdata=None))
    form.show(overview.written, overview.shown, overview.version)
    return brief_page(overview, form)


def save_brief(audit_id: int) -> ResponseReturnValue:
    """Save the text of the brief."""
    now = clock.now()
    overview = brief_overview(audit_id, now=now)
    form = brief_form(overview, BriefForm())
    if not form.validate():
        return brief_page(overview, form), 422
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
        overview = brief_overview(audit_id, now=now)
        form.seen.data = str(overview.version)
        return brief_page(overview, form, refused=error), error.status
    flash("The brief is saved.", "success")
    if form.gone_resources:
        missing = counted(form.gone_resources, "resource")
        are = "is" if form.gone_resources == 1 else "are"
        flash(
            f"{missing} you chose {are} no longer in the library: the brief does not show what is gone.",
            "refused",
        )
    return redirect(url_for("survey.brief.show_brief", audit_id=audit_id), 303)


def brief_form(overview: BriefOverview, form: BriefForm) -> BriefForm:
    """Offer in the form the audit's questions and the resources of the library."""
    form.offer(
        [
            (question.id, f"{question.number}. {question.name}")
            for question in chartable_questions(overview.audit)
        ],
        [(resource.id, resource.name) for resource in overview.library],
    )
    return form


def brief_page(
    overview: BriefOverview,
    form: BriefForm,
    *,
    approving: ApproverForm | None = None,
    reasons: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    """The page of a brief; `approving` and `reasons` hold what an approver typed, `refused` why it failed."""
    approver = approving or ApproverForm(formdata=None)
    if approving is None:
        approvers = [finding.kept.approver for finding in overview.findings if finding.kept]
        approver.approver.data = overview.release.approver if overview.release else (approvers or [""])[-1]
    approver.content.data = overview.content
    return render_template(
        "survey/brief/brief.html",
        audit=overview.audit,
        overview=overview,
        brief=overview.brief,
        form=form,
        approving=approver,
        errors=[*form.errors.items(), *approver.errors.items()],
        reasons=reasons or {},
        refused=refused,
        too_long=overflow_sentences(overview.brief, typeset_brief(overview.brief).fit),
        changes={
            finding.mark: f"#{_FIELDS[finding.flag.block]}"
            for finding in overview.findings
            if finding.flag.block in _FIELDS
        },
        groups=flags_by_check(overview.findings),
    )
