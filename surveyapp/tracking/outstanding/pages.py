"""Pages of the outstanding list: people to ring, the same as files, and by agency for the executive."""

from collections.abc import Callable
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.documents.sheet_writer import XLSX_TYPE
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import record_reading
from surveyapp.foundation.web.fields import posted_number
from surveyapp.foundation.web.file_response import file_response
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.chaser_days import chaser_days, sending_begins_at
from surveyapp.planning.models import Audit
from surveyapp.tracking.outstanding.agency_list import agencies_outstanding, agency_csv
from surveyapp.tracking.outstanding.card_queries import (
    STATES_IN_WORDS,
    OutstandingFilter,
    outstanding_choices,
    outstanding_people,
)
from surveyapp.tracking.outstanding.files import outstanding_csv, outstanding_workbook
from surveyapp.tracking.outstanding.queries import outstanding_list
from surveyapp.tracking.queries import tally


def show_outstanding(audit_id: int) -> ResponseReturnValue:
    """Show the contacts with something outstanding: what they owe, their number, what was sent and said."""
    audit, now = session.get_one(Audit, audit_id), clock.now()
    today = clock.local_day(now)
    wanted = _wanted()
    people = outstanding_people(audit, wanted, page=request.args.get("page", 1, type=int), today=today)
    agencies, cases = outstanding_choices(audit)
    return render_template(
        "survey/tracking/outstanding/outstanding.html",
        audit=audit,
        tally=tally(audit, now=now),
        people=people,
        wanted=wanted,
        agencies=agencies,
        cases=cases,
        states=STATES_IN_WORDS,
        today=today,
        closed=audit.is_closed(now),
        here=lambda page: _address(audit, wanted, page),
        link=_request_links(audit),
    )


def _wanted() -> OutstandingFilter:
    """The filter in the address; what is none of our choices narrows nothing."""
    state = request.args.get("state", "")
    return OutstandingFilter(
        posted_number(request.args.get("agency")) or None,
        posted_number(request.args.get("case")) or None,
        state if state in STATES_IN_WORDS else None,
    )


def _request_links(audit: Audit) -> Callable[[int], str]:
    """A function from a request id to the address of its page, built once since the router is slow."""
    stem = url_for("survey.tracking.show_request", audit_id=audit.id, request_id=0)[:-1]
    return lambda request_id: f"{stem}{request_id}"


def _address(audit: Audit, wanted: OutstandingFilter, page: int) -> str:
    return url_for(
        "survey.tracking.show_outstanding",
        audit_id=audit.id,
        agency=wanted.agency_id,
        case=wanted.case_id,
        state=wanted.state,
        page=page,
    )


def download_outstanding_workbook(audit_id: int) -> ResponseReturnValue:
    """Download the outstanding list as a workbook, one row for each request."""
    audit, now = session.get_one(Audit, audit_id), clock.now()
    outstanding = outstanding_list(audit)
    content = outstanding_workbook(outstanding, title=f"Outstanding: {audit.title}", now=now)
    return _contacts_file(audit, content, XLSX_TYPE, "xlsx", len(outstanding))


def download_outstanding(audit_id: int) -> ResponseReturnValue:
    """Download the outstanding list as a CSV file, one row for each request."""
    audit = session.get_one(Audit, audit_id)
    outstanding = outstanding_list(audit)
    return _contacts_file(audit, outstanding_csv(outstanding), "text/csv", "csv", len(outstanding))


def _contacts_file(
    audit: Audit, content: bytes, mimetype: str, ending: str, requests: int
) -> ResponseReturnValue:
    """A file that names contacts with their addresses; the log keeps who downloaded it."""
    name = _file_name("outstanding", audit, clock.now(), ending)
    record_reading("exported_contacts", f"audit {audit.id}", f".{ending}, {counted(requests, 'request')}")
    return file_response(content, mimetype, name)


def show_agencies_outstanding(audit_id: int) -> ResponseReturnValue:
    """Show which agencies have returns outstanding and on which days they were chased, naming no contact."""
    audit, now = session.get_one(Audit, audit_id), clock.now()
    planned = [chaser.day for chaser in chaser_days(audit, working_calendar())]
    return render_template(
        "survey/tracking/outstanding/agencies.html",
        audit=audit,
        tally=tally(audit, now=now),
        agencies=agencies_outstanding(audit, now=now),
        planned=planned,
        past=[day for day in planned if sending_begins_at(day) <= now],
    )


def download_agencies_outstanding(audit_id: int) -> ResponseReturnValue:
    """Download the list by agency as a CSV file."""
    audit, now = session.get_one(Audit, audit_id), clock.now()
    content = agency_csv(agencies_outstanding(audit, now=now))
    return file_response(content, "text/csv", _file_name("outstanding-by-agency", audit, now, "csv"))


def _file_name(what: str, audit: Audit, now: datetime, ending: str) -> str:
    return f"{what}-audit-{audit.id}-{clock.local_day(now).isoformat()}.{ending}"
