"""The page on which a brief is written, beside a picture of it and what its checks flag."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.charts import chartable_questions
from surveyapp.brief.forms import BriefForm
from surveyapp.brief.models import BriefKeptFlag
from surveyapp.brief.operations import save_brief_draft
from surveyapp.brief.pdf import overflow_sentences, typeset_brief
from surveyapp.brief.queries import BriefOverview, brief_overview
from surveyapp.checks.flag_answers import FlagWithAnswer
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
    """Show the brief as it will print, its form, and what its checks flag."""
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


def brief_page(overview: BriefOverview, form: BriefForm, *, refused: Refused | None = None) -> str:
    """The page of a brief; `refused` says why it was not saved."""
    return render_template(
        "survey/brief/brief.html",
        audit=overview.audit,
        overview=overview,
        brief=overview.brief,
        form=form,
        errors=form.errors,
        refused=refused,
        too_long=overflow_sentences(overview.brief, typeset_brief(overview.brief).fit),
        places=flag_places(overview.findings),
    )


def flag_places(findings: Iterable[FlagWithAnswer[BriefKeptFlag]]) -> dict[str, str]:
    """The ids of the fields where the text of each flag is changed, by its mark; none for what is counted."""
    return {
        finding.mark: _FIELDS[finding.flag.block] for finding in findings if finding.flag.block in _FIELDS
    }
