"""Pages of tracking: all audits, one audit, its totals, its outstanding list, one request."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.queries import count_agencies
from surveyapp.chasing.next_chaser import next_chaser, next_chaser_days
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.issuing import link_operations
from surveyapp.issuing.queries import last_email_sent, request_of
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import count_set_aside, listed_audits
from surveyapp.tracking import colleague_pages, concern_pages, enquiry_pages
from surveyapp.tracking.grid import lay_out_grid
from surveyapp.tracking.outstanding import more_time_pages
from surveyapp.tracking.outstanding import pages as outstanding_pages
from surveyapp.tracking.queries import tallies_and_due_days
from surveyapp.tracking.request_detail import REVISION_KINDS_IN_WORDS, request_detail
from surveyapp.tracking.staff_tasks import TaskKind, staff_tasks_today
from surveyapp.tracking.status_queries import AuditStatus, audit_status
from surveyapp.tracking.status_tag import status_tag
from surveyapp.tracking.tally import outstanding_in_words, returned_in_words
from surveyapp.tracking.totals import lay_out_totals

bp = Blueprint("tracking", __name__)

_CONCERNS = "/audits/<int:audit_id>/concerns"
bp.add_url_rule(_CONCERNS, "show_concerns", concern_pages.show_concerns)
bp.add_url_rule(f"{_CONCERNS}/<int:request_id>", "show_outcome", concern_pages.show_outcome)
bp.add_url_rule(f"{_CONCERNS}/<int:request_id>", "save_outcome", concern_pages.save_outcome, methods=["POST"])
bp.add_url_rule("/audits/<int:audit_id>/enquiries", "list_enquiries", enquiry_pages.list_enquiries)
_ENQUIRY = "/audits/<int:audit_id>/enquiries/<int:enquiry_id>"
bp.add_url_rule(_ENQUIRY, "show_enquiry", enquiry_pages.show_enquiry)
bp.add_url_rule(_ENQUIRY, "answer_enquiry", enquiry_pages.answer_enquiry, methods=["POST"])
bp.add_url_rule(
    "/audits/<int:audit_id>/requests/<int:request_id>/accept-address",
    "accept_address",
    colleague_pages.accept_colleague_address,
    methods=["POST"],
)
bp.add_url_rule(
    "/agencies/<int:agency_id>/contacts/<int:contact_id>/remove",
    "remove_colleague",
    colleague_pages.remove_colleague,
    methods=["POST"],
)

_OUTSTANDING = "/audits/<int:audit_id>/outstanding"
bp.add_url_rule(_OUTSTANDING, "show_outstanding", outstanding_pages.show_outstanding)
bp.add_url_rule(
    f"{_OUTSTANDING}.xlsx", "download_outstanding_workbook", outstanding_pages.download_outstanding_workbook
)
bp.add_url_rule(f"{_OUTSTANDING}.csv", "download_outstanding", outstanding_pages.download_outstanding)
bp.add_url_rule(
    f"{_OUTSTANDING}/agencies", "show_agencies_outstanding", outstanding_pages.show_agencies_outstanding
)
bp.add_url_rule(
    f"{_OUTSTANDING}/agencies.csv",
    "download_agencies_outstanding",
    outstanding_pages.download_agencies_outstanding,
)

bp.add_url_rule(
    "/audits/<int:audit_id>/contacts/<int:contact_id>/more-time",
    "give_time",
    more_time_pages.give_time,
    methods=["GET", "POST"],
)

AUDITS_ON_A_PAGE = 50


@bp.get("/audits")
def list_audits() -> ResponseReturnValue:
    """Show every audit, and what needs staff today."""
    now = clock.now()
    planned, days = listed_audits(), working_calendar()
    page = max(1, request.args.get("page", 1, type=int))
    planned_audits = planned[(page - 1) * AUDITS_ON_A_PAGE : page * AUDITS_ON_A_PAGE]
    audits = [planned_audit.audit for planned_audit in planned_audits]
    tallies_by_audit = tallies_and_due_days(audits, now=now)
    chaser_days = next_chaser_days(
        audits, {id_: due_days for id_, (_tally, due_days) in tallies_by_audit.items()}, days, now=now
    )
    return render_template(
        "survey/tracking/audits.html",
        needs=staff_tasks_today(_task_kinds(), roles=acting_staff().roles, now=now),
        rows=[
            (
                planned_audit,
                tally,
                chaser_days[audit.id],
                _closed_on(audit, now=now),
            )
            for planned_audit, audit in zip(planned_audits, audits, strict=True)
            for tally, _due_days in [tallies_by_audit[audit.id]]
        ],
        agencies=0 if planned else count_agencies(),
        page=page,
        more=len(planned) > page * AUDITS_ON_A_PAGE,
        set_aside=count_set_aside(),
    )


def _task_kinds() -> tuple[TaskKind, ...]:
    """The kinds of task of all steps."""
    kinds: tuple[TaskKind, ...] = current_app.extensions["survey"].task_kinds
    return kinds


def _closed_on(audit: Audit, *, now: datetime) -> date | None:
    closed_at = audit.answers_end_at if audit.is_closed(now) else None
    return clock.local_day(closed_at) if closed_at else None


@bp.get("/audits/<int:audit_id>/live.json")
def follow_audit(audit_id: int) -> ResponseReturnValue:
    """Answer an open page of an audit: 304 while nothing has changed, else its count and its grid again."""
    now = clock.now()
    tag = status_tag(audit_id, now=now)
    if request.if_none_match.contains(tag):
        return "", 304, {"ETag": f'"{tag}"'}
    audit = session.get_one(Audit, audit_id)
    status, closed = audit_status(audit, now=now), audit.is_closed(now)
    grid = lay_out_grid(status, page=request.args.get("page", 1, type=int), link=_request_links(audit))
    count = render_template("survey/tracking/_count.html", **_count(status))
    news = {
        "tag": tag,
        "over": closed,
        "parts": {"count": count, "grid": render_template("survey/tracking/_grid.html", grid=grid)},
    }
    return news, {"ETag": f'"{tag}"'}


def _count(status: AuditStatus) -> dict[str, object]:
    """What the count on an audit's page is written from."""
    return {
        "tally": status.tally,
        "standing": outstanding_in_words(status.tally),
        "returned": returned_in_words(status.tally),
    }


