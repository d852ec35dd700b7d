"""Operations on a contact's grant for an audit: make it, revoke it, queue the email with its link."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.mail.outbox import cancel_emails, queue_email
from surveyapp.foundation.store.db import session
from surveyapp.issuing.lasting_links.operations import record_after_commit
from surveyapp.issuing.links import draw_public_id
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit


def grant_for(audit: Audit, contact: Contact, *, now: datetime) -> Grant:
    """The contact's grant for this audit, made if they have none.

    A revoked grant is in force again, with a new link.
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


def give_new_link(grant: Grant, *, why: str, now: datetime) -> None:
    """Give a grant in force a new link: the old one opens nothing, and emails that wait are cancelled."""
    grant.version += 1
    grant.started_at = None
    session.flush()
    cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why=why)
    record_after_commit()


def revoke_grant(grant: Grant, *, why: str, now: datetime) -> None:
    """Revoke a grant, so that its link opens nothing, and cancel the emails waiting to be sent with it."""
    _revoke(grant, why=why, now=now)
    record_after_commit()


def _revoke(grant: Grant, *, why: str, now: datetime) -> None:
    grant.version += 1
    grant.revoked_at = now
    session.flush()
    cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why=why)


def revoke_unused_grant(grant: Grant, *, now: datetime) -> None:
    """Revoke a grant that has no request, withdrawn or not, and no delegation under way."""
    has_request = exists().where(AuditRequest.grant_id == grant.id)
    has_delegated = exists().where(Delegation.from_grant_id == grant.id, Delegation.under_way())
    if grant.revoked_at is None and not session.scalar(select(or_(has_request, has_delegated))):
        _revoke(grant, why="given back", now=now)


def queue_request_email_by_count(grant: Grant, *, now: datetime) -> bool:
    """Queue the request email, at most once for each number of requests.

    It is queued again after requests were added, and not after a second press. False if queued before.
    """
    # Delegated requests count too, so that passing one on does not change the number.
    delegated = select(Delegation.request_id).where(
        Delegation.from_grant_id == grant.id, Delegation.under_way()
    )
    asked = or_(AuditRequest.grant_id == grant.id, AuditRequest.id.in_(delegated))
    count = select(func.count()).select_from(AuditRequest).where(asked)
    return queue_request_email(grant, str(session.scalar(count)), now=now)


def queue_check_email(grant: Grant, what: str, *, now: datetime) -> bool:
    """Queue the email of the involvement check, at most once for each version of the link and each `what`.

    False if it was queued before.
    """
    contact = session.get_one(Contact, grant.contact_id)
    key = f"involvement_check:{grant.id}:{grant.version}:{what}"
    return queue_email("involvement_check", grant.id, to=contact.email, key=key, now=now)


def queue_request_email(grant: Grant, what: str, *, now: datetime) -> bool:
    """Queue the request email, at most once for each version of the link and each `what`.

    `what` is the number of requests, or the press that sends the email again. False if it was queued before.
    """
    contact = session.get_one(Contact, grant.contact_id)
    return queue_email(
        "request", grant.id, to=contact.email, key=f"request:{grant.id}:{grant.version}:{what}", now=now
    )
