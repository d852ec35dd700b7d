"""Queries for requests, the form they are answered on, their grants and their emails."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.queries import usable_form
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.store.row_locks import lock_row_if_there
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case

# The emails that carry the link. A contact has been asked once one of them was sent.
LINK_MAIL_KINDS = ("request", "passed_on", "chaser")


def form_of(audit: Audit) -> AuditForm:
    """The form with which an audit was issued; before issue, the form as it is at present."""
    return audit.form if audit.form_definition else usable_form(audit.form_id)


_LIVE_REQUESTS = (
    select(AuditRequest)
    .join(AuditRequest.case)
    .where(AuditRequest.grant_id == bindparam("grant_id"), AuditRequest.withdrawn_at.is_(None))
    .options(contains_eager(AuditRequest.case), joinedload(AuditRequest.agency))
    .order_by(Case.position, Case.id, AuditRequest.id)
)


def live_requests(grant: Grant) -> list[AuditRequest]:
    """The requests of a grant that have not been withdrawn, in the order of the audit's cases."""
    return list(session.scalars(_LIVE_REQUESTS, {"grant_id": grant.id}))


def request_of(audit_id: int, request_id: int) -> AuditRequest:
    """One request of an audit, withdrawn or not, for staff.

    Raises NotFound if the audit has no such request.
    """
    audit_request = session.scalar(
        select(AuditRequest)
        .where(AuditRequest.id == request_id, AuditRequest.audit_id == audit_id)
        .options(
            joinedload(AuditRequest.audit),
            joinedload(AuditRequest.case),
            joinedload(AuditRequest.agency).selectinload(Agency.contacts),
            joinedload(AuditRequest.grant).options(joinedload(Grant.contact), selectinload(Grant.requests)),
        )
    )
    if audit_request is None:
        raise NotFound
    return audit_request


def emails_queued(kind: str, subject_id: int) -> int:
    """How many emails of a kind were ever queued about a subject, whatever became of them."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Outbox)
            .where(Outbox.kind == kind, Outbox.subject_id == subject_id)
        )
        or 0
    )


def lock_grant(grant_id: int) -> Grant | None:
    """Lock a grant and read it afresh, so that it stays as it is while an email is sent (promises 3.1)."""
    return lock_row_if_there(select(Grant).where(Grant.id == grant_id))


def grants_in_force(audit_id: int) -> list[Grant]:
    """The grants of an audit that have not been revoked, by number, in which order they are locked."""
    grants = select(Grant).where(Grant.audit_id == audit_id, Grant.revoked_at.is_(None))
    return list(session.scalars(grants.order_by(Grant.id)))


def links_mark(grants: Iterable[Grant]) -> int:
    """A number that grows with every new link of these grants, to detect a second press."""
    return sum(grant.version for grant in grants)


def last_link_emails(audit_ids: Sequence[int] | Select[Any]) -> Subquery:
    """Subquery: for each grant of these audits, the last email with its link to its present address.

    `last` is twice the email's outbox id, plus 1 if the email was refused for good. A grant without such an
    email has no row. Emails to an earlier address do not count, so that correcting an address ends "not
    delivered".
    """
    # The largest value belongs to the latest email; its lowest bit gives the outcome without another join.
    refused = case((Outbox.state == "failed", 1), else_=0)
    return (
        select(Grant.id.label("grant_id"), func.max(Outbox.id * 2 + refused).label("last"))
        .join(Contact, Contact.id == Grant.contact_id)
        .join(
            Outbox,
            and_(
                Outbox.kind.in_(LINK_MAIL_KINDS),
                Outbox.subject_id == Grant.id,
                Outbox.to_addr == Contact.email,
                Outbox.state.in_(("sent", "failed", "doubtful")),
            ),
        )
        .where(Grant.audit_id.in_(audit_ids))
        .group_by(Grant.id)
        .subquery("posted")
    )


def is_refused(last_emails: Subquery) -> ColumnElement[bool]:
    """SQL condition: the last email was refused for good."""
    return last_emails.c.last % 2 == 1


def refused_grants(audit: Audit) -> set[int]:
    """The ids of this audit's grants whose present address refused the last email."""
    last_emails = last_link_emails([audit.id])
    return set(session.scalars(select(last_emails.c.grant_id).where(is_refused(last_emails))))


def last_email_sent(grant: Grant) -> Outbox | None:
    """The last email with the link that was sent to the contact's present address; it may still bounce.

    None if there is none, or if a later one was refused or is in doubt.
    """
    last_emails = last_link_emails([grant.audit_id])
    last = select(last_emails.c.last).where(last_emails.c.grant_id == grant.id).scalar_subquery()
    return session.scalar(select(Outbox).where(Outbox.id * 2 == last, Outbox.state == "sent"))


def grant_of(audit_id: int, contact_id: int) -> Grant:
    """What one contact holds in one audit, for staff. Raises NotFound if they were never asked in it."""
    grant = session.scalar(
        select(Grant)
        .where(Grant.audit_id == audit_id, Grant.contact_id == contact_id)
        .options(joinedload(Grant.audit), joinedload(Grant.contact).joinedload(Contact.agency))
    )
    if grant is None:
        raise NotFound
    return grant
