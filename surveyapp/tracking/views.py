"""Who has returned: the programme, an audit's tracking page, its totals, what is outstanding, one request."""

from collections.abc import Callable
from datetime import date, datetime

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import acting_staff
from surveyapp.planning.chaser_days import next_chaser_day
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import programme
from surveyapp.tracking import concern_pages, enquiry_pages
from surveyapp.tracking.csv_file import outstanding_csv
from surveyapp.tracking.grid import lay_out_grid, lay_out_totals, outstanding_in_words, returned_in_words
from surveyapp.tracking.queries import (
    audit_status,
    audits_chased_today,
    outstanding_list,
    tallies,
    tallies_and_due_days,
)
from surveyapp.tracking.request_detail import REVISION_KINDS_IN_WORDS, request_detail
from surveyapp.tracking.staff_tasks import audit_tasks, staff_tasks_today

bp = Blueprint("tracking", __name__)

_CONCERNS = "/audits/<int:audit_id>/concerns"
bp.add_url_rule(_CONCERNS, "show_concerns", concern_pages.show_concerns)
bp.add_url_rule(f"{_CONCERNS}/<int:request_id>", "show_outcome", concern_pages.show_outcome)
bp.add_url_rule(f"{_CONCERNS}/<int:request_id>", "save_outcome", concern_pages.save_outcome, methods=["POST"])
bp.add_url_rule("/audits/<int:audit_id>/enquiries", "list_enquiries", enquiry_pages.list_enquiries)
_ENQUIRY = "/audits/<int:audit_id>/enquiries/<int:enquiry_id>"
bp.add_url_rule(_ENQUIRY, "show_enquiry", enquiry_pages.show_enquiry)
bp.add_url_rule(_ENQUIRY, "answer_enquiry", enquiry_pages.answer_enquiry, methods=["POST"])

AUDITS_ON_A_PAGE = 50


@bp.get("/audits")
def list_audits() -> ResponseReturnValue:
    """Show the programme: every audit, and what needs the manager today."""
    now = clock.now()
    planned, days = programme(), working_calendar()
    page = max(1, request.args.get("page", 1, type=int))
    shown = planned[(page - 1) * AUDITS_ON_A_PAGE : page * AUDITS_ON_A_PAGE]
    audits = [each.audit for each in shown]
    counted, chased = tallies_and_due_days(audits, now=now), audits_chased_today(audits, now=now)
    return render_template(
        "survey/tracking/audits.html",
        needs=staff_tasks_today(now=now),
        rows=[
            (
                each,
                tally,
                next_chaser_day(each.audit, days, now=now, chased_today=each.audit.id in chased, due_days=due)
                if tally.outstanding
                else None,
                _closed_on(each.audit, now=now),
            )
            for each in shown
            for tally, due in [counted[each.audit.id]]
        ],
        page=page,
        more=len(planned) > page * AUDITS_ON_A_PAGE,
    )


def _closed_on(audit: Audit, *, now: datetime) -> date | None:
    ended = audit.answers_end_at if audit.is_closed(now) else None
    return clock.local_day(ended) if ended else None


@bp.get("/audits/<int:audit_id>")
def show_audit(audit_id: int) -> ResponseReturnValue:
    """Show how far an audit has come: its return rate, its dates, and each request in the grid."""
    audit = session.get_one(Audit, audit_id)
    now, days = clock.now(), working_calendar()
    today = clock.local_day(now)
    found = audit_status(audit, now=now)
    chased, due = bool(audits_chased_today([audit], now=now)), found.outstanding_due_days
    next_chaser = next_chaser_day(audit, days, now=now, chased_today=chased, due_days=due) if due else None
    return render_template(
        "survey/tracking/audit.html",
        audit=audit,
        tally=found.tally,
        standing=outstanding_in_words(found.tally),
        returned=returned_in_words(found.tally),
        grid=lay_out_grid(found, page=request.args.get("page", 1, type=int), link=_links(audit)),
        not_issued=len(found.not_issued),
        waiting=audit_tasks(audit),
        closed=audit.is_closed(now),
        next_chaser=next_chaser,
        contacts_to_chase=found.contacts_to_chase(audit, days, next_chaser) if next_chaser else 0,
        today=today,
        next_working_day=None if days.is_working_day(today) else days.next_working_day(today),
    )


def _links(audit: Audit) -> Callable[[int], str]:
    """Addresses of request pages, built once: the router takes longer than all the rest of a cell."""
    stem = url_for("survey.tracking.show_request", audit_id=audit.id, request_id=0)[:-1]
    return lambda request_id: f"{stem}{request_id}"


@bp.get("/audits/<int:audit_id>/totals")
def show_totals(audit_id: int) -> ResponseReturnValue:
    """Show an audit's counts by agency and by case; both add up to the same totals."""
    audit = session.get_one(Audit, audit_id)
    found = audit_status(audit, now=clock.now())
    laid_out = lay_out_totals(found)
    return render_template(
        "survey/tracking/totals.html",
        audit=audit,
        tally=found.tally,
        totals=laid_out,
        numeric=tuple(range(1, len(laid_out.foot))),
    )


@bp.get("/audits/<int:audit_id>/outstanding")
def show_outstanding(audit_id: int) -> ResponseReturnValue:
    """Show what is outstanding and whom to ring, and which drafts have been started."""
    audit = session.get_one(Audit, audit_id)
    now = clock.now()
    waiting = outstanding_list(audit)
    return render_template(
        "survey/tracking/outstanding.html",
        audit=audit,
        tally=tallies([audit], now=now)[audit.id],
        waiting=waiting,
        drafts=[each for each in waiting if each.has_draft],
        due=sorted({each.due_on for each in waiting if each.due_on}),
        link=_links(audit),
    )


@bp.get("/audits/<int:audit_id>/outstanding.csv")
def download_outstanding(audit_id: int) -> ResponseReturnValue:
    """Give the outstanding list as a file for a spreadsheet."""
    audit = session.get_one(Audit, audit_id)
    written = outstanding_csv(outstanding_list(audit))
    name = f"outstanding-audit-{audit.id}-{clock.local_day(clock.now()).isoformat()}.csv"
    return Response(
        written, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.get("/audits/<int:audit_id>/requests/<int:request_id>")
def show_request(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Show one request: its contact, what was sent, what was saved, and what may be done with it."""
    found = request_detail(audit_id, request_id, reader=acting_staff().name)
    audit = found.audit_request.audit
    return render_template(
        "survey/tracking/request.html",
        found=found,
        audit=audit,
        audit_request=found.audit_request,
        grant=found.audit_request.grant,
        contact=found.audit_request.grant.contact,
        kept=found.audit_return,
        closed=audit.is_closed(clock.now()),
        saved_as=REVISION_KINDS_IN_WORDS,
    )
