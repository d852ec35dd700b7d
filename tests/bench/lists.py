"""Measures each page that lists rows, in a database of a large partnership: `python -m tests.bench.lists`.

The pages are fetched within this process, and processor time is measured, which other work on the machine
changes little. The floor of a page is the time of a page of the same frame without a list, and of the page's
own statements sent straight to SQLite's driver.
"""

import contextlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from surveyapp.agencies.models import Agency, Contact
from surveyapp.answering.models import Concern, Enquiry, Return
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.log.event_kinds import EVENT_WORDS
from surveyapp.planning.models import Audit, Case
from surveyapp.standalone.models import Staff
from surveyapp.standalone.sessions.operations import begin_session
from tests.accounts import staff_row
from tests.bench.installation import RETURNED, BenchInstallation
from tests.bench.table import Line

BUDGET = 150  # milliseconds
# For a form with a field for each of the 9,000 requests.
BUDGET_OF_A_FORM = 300
FORMS = {"grid of agencies"}
TIMES = 5
AUDITS, AGENCIES, CASES, MESSAGES, CONTACTS = 300, 90, 100, 10_000, 2_000
ENQUIRIES, CONCERNS, ACCOUNTS, EVENTS = 300, 100, 60, 100_000
FRAME = "/agencies/add"
Statement = tuple[str, Any]
# The pages, by the words of their heading; {audit} is the audit of 9,000 requests.
PAGES = {
    "Audits": "/audits",
    "audits set aside": "/audits/set-aside",
    "programme": "/programme",
    "agencies": "/agencies",
    "contacts of an agency": "/agencies/{agency}",
    "forms": "/forms",
    "accounts of staff": "/staff",
    "mail": "/mail",
    "mail, with receipts": "/mail?receipts=1",
    "log": "/log",
    "log of what was read": "/log?kind=reading",
    "log of an audit": "/log?audit={audit}",
    "log of a person": "/log?person=person+7",
    "tracking": "/audits/{audit}",
    "live figures of the tracking page": "/audits/{audit}/live.json",
    "totals": "/audits/{audit}/totals",
    "outstanding": "/audits/{audit}/outstanding",
    "outstanding by agency": "/audits/{audit}/outstanding/agencies",
    "chasers": "/audits/{audit}/chasers",
    "questions from agencies": "/audits/{audit}/enquiries",
    "concerns": "/audits/{audit}/concerns",
    "calendar": "/audits/{audit}/calendar",
    "cases": "/audits/{audit}/cases",
    "grid of agencies": "/audits/{audit}/grid",
    "references": "/audits/{audit}/references",
    "involvement check": "/audits/{audit}/involvement",
    "comments": "/audits/{audit}/comments",
    "actions": "/audits/{audit}/actions",
}


def load_partnership(stock: BenchInstallation) -> dict[str, int]:
    """Store all rows; returns the ids that addresses need."""
    now = clock.now()
    large = stock.add_audit(agencies=AGENCIES, cases=CASES, returned=RETURNED)
    agencies = list(session.scalars(select(Agency.id)))
    session.execute(
        insert(Contact),
        [
            {
                "agency_id": agencies[number % len(agencies)],
                "name": f"Colleague {number}",
                "email": f"colleague{number}@agency.example",
                "role": "colleague",
            }
            for number in range(CONTACTS - len(agencies))
        ],
    )
    _copy_audit(large, now=now)
    requests = session.execute(
        select(AuditRequest.id, AuditRequest.grant_id, Return.id)
        .join(Return, Return.request_id == AuditRequest.id)
        .where(AuditRequest.audit_id == large)
        .order_by(AuditRequest.id)
    ).all()
    session.execute(insert(Enquiry), [_enquiry(number, *requests[number][:2]) for number in range(ENQUIRIES)])
    session.execute(
        insert(Concern),
        [{"request_id": requests[number][0], "raised_at": now} for number in range(CONCERNS)],
    )
    kinds = [(("request", row[1]), ("chaser", row[1]), ("receipt", row[2])) for row in requests]
    session.execute(
        insert(Outbox),
        [_message(number, *kinds[number % len(kinds)][number % 3]) for number in range(MESSAGES)],
    )
    session.execute(
        insert(Event), [_event(number, *requests[number % len(requests)][:2]) for number in range(EVENTS)]
    )
    session.add_all(
        staff_row(f"Account {number}", email=f"account{number}@partnership.example")
        for number in range(ACCOUNTS)
    )
    session.commit()
    return {"audit": large, "agency": agencies[0]}


