"""The demonstration audit: planned, issued and answered as usual, with days counted from today."""

import tomllib
from datetime import datetime, time
from functools import partial
from importlib.resources import files

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return
from surveyapp.answering.returns.operations import ButtonPress, return_audit, save_draft
from surveyapp.collating.comparison.benchmarks import read_rows
from surveyapp.collating.models import Benchmark
from surveyapp.collating.operations import BenchmarkDetails, save_benchmark
from surveyapp.commands.demonstration.answers import (
    DemonstrationRequest,
    draft,
    is_begun,
    is_outstanding,
    returned_answers,
)
from surveyapp.commands.demonstration.conclusions import add_conclusions
from surveyapp.commands.demonstration.voices import has_voices, load_voices
from surveyapp.foundation.calendar import working_days as calendar
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.mail.outbox import mark_as_sent
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.operations import issue_requests, note_start
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.operations import set_up_audit
from surveyapp.planning.queries import audit_titled
from surveyapp.planning.setup.setup_file import read_set_up
from surveyapp.report.models import SavedReport
from surveyapp.report.operations import ReportDetails, save_report_details, save_section_text

TITLE = "Repeat Child Protection Plans (demonstration)"
ACTOR = "demonstration"
# Working days: the first chaser, five before the due day, falls on the next working day from today.
DUE_IN, ASKED_FOR, OPEN_AFTER_DUE = 6, 15, 20
FOLDER_FILES = files("surveyapp.commands.demonstration")


def demonstration_audit() -> Audit | None:
    """The demonstration audit, if it is loaded."""
    return audit_titled(TITLE)


def is_loaded() -> bool:
    """Whether the demonstration audit is there, with what its agencies returned."""
    audit = demonstration_audit()
    return audit is not None and _has_returns(audit)


def _has_returns(audit: Audit) -> bool:
    begun = select(Return.id).join(AuditRequest).where(AuditRequest.audit_id == audit.id)
    return session.scalar(begun.limit(1)) is not None


def load_demonstration(*, now: datetime) -> Audit:
    """Load the demonstration audit, or find it loaded. Commits as it goes.

    A second call finds each step done: asked, the emails delivered, answered, voices gathered, concluded.
    `now` is UTC.
    """
    with transaction():
        audit = demonstration_audit() or _set_up_and_issue(now)
        asked_at = audit.issued_at or now
    _deliver(audit, asked_at)
    with transaction():
        if not _has_returns(audit):
            _answer(audit, asked_at, now)
        if session.scalar(select(Benchmark.id).where(Benchmark.audit_id == audit.id)) is None:
            _add_benchmark(audit, now)
        if not has_voices(audit):
            load_voices(audit, actor=ACTOR, now=now)
        if session.scalar(select(SavedReport.id).where(SavedReport.audit_id == audit.id)) is None:
            _report(audit, now)
    _deliver_receipts(audit)
    with transaction():
        add_conclusions(audit, actor=ACTOR, now=now)
    return audit


def _set_up_and_issue(now: datetime) -> Audit:
    today = local_day(now)
    due_on = calendar.add_working_days(today, DUE_IN)
    days = {
        "issue_on": calendar.add_working_days(due_on, -ASKED_FOR),
        "due_on": due_on,
        "close_on": calendar.add_working_days(due_on, OPEN_AFTER_DUE),
    }
    text = (FOLDER_FILES / "audit.yaml").read_text("utf-8")
    for name, day in days.items():
        text = text.replace(f"{{{name}}}", day.isoformat())
    asked_at = utc_moment(days["issue_on"], time(10))
    audit = set_up_audit(read_set_up(text.encode(), "audit.yaml"), actor=ACTOR, now=asked_at)
    issue_requests(audit, actor=ACTOR, now=asked_at)
    return audit


def _add_benchmark(audit: Audit, now: datetime) -> None:
    """Put the ten neighbours of the report beside the audit."""
    said = tomllib.loads((FOLDER_FILES / "benchmark.toml").read_text("utf-8"))
    details = BenchmarkDetails(**{**said, "rows": read_rows(said["rows"])})
    save_benchmark(audit, details, actor=ACTOR, now=now)


def _report(audit: Audit, now: datetime) -> None:
    """Say from whom the sample was drawn and what the audit rests on, and write what its author would."""
    said = tomllib.loads((FOLDER_FILES / "report.toml").read_text("utf-8"))
    texts = said.pop("texts")
    details = ReportDetails(**{name: text.strip() for name, text in said.items()})
    save_report_details(audit, details, actor=ACTOR, now=now)
    for section, text in texts.items():
        save_section_text(audit, section, text.strip(), seen="", actor=ACTOR, now=now)


def _deliver(audit: Audit, asked_at: datetime) -> None:
    """Put the emails where a newcomer can open them; with a real mail server nobody is written to."""
    if settings().mail_folder:
        drain(lambda: asked_at)
    with transaction():
        grants = select(AuditRequest.grant_id).where(AuditRequest.audit_id == audit.id)
        mark_as_sent("request", grants, at=asked_at)


def _answer(audit: Audit, asked_at: datetime, now: datetime) -> None:
    rows = session.execute(
        select(AuditRequest, Case, Agency)
        .join(Case, AuditRequest.case_id == Case.id)
        .join(Agency, AuditRequest.agency_id == Agency.id)
        .where(AuditRequest.audit_id == audit.id)
        .order_by(AuditRequest.id)
    )
    places = {
        DemonstrationRequest(agency.name, agency.kind, case.pseudonym, case.age_months or 0): audit_request
        for audit_request, case, agency in rows
    }
    said = returned_answers(place for place in places if not is_outstanding(place))
    begun = dict.fromkeys(filter(is_begun, places))
    in_time = sorted(
        {**begun, **said}, key=lambda place: (place.moment(asked_at, now), place.repeatable_number("return"))
    )
    for place in in_time:
        audit_request, at = places[place], place.moment(asked_at, now)
        note_start(audit_request.grant, now=at)
        act = return_audit if place in said else save_draft
        given = said.get(place) or draft()
        act(audit_request, given, ButtonPress(f"demonstration-{audit_request.id}", 0), now=at)


def _deliver_receipts(audit: Audit) -> None:
    """Put the receipts beside the requests, each at the moment at which its return came in."""
    theirs = select(Return.id).join(AuditRequest).where(AuditRequest.audit_id == audit.id)
    if settings().mail_folder:
        waiting = select(Outbox.created_at).where(Outbox.kind == "receipt", Outbox.state == "queued")
        for at in session.scalars(waiting.order_by(Outbox.created_at)).all():
            drain(partial(_fixed_moment, at), limit=1)
    with transaction():
        mark_as_sent("receipt", theirs)


def _fixed_moment(moment: datetime) -> datetime:
    return moment
