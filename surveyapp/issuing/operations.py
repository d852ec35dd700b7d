"""Issuing: ask every agency for its returns, once; and put right what has been asked of the wrong person."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.db import session
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.events import record
from surveyapp.foundation.outbox import cancel, queue
from surveyapp.foundation.signals import announce, requests_issued
from surveyapp.issuing.links import new_public_id
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Grant
from surveyapp.issuing.queries import askings, form_of, live_requests, lock_grant
from surveyapp.planning import operations as planning
from surveyapp.planning.models import Audit, Case
from surveyapp.planning.queries import readiness

# Without the characters that are taken for one another on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST_REASON = 300
FRESH_LINKS_A_DAY = 3
_PRESS = re.compile(r"[a-zA-Z0-9_-]{8,60}")


class NotReady(Refused):
    """An audit that nobody can answer as it is planned; `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Say each problem on a line of its own."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Issued:
    """What one issue asked for, and of how many contacts; `warnings` say who could not be asked yet."""

    requests: int
    contacts: int
    warnings: tuple[str, ...] = ()


def issue_requests(audit: Audit, *, actor: str, now: datetime) -> Issued:
    """Ask for every ticked cell that has not been asked for yet, and queue one email for each contact.

    Gives what was issued: 0 requests when all were issued before. An agency without a contact waits until it
    has one. `now` is UTC. Raises NotReady with what stands in the way, Refused once returns have closed.
    """
    # Whoever presses second waits here, and then finds nothing left to issue (PROMISES A19).
    _lock(select(Audit).where(Audit.id == audit.id))
    if audit.is_closed(now):
        raise Refused(
            "Returns of this audit have closed.", way_on="Reopen it, then issue what has been added."
        )
    ready, plan = readiness(audit, today=local_day(now)), askings(audit)
    if ready.refusals or not (plan or audit.is_issued):
        raise NotReady(ready.problems)
    if not plan:
        return Issued(0, 0, ready.warnings)
    if not audit.is_issued:
        planning.mark_issued(audit, definition_json=form_of(audit).to_json(), now=now)
    references = iter(_new_references(sum(len(asking.new) for asking in plan)))
    for asking in plan:
        grant = _grant(audit, asking.contact, now=now)
        for case in asking.new:
            session.add(_request(audit, case, asking.agency, grant, next(references), now=now))
        session.flush()
        _queue_asking(grant, now=now)
    count = sum(len(asking.new) for asking in plan)
    record(
        actor, "issued_requests", f"audit {audit.id}", f"{count} requests to {len(plan)} contacts", now=now
    )
    announce(requests_issued, audit_id=audit.id, count=count)
    return Issued(count, len(plan), ready.warnings)


def _lock(wanted: Select[Any]) -> None:
    """Lock a row and read it afresh; a query of its own, as PostgreSQL locks no outer join."""
    session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


def _request(  # noqa: PLR0913 — one for each column
    audit: Audit, case: Case, agency: Agency, grant: Grant, reference: str, *, now: datetime
) -> AuditRequest:
    return AuditRequest(
        public_id=new_public_id(),
        reference=reference,
        audit_id=audit.id,
        case_id=case.id,
        agency_id=agency.id,
        grant_id=grant.id,
        issued_at=now,
    )


def _grant(audit: Audit, contact: Contact, *, now: datetime) -> Grant:
    """The contact's grant for this audit: the one they have, or a new one.

    A withdrawn one begins a new link.
    """
    grant = session.scalar(
        select(Grant).where(Grant.audit_id == audit.id, Grant.contact_id == contact.id).with_for_update()
    )
    if grant is None:
        grant = Grant(
            audit_id=audit.id, contact_id=contact.id, public_id=new_public_id(), version=1, issued_at=now
        )
        session.add(grant)
        session.flush()
    elif grant.revoked_at is not None:
        grant.version += 1
        grant.revoked_at, grant.started_at, grant.issued_at = None, None, now
    return grant


def _new_references(count: int) -> list[str]:
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


def _queue_asking(grant: Grant, *, now: datetime) -> bool:
    """Queue the email about what has just been asked.

    Requests added later make another key, a second press does not.
    """
    asked = select(func.count()).select_from(AuditRequest).where(AuditRequest.grant_id == grant.id)
    return _queue_request(grant, str(session.scalar(asked)), now=now)


def _queue_request(grant: Grant, what: str, *, now: datetime) -> bool:
    """Queue the request email, at most once for each link and each `what`.

    How many requests, or which asking again.
    """
    contact = session.get_one(Contact, grant.contact_id)
    return queue(
        "request", grant.id, to=contact.email, key=f"request:{grant.id}:{grant.version}:{what}", now=now
    )


def withdraw_request(audit_request: AuditRequest, *, reason: str, actor: str, now: datetime) -> None:
    """Ask no longer for one request: it leaves the contact's list, and no figure counts it.

    What was saved or returned stays stored. Raises Refused without a reason, or where it has been withdrawn
    before.
    """
    grant = lock_grant(audit_request.grant_id)
    _lock(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    if audit_request.withdrawn_at is not None:
        raise Refused("This request has been withdrawn already.")
    if not reason.strip():
        raise Refused("Say why you withdraw this request.")
    audit_request.withdrawn_at = now
    audit_request.withdrawn_reason = reason.strip()[:LONGEST_REASON]
    session.flush()
    if grant is not None and not live_requests(grant):
        cancel(MAIL_ABOUT_A_GRANT, grant.id, now=now, why="withdrawn")
    record(actor, "withdrew_request", f"request {audit_request.id}", now=now)


def ask_again(audit_request: AuditRequest, *, actor: str, now: datetime) -> None:
    """Take back a withdrawal: the request is on the contact's list again, with what was saved."""
    lock_grant(audit_request.grant_id)
    _lock(select(AuditRequest).where(AuditRequest.id == audit_request.id))
    if audit_request.withdrawn_at is None:
        raise Refused("This request has not been withdrawn.")
    audit_request.withdrawn_at, audit_request.withdrawn_reason = None, ""
    record(actor, "took_back_withdrawal", f"request {audit_request.id}", now=now)


@dataclass(frozen=True)
class Succession:
    """Another contact's grant in place of the first, and whether an email with its link was queued."""

    grant: Grant
    queued: bool


def replace_contact(grant: Grant, contact: Contact, *, actor: str, now: datetime) -> Succession:
    """Let another contact of the agency answer: the old link is dead from now on, the drafts stay.

    All requests of the grant go with it, and the new contact gets the request email while returns are open.
    Raises Refused for a contact of another agency, one who has left, or the one who answers already.
    """
    lock_grant(grant.id)
    old = session.get_one(Contact, grant.contact_id)
    if contact.agency_id != old.agency_id or contact.left_at is not None:
        raise Refused(
            "This person does not answer for that agency.", way_on="Add them to the agency’s contacts first."
        )
    if contact.id == old.id and grant.revoked_at is None:
        raise Refused("This person is asked already.", way_on="Send the link again, or choose someone else.")
    audit = session.get_one(Audit, grant.audit_id)
    _revoke(grant, why="address changed", now=now)
    successor = _grant(audit, contact, now=now)
    moved = list(
        session.scalars(select(AuditRequest).where(AuditRequest.grant_id == grant.id).with_for_update())
    )
    for audit_request in moved:
        audit_request.grant_id = successor.id
    session.flush()
    session.expire(grant, ["requests"])
    session.expire(successor, ["requests"])
    asked = bool(live_requests(successor)) and not audit.is_closed(now)
    queued = asked and _queue_asking(successor, now=now)
    record(actor, "replaced_contact", f"grant {grant.id}", f"by grant {successor.id}", now=now)
    return Succession(successor, queued)


def _revoke(grant: Grant, *, why: str, now: datetime) -> None:
    grant.version += 1
    grant.revoked_at = now
    session.flush()
    cancel(MAIL_ABOUT_A_GRANT, grant.id, now=now, why=why)


def send_link_again(grant: Grant, *, seen: int, actor: str, now: datetime) -> bool:
    """Send a contact the request email again, with the same link; False when this press was counted already.

    `seen` is how many request emails the page had counted, so that a double click sends one.
    """
    lock_grant(grant.id)
    _check_asked(grant, now)
    queued = _queue_request(grant, f"again:{seen}", now=now)
    if queued:
        record(actor, "sent_link_again", f"grant {grant.id}", now=now)
    return queued


def send_new_link(grant: Grant, *, seen: int, actor: str, now: datetime) -> bool:
    """Make a new link for the same contact and send it to the address they have now; the old one is dead.

    For an address that was mistyped, or a link that went further than it should. `seen` is the version that
    its page showed; False when another press was first. Raises Refused once returns have closed: the link
    that the contact has still shows them their own copy.
    """
    lock_grant(grant.id)
    _check_asked(grant, now)
    if grant.version != seen:
        return False
    grant.version += 1
    grant.started_at = None
    session.flush()
    cancel(MAIL_ABOUT_A_GRANT, grant.id, now=now, why="link withdrawn")
    queued = _queue_asking(grant, now=now)
    record(actor, "withdrew_link", f"grant {grant.id}", now=now)
    return queued


def _check_asked(grant: Grant, now: datetime) -> None:
    """Refuse to send a link to somebody who could not answer with it."""
    if grant.revoked_at is not None or not live_requests(grant):
        raise Refused("Nothing is asked of this contact any more.")
    if session.get_one(Audit, grant.audit_id).is_closed(now):
        raise Refused(
            "Returns of this audit have closed.",
            way_on="Reopen it first; the link still shows the contact their own copy.",
        )


def send_fresh_links(grants: Iterable[Grant], *, now: datetime) -> int:
    """Send these links to the addresses on record, at most three times a day for each; how many were queued.

    Whoever asked is told the same whatever this gives (PROMISES L14).
    """
    day = local_day(now).isoformat()
    count = 0
    for grant in grants:
        keys = (f"fresh:{day}:{number}" for number in range(1, FRESH_LINKS_A_DAY + 1))
        if any(_queue_request(grant, key, now=now) for key in keys):
            count += 1
            record(f"grant {grant.id}", "asked_for_link", f"grant {grant.id}", now=now)
    return count


def send_test_copy(audit: Audit, *, to: str, press: str, actor: str, now: datetime) -> bool:
    """Send somebody the email that the first contact would get, with a link that opens nothing.

    False for a double click: `press` comes with the page and is new each time it is shown.
    """
    if not askings(audit):
        raise Refused("There is nothing to issue, so there is no email to copy.")
    if not _PRESS.fullmatch(press):
        raise NotFound
    queued = queue("test_copy", audit.id, to=to, key=f"test_copy:{audit.id}:{press}", now=now)
    if queued:
        record(actor, "sent_test_copy", f"audit {audit.id}", now=now)
    return queued


def note_start(grant: Grant, *, now: datetime) -> None:
    """Note, once, that a person has pressed Start."""
    if grant.started_at is None:
        grant.started_at = now
        record(f"grant {grant.id}", "started_answering", f"grant {grant.id}", now=now)