@bp.get("/audits/<int:audit_id>")
def show_audit(audit_id: int) -> ResponseReturnValue:
    """Show an audit: its return rate, its dates, and the state of each request in the grid."""
    audit = session.get_one(Audit, audit_id)
    now, days = clock.now(), working_calendar()
    # Taken before the counts, so that what changes in between is asked for again.
    tag = status_tag(audit_id, now=now)
    today = clock.local_day(now)
    status = audit_status(audit, now=now)
    grid = lay_out_grid(status, page=request.args.get("page", 1, type=int), link=_request_links(audit))
    return render_template(
        "survey/tracking/audit.html",
        audit=audit,
        **_count(status),
        grid=grid,
        live=""
        if audit.is_closed(now)
        else url_for("survey.tracking.follow_audit", audit_id=audit_id, page=grid.page),
        tag=tag,
        not_issued=len(status.not_issued),
        needs=staff_tasks_today(_task_kinds(), roles=acting_staff().roles, audit=audit, now=now),
        closed=audit.is_closed(now),
        next_chaser=next_chaser(audit, days, now=now),
        today=today,
        # Nobody is to be chased on the day on which everybody was asked.
        asked_today=audit.issued_at is not None and clock.local_day(audit.issued_at) == today,
        next_working_day=None if days.is_working_day(today) else days.next_working_day(today),
    )


def _request_links(audit: Audit) -> Callable[[int], str]:
    """A function from a request id to the address of its page.

    The address is built once, because the router takes longer than the rest of a cell.
    """
    stem = url_for("survey.tracking.show_request", audit_id=audit.id, request_id=0)[:-1]
    return lambda request_id: f"{stem}{request_id}"


@bp.get("/audits/<int:audit_id>/totals")
def show_totals(audit_id: int) -> ResponseReturnValue:
    """Show an audit’s counts by agency and by case."""
    audit = session.get_one(Audit, audit_id)
    status = audit_status(audit, now=clock.now())
    totals = lay_out_totals(status)
    return render_template(
        "survey/tracking/totals.html",
        audit=audit,
        tally=status.tally,
        totals=totals,
        numeric=tuple(range(1, len(totals.foot))),
    )


@bp.get("/audits/<int:audit_id>/requests/<int:request_id>")
def show_request(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show one request: its contact, emails and saved texts, and the actions open to staff."""
    detail = request_detail(audit_id, request_id, reader=acting_staff().name)
    audit_request = detail.audit_request
    audit = audit_request.audit
    return render_template(
        "survey/tracking/request.html",
        found=detail,
        audit=audit,
        audit_request=audit_request,
        grant=audit_request.grant,
        contact=audit_request.grant.contact,
        kept=detail.audit_return,
        closed=audit.is_closed(clock.now()),
        saved_as=REVISION_KINDS_IN_WORDS,
        may_bounce=last_email_sent(audit_request.grant),
    )


@bp.post("/audits/<int:audit_id>/requests/<int:request_id>/came-back")
def note_bounce(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Count the last email to the contact of this request as not delivered, since it bounced."""
    grant = request_of(audit_id, request_id).grant
    with transaction():
        email = last_email_sent(grant)
        if email is None:
            raise Refused("No email to this contact is counted as sent, so none can have come back.")
        link_operations.note_bounce(grant, email.id, actor=acting_staff().name, now=clock.now())
    flash(f"Noted. Nobody is chased at {grant.contact.email} until you correct the address.", "success")
    return redirect(url_for("survey.tracking.show_request", audit_id=audit_id, request_id=request_id), 303)