def _copy_audit(large: int, *, now: Any) -> None:
    """Store 299 more audits, each issued to two agencies about two children."""
    original = session.get_one(Audit, large)
    columns = [column.key for column in Audit.__table__.columns if column.key not in {"id", "title"}]
    shared = {name: getattr(original, name) for name in columns}
    contacts = session.execute(select(Contact.agency_id, Contact.id).where(Contact.role == "lead")).all()
    for number in range(1, AUDITS):
        audit = Audit(title=f"Audit of theme {number}", **shared)
        session.add(audit)
        session.flush()
        cases = [Case(audit_id=audit.id, position=n, pseudonym=f"Child {n}", age_months=60) for n in (1, 2)]
        session.add_all(cases)
        session.flush()
        pair = contacts[number % len(contacts)], contacts[(number + 1) % len(contacts)]
        for agency_id, contact_id in pair:
            grant = Grant(
                audit_id=audit.id, contact_id=contact_id, public_id=f"g{number}-{agency_id}", issued_at=now
            )
            session.add(grant)
            session.flush()
            session.add_all(
                AuditRequest(
                    public_id=f"r{number}-{agency_id}-{case.id}",
                    reference=f"{number:x}-{agency_id}-{case.id}",
                    audit_id=audit.id,
                    case_id=case.id,
                    agency_id=agency_id,
                    grant_id=grant.id,
                    issued_at=now,
                )
                for case in cases
            )
    session.flush()


def _enquiry(number: int, request_id: int, grant_id: int) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "grant_id": grant_id,
        "submission_id": f"bench{number}",
        "kind": "question",
        "text": "Does the plan of 2024 count, which was of another authority?",
        "asked_at": clock.now(),
    }


def _event(number: int, request_id: int, grant_id: int) -> dict[str, Any]:
    actions = sorted(EVENT_WORDS)
    return {
        "at": clock.now() + timedelta(seconds=number),
        "actor": f"grant {grant_id}" if number % 3 else f"Person {number % 20}",
        "action": actions[number % len(actions)],
        "object": f"request {request_id}" if number % 2 else f"grant {grant_id}",
        "detail": "",
    }


def _message(number: int, kind: str, subject_id: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "dedupe_key": f"bench:{number}:{clock.local_day(now)}",
        "kind": kind,
        "subject_id": subject_id,
        "to_addr": f"audit{number % CONTACTS}@agency.example",
        "state": "failed" if number % 500 == 0 else "sent",
        "on_doubt": "resend",
        "message_id": f"<{number}@bench.example>",
        "date_header": "Mon, 30 Nov 2026 09:00:00 +0000",
        "not_before": now,
        "handed_over_at": now,
        "finished_at": now,
        "created_at": now,
    }


def signed_in(app: Flask) -> FlaskClient:
    """The browser of a business manager who administers accounts too."""
    staff = session.scalars(select(Staff).limit(1)).one()
    secret = begin_session(staff, browser="Firefox on Windows", now=clock.now())
    session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["staff_session"] = secret
    return browser


def milliseconds(act: Callable[[], object]) -> float:
    """Milliseconds of processor time, the median of several calls after a first."""
    act()
    took = []
    for _ in range(TIMES):
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
    return median(took)


@contextlib.contextmanager
def statements_noted() -> Iterator[list[Statement]]:
    """The statements that a block sends, with their parameters."""
    noted: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        noted.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def send_bare(file: Path, statements: list[Statement]) -> None:
    """Send the reading statements of a page to SQLite's driver, and fetch all rows."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        for statement, parameters in statements:
            if statement.startswith(("SELECT", "WITH")):
                db.execute(statement, parameters).fetchall()


def lines(folder: Path) -> Iterator[Line]:
    """A line for each page: its budget, its time, and its floor with the size and number of statements."""
    file = folder / "lists.sqlite"
    stock = BenchInstallation(folder, f"sqlite:///{file}")
    with stock.app(PROPAGATE_EXCEPTIONS=True, SURVEY_WORKER=False) as app:
        stock.add_staff()
        ids = load_partnership(stock)
        browser = signed_in(app)

        def fetch(path: str) -> str:
            # The session of this function holds no lock while a request uses its own.
            session.rollback()
            answer = browser.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path} gave {answer.status_code}")
            return answer.text

        frame = milliseconds(lambda: fetch(FRAME))
        for words, address in PAGES.items():
            path = address.format(**ids)
            html = fetch(path)
            with statements_noted() as statements:
                fetch(path)
            took = milliseconds(lambda path=path: fetch(path))  # type: ignore[misc]
            floor = frame + milliseconds(lambda sent=statements: send_bare(file, sent))  # type: ignore[misc]
            budget = BUDGET_OF_A_FORM if words in FORMS else BUDGET
            mark = " **over**" if took > budget else ""
            beside = f"{floor:.0f} ms; {len(html.encode()) / 1000:.0f} kB, {len(statements)} statements"
            yield (f"list of a large partnership: {words}", f"{budget} ms", f"{took:.0f} ms{mark}", beside)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
            sys.stdout.flush()
