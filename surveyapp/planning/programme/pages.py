"""The pages of the programme: a year’s audits, and the theme of one audit with its approval."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff, actor_and_now
from surveyapp.foundation.web.fields import FIRST_YEAR, LAST_YEAR, posted_number
from surveyapp.planning import queries as audits
from surveyapp.planning.approval.operations import approve, may_approve
from surveyapp.planning.approval.queries import approvals_of
from surveyapp.planning.approval.state import ApprovalState, theme_content
from surveyapp.planning.cases.size_note import size_note
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import EMPHASES, Audit
from surveyapp.planning.programme.queries import programme_of, years_around


def show_programme() -> ResponseReturnValue:
    """Show the audits of one year, this year if the address names none."""
    this_year = clock.local_day(clock.now()).year
    year = posted_number(request.args.get("year"), otherwise=this_year)
    year = year if FIRST_YEAR <= year <= LAST_YEAR else this_year
    earlier, later = years_around(year)
    return render_template(
        "survey/planning/programme.html",
        year=year,
        earlier=earlier,
        later=later,
        entries=programme_of(year),
        emphases=EMPHASES,
        size_note=size_note,
    )


def show_theme(audit_id: int) -> ResponseReturnValue:
    """Show the theme of an audit, its approvals, and what has changed since the latest."""
    return _theme_page(audits.audit_by_id(audit_id))


def approve_theme(audit_id: int) -> ResponseReturnValue:
    """Approve the theme of an audit in the name of the executive who is signed in."""
    try:
        with transaction():
            audit = audits.audit_by_id(audit_id)
            lock_audit(audit)
            approve(
                audit,
                "theme",
                _theme_state(audit),
                seen=request.form.get("seen", ""),
                roles=acting_staff().roles,
                **actor_and_now(),
            )
    except EditConflict as error:
        return _theme_page(audits.audit_by_id(audit_id), conflict=error), error.status
    flash("The theme is approved.", "success")
    return redirect(url_for("survey.planning.show_theme", audit_id=audit_id), 303)


def _theme_state(audit: Audit) -> ApprovalState:
    return ApprovalState(theme_content(audit), next(iter(approvals_of(audit.id, "theme")), None))


def _theme_page(audit: Audit, *, conflict: EditConflict | None = None) -> str:
    history = approvals_of(audit.id, "theme")
    return render_template(
        "survey/planning/theme.html",
        audit=audit,
        state=ApprovalState(theme_content(audit), history[0] if history else None),
        earlier=history[1:],
        may_approve=may_approve(acting_staff().roles),
        conflict=conflict,
    )
