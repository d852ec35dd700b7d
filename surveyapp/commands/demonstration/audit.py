"""Loads the demonstration audit through the operations that people use, with dates counted from today."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from importlib.resources import files

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return
from surveyapp.answering.returns.operations import return_audit, save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.collating.comparison.benchmark_operations import BenchmarkDetails, save_benchmark
from surveyapp.collating.comparison.pasted_rows import read_rows
from surveyapp.collating.models import Benchmark
from surveyapp.commands.demonstration.answers import (
    DemonstrationRequest,
    draft,
    is_begun,
    is_outstanding,
    returned_answers,
)
from surveyapp.commands.demonstration.conclusions import add_conclusions
from surveyapp.commands.demonstration.voices import has_voices, load_voices
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.calendar import working_days as calendar
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.mail.outbox import mark_as_sent
from surveyapp.foundation.mail.worker import drain
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.operations import issue_requests, note_start
from surveyapp.planning.audit_state_operations import mark_as_example
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.queries import audit_titled
from surveyapp.planning.setup.operations import set_up_audit
from surveyapp.planning.setup.setup_file import read_set_up
from surveyapp.report.models import SavedReport
from surveyapp.report.operations import ReportDetails, save_report_details, save_section_text

TITLE = "Repeat Child Protection Plans (demonstration)"
ACTOR = "demonstration"
# In working days. The first chaser, five before the due date, falls on the next working day after today.
DUE_IN, ASKED_FOR, OPEN_AFTER_DUE = 6, 15, 20
RETURNS_IN_TRANSACTION = 10
DEMONSTRATION_FILES = files("surveyapp.commands.demonstration")
# Takes a sentence about what is done next, such as “Returning 77 audits and saving 3 drafts.”
Say = Callable[[str], None]


def say_nothing(_sentence: str) -> None:
    """Load without a word."""


def demonstration_audit() -> Audit | None:
    """The demonstration audit; None if it is not loaded."""
    return audit_titled(TITLE)


def is_loaded() -> bool:
    """Whether the demonstration audit and its returns are loaded."""
    audit = demonstration_audit()
    return audit is not None and _has_returns(audit)


def _has_returns(audit: Audit) -> bool:
    returns = select(Return.id).join(AuditRequest).where(AuditRequest.audit_id == audit.id)
    return session.scalar(returns.limit(1)) is not None


def load_demonstration(*, now: datetime, say: Say = say_nothing) -> Audit:
    """Load the demonstration audit unless it is loaded; commits after each part.

    A second call skips what is there: requests, each return, benchmark, voices, report, conclusions. Without
    a mail folder no email is ever seen as queued, so that no worker sends it. `now` is UTC. `say` is told of
    each part that takes more than a moment, before it begins.
    """
    with transaction():
        audit = demonstration_audit() or _set_up_and_issue(now, say)
        issued_at = audit.issued_at or now
    _deliver_requests(audit, issued_at, say)
    _answer(audit, issued_at, now, say)
    with transaction():
        if session.scalar(select(Benchmark.id).where(Benchmark.audit_id == audit.id)) is None:
            _add_benchmark(audit, now)
        if not has_voices(audit):
            say("Adding comments read, talks with families, workshops and the report.")
            load_voices(audit, actor=ACTOR, now=now)
        if session.scalar(select(SavedReport.id).where(SavedReport.audit_id == audit.id)) is None:
            _add_report(audit, now)
    _deliver_receipts(audit, say)
    with transaction():
        add_conclusions(audit, actor=ACTOR, now=now)
    return audit


def _set_up_and_issue(now: datetime, say: Say) -> Audit:
    today = local_day(now)
    due_on = calendar.add_working_days(today, DUE_IN)
    days = {
        "issue_on": calendar.add_working_days(due_on, -ASKED_FOR),
        "due_on": due_on,
        "close_on": calendar.add_working_days(due_on, OPEN_AFTER_DUE),
    }
    text = (DEMONSTRATION_FILES / "audit.yaml").read_text("utf-8")
    for name, day in days.items():
        text = text.replace(f"{{{name}}}", day.isoformat())
    issued_at = utc_moment(days["issue_on"], time(10))
    plan = read_set_up(text.encode(), "audit.yaml")
    say(f"Setting up “{TITLE}” and issuing it: {plan.size}.")
    audit = set_up_audit(plan, actor=ACTOR, now=issued_at)
    mark_as_example(audit)
    issue_requests(audit, actor=ACTOR, now=issued_at)
    if not settings().mail_folder:
        _mark_requests_as_sent(audit, issued_at)
    return audit


def _add_benchmark(audit: Audit, now: datetime) -> None:
    """Add the report's benchmark of ten statistical neighbours."""
    benchmark = tomllib.loads((DEMONSTRATION_FILES / "benchmark.toml").read_text("utf-8"))
    details = BenchmarkDetails(**{**benchmark, "rows": read_rows(benchmark["rows"])})
    save_benchmark(audit, details, actor=ACTOR, now=now)


