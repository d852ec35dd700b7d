"""Operations of issuing: ask every agency for its returns once, send a test copy, note a start."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.defining.editing.operations import freeze_form
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.mail.chosen_transport import check_text_is_own
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.signals import announce, requests_issued
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.grant_operations import grant_for, queue_request_email_by_count
from surveyapp.issuing.issue_plan_queries import contacts_to_ask
from surveyapp.issuing.links import draw_public_id
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import form_of
from surveyapp.planning import audit_state_operations as planning
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.readiness import readiness

# Without characters that sound or look alike: references are read out on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# Databases limit the number of values in one statement.
_REFERENCES_IN_STATEMENT = 500
_PRESS = re.compile(r"[a-zA-Z0-9_-]{8,60}")


class NotReady(Refused):
    """The audit cannot be issued as it is planned; `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Set the message, with each problem on a line of its own."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NothingToIssue(Refused):
    """No email is about to be sent, so there is none to copy."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("There is nothing to issue, so there is no email to copy.")


@dataclass(frozen=True)
class IssueSummary:
    """How many requests were issued, to how many contacts; `warnings` say who could not be asked yet."""

    requests: int
    contacts: int
    warnings: tuple[str, ...] = ()


def issue_requests(audit: Audit, *, actor: str, now: datetime) -> IssueSummary:
    """Issue a request for every ticked box that has none yet, and queue one email for each contact.

    Returns the number of requests issued, 0 if all were issued before. An agency without a contact is left
    out until it has one. `now` is UTC. Raises NotReady with the problems, ReturnsClosed, and ExampleTextLeft
    while emails would leave with example text of the settings.
    """
    # A second press waits here, and then finds nothing left to issue (promises A19).
    lock_row(select(Audit).where(Audit.id == audit.id))
    if audit.is_closed(now):
        raise ReturnsClosed(audit, way_on="Reopen it, then issue what has been added.")
    ready, plan = readiness(audit, today=local_day(now)), contacts_to_ask(audit)
    if ready.refusals or not (plan or audit.is_issued):
        raise NotReady(ready.problems)
    if not plan:
        return IssueSummary(0, 0, ready.warnings)
    if not audit.is_example:
        check_text_is_own()
    if not audit.is_issued:
        # Before the form is read: whoever is changing it has stored that by now, or is refused.
        freeze_form(audit.form_id, now=now)
        planning.mark_issued(audit, definition_json=form_of(audit).to_json(), now=now)
    count = sum(len(asking.new) for asking in plan)
    references = iter(_draw_references(count))
    for asking in plan:
        grant = grant_for(audit, asking.contact, now=now)
        for case in asking.new:
            session.add(_request(audit, case, asking.agency, grant, next(references), now=now))
        session.flush()
        queue_request_email_by_count(grant, now=now)
    record_event(
        actor, "issued_requests", f"audit {audit.id}", f"{count} requests to {len(plan)} contacts", now=now
    )
    announce(requests_issued, audit_id=audit.id, count=count)
    return IssueSummary(count, len(plan), ready.warnings)


def _request(  # noqa: PLR0913 — one for each column
    audit: Audit, case: Case, agency: Agency, grant: Grant, reference: str, *, now: datetime
) -> AuditRequest:
    return AuditRequest(
        public_id=draw_public_id(),
        reference=reference,
        audit_id=audit.id,
        case_id=case.id,
        agency_id=agency.id,
        grant_id=grant.id,
        issued_at=now,
    )


def _draw_references(count: int) -> list[str]:
    """Draw `count` different references, such as 7K4-Q2B, in random order, that no request has yet."""
    references: set[str] = set()
    while len(references) < count:
        codes = {
            "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
            for _ in range(count - len(references))
        }
        candidates = {f"{code[:3]}-{code[3:]}" for code in codes}
        references |= candidates - _taken(candidates)
    return sorted(references, key=lambda _reference: secrets.randbits(32))


def _taken(references: Iterable[str]) -> set[str]:
    candidates = list(references)
    taken: set[str] = set()
    for start in range(0, len(candidates), _REFERENCES_IN_STATEMENT):
        is_taken = AuditRequest.reference.in_(candidates[start : start + _REFERENCES_IN_STATEMENT])
        taken |= set(session.scalars(select(AuditRequest.reference).where(is_taken)))
    return taken


def send_test_copy(audit: Audit, *, to: str, press: str, actor: str, now: datetime) -> bool:
    """Queue a copy of the email that the first contact would get, with a link that opens nothing.

    `press` is an id that the page is given each time it is shown, so that a double click sends one copy.
    False if this press was counted before. Raises NothingToIssue, ExampleTextLeft, and NotFound for a garbled
    `press`.
    """
    if not contacts_to_ask(audit):
        raise NothingToIssue
    check_text_is_own()
    if not _PRESS.fullmatch(press):
        raise NotFound
    queued = queue_email("test_copy", audit.id, to=to, key=f"test_copy:{audit.id}:{press}", now=now)
    if queued:
        record_event(actor, "sent_test_copy", f"audit {audit.id}", now=now)
    return queued


def note_start(grant: Grant, *, now: datetime) -> None:
    """Record the first time that a person presses Start."""
    if grant.started_at is None:
        grant.started_at = now
        record_event(f"grant {grant.id}", "started_answering", f"grant {grant.id}", now=now)
