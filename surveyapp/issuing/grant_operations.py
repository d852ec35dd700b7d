"""A contact's grant for an audit: made, let go, and the request email that carries its link."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.mail.outbox import cancel_emails, queue_email
from surveyapp.foundation.store.db import session
from surveyapp.issuing.links import draw_public_id
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit


def grant_for(audit: Audit, contact: Contact, *, now: datetime) -> Grant:
    """The contact's grant for this audit: the one they have, or a new one.

    A withdrawn one begins a new link.
    """
    grant = session.scalar(
        select(Grant).where(Grant.audit_id == audit.id, Grant.contact_id == contact.id).with_for_update()
    )
    if grant is None:
        grant = Grant(
            audit_id=audit.id, contact_id=contact.id, public_id=draw_public_id(), version=1, issued_at=now
        )
        session.add(grant)
        session.flush()
    elif grant.revoked_at is not None:
        grant.version += 1
        grant.revoked_at, grant.started_at, grant.issued_at = None, None, now
    return grant


def revoke_grant(grant: Grant, *, why: str, now: datetime) -> None:
    """Let a link open nothing from now on, and cancel what waits to be sent with it."""
    grant.version += 1
    grant.revoked_at = now
    session.flush()
    cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why=why)


def revoke_unused_grant(grant: Grant, *, now: datetime) -> None:
    """Revoke a grant on which nothing hangs any more: no request, withdrawn or not, and no pass to watch."""
    holds = exists().where(AuditRequest.grant_id == grant.id)
    watches = exists().where(Delegation.from_grant_id == grant.id, Delegation.under_way())
    if grant.revoked_at is None and not session.scalar(select(or_(holds, watches))):
        revoke_grant(grant, why="given back", now=now)


def queue_request_email_by_count(grant: Grant, *, now: datetime) -> bool:
    """Queue the email about what has just been asked.

    Requests added later make another key, a second press does not.
    """
    # What they have passed to a colleague was asked of them too: passing one on frees no key.
    passed = select(Delegation.request_id).where(Delegation.from_grant_id == grant.id, Delegation.under_way())
    theirs = or_(AuditRequest.grant_id == grant.id, AuditRequest.id.in_(passed))
    asked = select(func.count()).select_from(AuditRequest).where(theirs)
    return queue_request_email(grant, str(session.scalar(asked)), now=now)


def queue_request_email(grant: Grant, what: str, *, now: datetime) -> bool:
    """Queue the request email, at most once for each link and each `what`.

    How many requests, or which asking again.
    """
    contact = session.get_one(Contact, grant.contact_id)
    return queue_email(
        "request", grant.id, to=contact.email, key=f"request:{grant.id}:{grant.version}:{what}", now=now
    )
