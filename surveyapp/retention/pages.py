"""Pages of one audit: how long it is kept, its days, holds, the preview of a purge, and what is kept."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.collating.queries import collate
from surveyapp.concluding.queries import findings_of, recommendations_of
from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.planning.models import Audit
from surveyapp.retention import date_operations, deletion_operations, hold_operations
from surveyapp.retention.dates import DELETION_DELAY, NOTICE, PurgeDays
from surveyapp.retention.forms import DaysForm, DeleteIssuedAuditForm, EndHoldForm, HoldForm, PurgeForm
from surveyapp.retention.models import DRAFTS, EVERYTHING, RETURNS, RetentionDates
from surveyapp.retention.purging import purge_operations
from surveyapp.retention.purging.purge_words import KIND_WORDS, rows_in_words, traces_in_words
from surveyapp.retention.queries import (
    certificates_of,
    changes_of,
    has_released_brief,
    holds_of,
    next_purge,
    open_hold,
    received_at,
    retention_of,
)


def show_retention(audit_id: int) -> ResponseReturnValue:
    """How long the data of an audit are kept, its holds, and what its next purges remove."""
    audit = session.get_one(Audit, audit_id)
    dates, hold = retention_of(audit_id), open_hold(audit_id)
    is_set = dates is not None and dates.closed_at == audit.closed_at
    return render_template(
        "survey/retention/retention.html",
        audit=audit,
        dates=dates if is_set else None,
        next=next_purge(audit, dates, hold) if dates is not None and is_set else None,
        hold=hold,
        holds=holds_of(audit_id),
        changes=changes_of(audit_id),
        certificates=certificates_of(audit),
        kind_words=KIND_WORDS,
        today=clock.local_day(clock.now()),
        notice=NOTICE.days,
        traces=traces_in_words(engine().dialect.name),
    )


def change_days(audit_id: int) -> ResponseReturnValue:
    """Change the days of an audit’s purges, for a reason."""
    audit = session.get_one(Audit, audit_id)
    dates = retention_of(audit_id)
    if dates is None or audit.closed_at is None:
        raise date_operations.NotClosedYet
    form = DaysForm(
        data={"drafts_on": dates.drafts_on, "returns_on": dates.returns_on, "figures_on": dates.figures_on}
    )
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and _changes_days(form, audit, dates):
            return redirect(url_for("survey.retention.show_retention", audit_id=audit_id), 303)
    form.seen.data = " ".join(map(str, _days_of(dates)))
    return render_template(
        "survey/retention/days.html", audit=audit, dates=dates, form=form, errors=form.errors
    ), status


def _changes_days(form: DaysForm, audit: Audit, dates: RetentionDates) -> bool:
    """Whether the typed days are stored, or were so already; a refusal stands at its field."""
    seen = form.seen.data.split() if form.seen.data else []
    try:
        shown = PurgeDays(*(date.fromisoformat(day) for day in seen))
    except (TypeError, ValueError):
        raise NotFound from None
    # A field that is left out, or emptied, keeps its day.
    days = PurgeDays(
        form.drafts_on.data or dates.drafts_on,
        form.returns_on.data or dates.returns_on,
        form.figures_on.data or dates.figures_on,
    )
    try:
        with transaction():
            changed = date_operations.change_dates(
                audit, days, seen=shown, reason=form.reason.data or "", **actor_and_now()
            )
    except FieldRefused as error:
        form[error.field].errors = [error.message]
        return False
    flash("The days are changed." if changed else "These were the days already.", "success")
    return True


def _days_of(dates: RetentionDates) -> tuple[date, date, date]:
    return dates.drafts_on, dates.returns_on, dates.figures_on


def set_hold(audit_id: int) -> ResponseReturnValue:
    """Put an audit on hold, for a reason, so that nothing of it is purged."""
    audit = session.get_one(Audit, audit_id)
    form = HoldForm()
    if form.validate_on_submit():
        with transaction():
            hold_operations.set_hold(audit, reason=form.reason.data or "", **actor_and_now())
        flash("The audit is on hold: nothing of it is purged.", "success")
        return redirect(url_for("survey.retention.show_retention", audit_id=audit_id), 303)
    page = render_template("survey/retention/hold.html", audit=audit, form=form, errors=form.errors)
    return page, 422 if form.errors else 200


def end_hold(audit_id: int) -> ResponseReturnValue:
    """End the hold of an audit, for a reason."""
    audit = session.get_one(Audit, audit_id)
    hold = open_hold(audit_id)
    if hold is None:
        raise hold_operations.NotHeld
    form = EndHoldForm()
    if form.validate_on_submit():
        with transaction():
            hold_operations.end_hold(audit, reason=form.reason.data or "", **actor_and_now())
        flash("The hold has ended.", "success")
        return redirect(url_for("survey.retention.show_retention", audit_id=audit_id), 303)
    page = render_template(
        "survey/retention/end_hold.html",
        audit=audit,
        hold=hold,
        form=form,
        errors=form.errors,
        notice=NOTICE.days,
    )
    return page, 422 if form.errors else 200


def preview_purge(audit_id: int) -> ResponseReturnValue:
    """What goes, what stays and when; a post with the audit’s title purges its returns and keys now."""
    audit = session.get_one(Audit, audit_id)
    dates, hold = retention_of(audit_id), open_hold(audit_id)
    form = PurgeForm()
    if form.deletes(
        form.title,
        lambda typed: purge_operations.purge_by_hand(audit, typed_title=typed, **actor_and_now()),
    ):
        flash("The purge has begun. Its certificate says when the last row is gone.", "success")
        return redirect(url_for("survey.retention.show_retention", audit_id=audit_id), 303)
    drafts, returns = (purge_operations.purge_counts(audit, kind) for kind in (DRAFTS, RETURNS))
    page = render_template(
        "survey/retention/preview.html",
        audit=audit,
        dates=dates if dates is not None and dates.closed_at == audit.closed_at else None,
        hold=hold,
        closed=audit.is_closed(clock.now()),
        drafts=rows_in_words(drafts.removed),
        removed=rows_in_words(returns.removed),
        kept=rows_in_words(returns.kept),
        kind_words=KIND_WORDS,
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def delete_issued_audit(audit_id: int) -> ResponseReturnValue:
    """Delete an audit that was issued: hidden for 30 days, then purged; a post with its title does it."""
    audit = session.get_one(Audit, audit_id)
    form = DeleteIssuedAuditForm()
    title = audit.title
    if form.deletes(
        form.title,
        lambda typed: deletion_operations.delete_issued_audit(audit, typed_title=typed, **actor_and_now()),
    ):
        flash(
            f"“{title}” is hidden, and purged in {DELETION_DELAY.days} days unless it is brought back.",
            "success",
        )
        return redirect(url_for("survey.planning.list_audits_set_aside"), 303)
    page = render_template(
        "survey/retention/delete_issued.html",
        audit=audit,
        closed=audit.is_closed(clock.now()),
        hold=open_hold(audit_id),
        goes=rows_in_words(purge_operations.purge_counts(audit, EVERYTHING).removed),
        days=DELETION_DELAY.days,
        form=form,
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def show_kept(audit_id: int) -> ResponseReturnValue:
    """What is kept of an audit whose returns are purged: counts, figures, findings and certificates."""
    audit = session.get_one(Audit, audit_id)
    if audit.answers_removed_at is None:
        return redirect(url_for("survey.retention.show_retention", audit_id=audit_id))
    return render_template(
        "survey/retention/kept.html",
        audit=audit,
        found=collate(audit, now=clock.now()) if audit.is_issued else None,
        findings=findings_of(audit_id),
        recommendations=recommendations_of(audit_id),
        certificates=certificates_of(audit),
        kind_words=KIND_WORDS,
        released=_released(audit_id),
    )


def _released(audit_id: int) -> list[tuple[str, str]]:
    """The words and endpoints of the files that were released of an audit."""
    report = [("Released report", "survey.report.released_report_as_pdf")]
    brief = [("Released brief", "survey.brief.released_as_pdf")]
    return [*(report if received_at(audit_id) else []), *(brief if has_released_brief(audit_id) else [])]