def _add_report(audit: Audit, now: datetime) -> None:
    """Save the report's details, such as population and references, and its author's own texts."""
    report = tomllib.loads((DEMONSTRATION_FILES / "report.toml").read_text("utf-8"))
    texts = report.pop("texts")
    details = ReportDetails(**{name: text.strip() for name, text in report.items()})
    save_report_details(audit, details, actor=ACTOR, now=now)
    for section, text in texts.items():
        save_section_text(audit, section, text.strip(), seen="", actor=ACTOR, now=now)


def _deliver_requests(audit: Audit, issued_at: datetime, say: Say) -> None:
    """Deliver the emails into the mail folder, if there is one; with a mail server they count as sent."""
    if settings().mail_folder:
        _say_delivery("request", say)
        drain(lambda: issued_at)
        with transaction():
            _mark_requests_as_sent(audit, issued_at)


def _mark_requests_as_sent(audit: Audit, issued_at: datetime) -> None:
    grants = select(AuditRequest.grant_id).where(AuditRequest.audit_id == audit.id)
    mark_as_sent("request", grants, at=issued_at)


def _answer(audit: Audit, issued_at: datetime, now: datetime, say: Say) -> None:
    """Store the returns and drafts that are not there yet, a few at a time: others may write in between."""
    of_audit = AuditRequest.audit_id == audit.id
    rows = session.execute(
        select(AuditRequest, Case, Agency)
        .join(Case, AuditRequest.case_id == Case.id)
        .join(Agency, AuditRequest.agency_id == Agency.id)
        .where(of_audit)
        .order_by(AuditRequest.id)
    )
    requests = {
        DemonstrationRequest(agency.name, agency.kind, case.pseudonym, case.age_months or 0): audit_request
        for audit_request, case, agency in rows
    }
    returned = returned_answers(request for request in requests if not is_outstanding(request))
    begun = dict.fromkeys(filter(is_begun, requests))
    in_order = sorted(
        {**begun, **returned},
        key=lambda request: (request.moment(issued_at, now), request.repeatable_number("return")),
    )
    answered = set(session.scalars(select(Return.request_id).join(AuditRequest).where(of_audit)))
    left = [request for request in in_order if requests[request].id not in answered]
    if left:
        drafts = counted(len(in_order) - len(returned), "draft")
        say(f"Filling in {counted(len(returned), 'return')} and saving {drafts}.")
    for begin in range(0, len(left), RETURNS_IN_TRANSACTION):
        with transaction():
            _store(left[begin : begin + RETURNS_IN_TRANSACTION], requests, returned, issued_at, now)
            if not settings().mail_folder:
                mark_as_sent("receipt", select(Return.id).join(AuditRequest).where(of_audit))


def _store(
    in_order: Sequence[DemonstrationRequest],
    requests: Mapping[DemonstrationRequest, AuditRequest],
    returned: Mapping[DemonstrationRequest, tuple[GivenAnswer, ...]],
    issued_at: datetime,
    now: datetime,
) -> None:
    for request in in_order:
        audit_request, moment = requests[request], request.moment(issued_at, now)
        note_start(audit_request.grant, now=moment)
        store = return_audit if request in returned else save_draft
        answers = returned.get(request) or draft()
        store(audit_request, answers, ButtonPress(f"demonstration-{audit_request.id}", 0), now=moment)


def _say_delivery(kind: str, say: Say) -> None:
    queued = select(func.count()).where(Outbox.kind == kind, Outbox.state == "queued")
    if count := session.scalar(queued):
        say(f"Delivering {counted(count, f'{kind} email')} into the mail folder.")


def _deliver_receipts(audit: Audit, say: Say) -> None:
    """Deliver the receipts, each at the moment of its return."""
    returns = select(Return.id).join(AuditRequest).where(AuditRequest.audit_id == audit.id)
    if settings().mail_folder:
        _say_delivery("receipt", say)
        queued = select(Outbox.created_at).where(Outbox.kind == "receipt", Outbox.state == "queued")
        for returned_at in session.scalars(queued.order_by(Outbox.created_at)).all():
            drain(partial(_fixed_moment, returned_at), limit=1)
    with transaction():
        mark_as_sent("receipt", returns)


def _fixed_moment(moment: datetime) -> datetime:
    return moment
