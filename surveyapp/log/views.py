"""The page Log and its download; both are events themselves.

A business manager sees everything but signing in and accounts, which are for administrators; an
administrator sees no case (docs/decisions/what-the-log-shows.md).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.web.access import record_reading
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, posted_number
from surveyapp.foundation.web.file_response import answer_file_head, file_response
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import AuditRequest
from surveyapp.log.event_kinds import EVENT_GROUPS, actions_of
from surveyapp.log.events_in_words import LoggedEvent, in_words
from surveyapp.log.log_csv import AT_A_TIME, log_csv
from surveyapp.log.queries import (
    LogFilter,
    audits_by_title,
    events_in_parts,
    log_page,
    people_in_log,
)
from surveyapp.log.row_names import RowNames
from surveyapp.permissions import may_open

bp = Blueprint("log", __name__)
bp.before_request(answer_file_head)

_ACCOUNT = "accounts.show_person"
_REQUEST = "survey.tracking.show_request"
_AUDIT = "survey.tracking.show_audit"


class LogForm(SurveyForm):
    """The person and the days of a narrowed log."""

    person = LineField("Person", [MaxCharacters(200)])
    since = DayField("From")
    until = DayField("To")


@bp.get("/log")
def show_log() -> ResponseReturnValue:
    """Show who did and saw what, the latest first."""
    now, form, people = clock.now(), LogForm(request.args), people_in_log()
    form.validate()
    wanted = _wanted(form)
    page = log_page(
        wanted, people, with_accounts=_with_accounts(), before=posted_number(request.args.get("before"))
    )
    names = RowNames()
    names.read(page.events)
    shown = render_template(
        "survey/log/log.html",
        form=form,
        errors=form.errors,
        wanted=wanted,
        audits=audits_by_title(),
        groups={name: group for name, group in EVENT_GROUPS.items() if name != "accounts" or _has_accounts()},
        request_in_words=_request_in_words(wanted.audit_request),
        days=_by_day(in_words(page.events, names)),
        page=page,
        with_cases=_with_cases(),
        earlier=_address("survey.log.show_log", before=page.events[-1].id) if page.has_earlier else "",
        latest=_address("survey.log.show_log") if "before" in request.args else "",
        file=_address("survey.log.download_log"),
        anything=_address("survey.log.show_log", request=None),
        links=partial(_links, audit_id=wanted.audit_id),
        today=clock.local_day(now),
    )
    _record("read_log", wanted)
    return shown, 422 if form.errors else 200


@bp.get("/log.csv")
def download_log() -> ResponseReturnValue:
    """Download the same events as a CSV file."""
    now, form = clock.now(), LogForm(request.args)
    if not form.validate():
        raise Refused(
            "One of the days is no day of the calendar.", way_on="Go back to the log and correct it."
        )
    wanted, counts = _wanted(form), [0]

    def parts() -> Iterator[Sequence[Event]]:
        for part in events_in_parts(
            wanted, people_in_log(), with_accounts=_with_accounts(), at_a_time=AT_A_TIME
        ):
            counts.append(len(part))
            yield part

    content = log_csv(parts(), with_cases=_with_cases())
    _record("exported_log", wanted, counted(sum(counts), "event"))
    return file_response(content, "text/csv", f"log-{clock.local_day(now).isoformat()}.csv")


def _record(action: str, wanted: LogFilter, detail: str = "") -> None:
    """Record that the log was read, of one audit or of all; reading it again is another event."""
    audit_id = wanted.audit_id or (wanted.audit_request.audit_id if wanted.audit_request else None)
    record_reading(action, f"audit {audit_id}" if audit_id else "log", detail)


def _wanted(form: LogForm) -> LogFilter:
    """The filter in the address; what it does not know is left open."""
    kind, request_id = request.args.get("kind", ""), posted_number(request.args.get("request"))
    return LogFilter(
        person=form.person.data or "" if not form.person.errors else "",
        audit_id=posted_number(request.args.get("audit")) or None,
        audit_request=session.get(AuditRequest, request_id) if request_id else None,
        kind=kind if actions_of(kind) else "",
        since=form.since.data,
        until=form.until.data,
    )


def _with_accounts() -> bool:
    """Whether the reader sees who signed in and what was done to accounts."""
    return may_open("accounts.list_staff")


def _has_accounts() -> bool:
    """Whether this app has accounts of its own, and the reader sees them: a host signs people in itself."""
    return _with_accounts() and _ACCOUNT in current_app.view_functions


def _with_cases() -> bool:
    """Whether the reader sees which child's case an event was about."""
    return may_open(_REQUEST)


def _request_in_words(audit_request: AuditRequest | None) -> str:
    if audit_request is None:
        return ""
    agency = audit_request.agency.name
    return f"{audit_request.case.pseudonym}, {agency}" if _with_cases() else f"A request to {agency}"


def _by_day(events: Sequence[LoggedEvent]) -> list[tuple[date, list[LoggedEvent]]]:
    """The events under their UK days."""
    return [(day, list(each)) for day, each in groupby(events, lambda event: clock.local_day(event.at))]


def _links(event: LoggedEvent, *, audit_id: int | None) -> list[tuple[str, str]]:
    """What an event was about: words, each with the address of its page where the reader may open it.

    The audit to which the log is narrowed is not named again.
    """
    links: list[tuple[str, str]] = []
    if event.account:
        links.append((event.account, _page(_ACCOUNT, {"staff_id": event.account_id})))
    about = event.about
    if about is None:
        return links
    # A contact who acted stands before the words already.
    name = "" if about.name == event.who else about.name
    agency = "" if about.agency == event.whose and not about.case else about.agency
    words = ", ".join(filter(None, (name, about.case if _with_cases() else "", agency)))
    if words:
        links.append((words, _page(about.page, about.at)))
    if about.audit and about.audit_id != audit_id:
        links.append((about.audit, _page(_AUDIT, {"audit_id": about.audit_id})))
    return links


def _page(endpoint: str, at: Any) -> str:  # noqa: ANN401 — the values of an address
    is_open = endpoint in current_app.view_functions and may_open(endpoint)
    return url_for(endpoint, **at) if is_open and None not in at.values() else ""


def _address(endpoint: str, **changed: Any) -> str:  # noqa: ANN401 — the values of an address
    """An address with the same filter."""
    kept = {
        name: request.args.getlist(name)
        for name in ("person", "audit", "request", "kind", "since", "until")
        if any(request.args.getlist(name))
    }
    return url_for(endpoint, **{**kept, **changed})
