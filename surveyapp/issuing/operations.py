"""Issuing: ask every agency for its returns, once."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.signals import announce, requests_issued
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.grant_operations import grant_for, queue_request_email_by_count
from surveyapp.issuing.links import draw_public_id
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import contacts_to_ask, form_of
from surveyapp.planning import operations as planning
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.queries import readiness

# Without the characters that are taken for one another on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_PRESS = re.compile(r"[a-zA-Z0-9_-]{8,60}")


class NotReady(Refused):
    """An audit that nobody can answer as it is planned; `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Say each problem on a line of its own."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NothingToIssue(Refused):
    """A test copy is of an email that is about to leave."""

    def __init__(self) -> None:
        """Say that none is."""
        super().__init__("There is nothing to issue, so there is no email to copy.")


@dataclass(frozen=True)
class IssueSummary:
    """What one issue asked for, and of how many contacts; `warnings` say who could not be asked yet."""

    requests: int
    contacts: int
    warnings: tuple[str, ...] = ()


def issue_requests(audit: Audit, *, actor: str, now: datetime) -> IssueSummary:
    """Ask for every ticked cell that has not been asked for yet, and queue one email for each contact.

    Gives what was issued: 0 requests when all were issued before. An agency without a contact waits until it
    has one. `now` is UTC. Raises NotReady with what stands in the way, ReturnsClosed once they have.
    """
    # Whoever presses second waits here, and then finds nothing left to issue (promises A19).
    lock_row(select(Audit).where(Audit.id == audit.id))
    if audit.is_closed(now):
        raise planning.ReturnsClosed(audit, way_on="Reopen it, then issue what has been added.")
    ready, plan = readiness(audit, today=local_day(now)), contacts_to_ask(audit)
    if ready.refusals or not (plan or audit.is_issued):
        raise NotReady(ready.problems)
    if not plan:
        return IssueSummary(0, 0, ready.warnings)
    if not audit.is_issued:
        planning.mark_issued(audit, definition_json=form_of(audit).to_json(), now=now)
    references = iter(_draw_references(sum(len(asking.new) for asking in plan)))
    for asking in plan:
        grant = grant_for(audit, asking.contact, now=now)
        for case in asking.new:
            session.add(_request(audit, case, asking.agency, grant, next(references), now=now))
        session.flush()
        queue_request_email_by_count(grant, now=now)
    count = sum(len(asking.new) for asking in plan)
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
    """Draw references nobody has yet, such as 7K4-Q2B, to be read out on the telephone."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {
            "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6)) for _ in range(count - len(found))
        }
        written = {f"{each[:3]}-{each[3:]}" for each in drawn}
        found |= written - _taken(written)
    return sorted(found, key=lambda _each: secrets.randbits(32))


def _taken(references: Iterable[str]) -> set[str]:
    wanted = list(references)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        some = AuditRequest.reference.in_(wanted[start : start + 500])
        found |= set(session.scalars(select(AuditRequest.reference).where(some)))
    return found


def send_test_copy(audit: Audit, *, to: str, press: str, actor: str, now: datetime) -> bool:
    """Send somebody the email that the first contact would get, with a link that opens nothing.

    False for a double click: `press` comes with the page and is new each time it is shown.
    """
    if not contacts_to_ask(audit):
        raise NothingToIssue
    if not _PRESS.fullmatch(press):
        raise NotFound
    queued = queue_email("test_copy", audit.id, to=to, key=f"test_copy:{audit.id}:{press}", now=now)
    if queued:
        record_event(actor, "sent_test_copy", f"audit {audit.id}", now=now)
    return queued


def note_start(grant: Grant, *, now: datetime) -> None:
    """Note, once, that a person has pressed Start."""
    if grant.started_at is None:
        grant.started_at = now
        record_event(f"grant {grant.id}", "started_answering", f"grant {grant.id}", now=now)
