"""Queries for requests, the form they are answered on, their grants and their emails."""

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from surveyapp.agencies.models import Agency
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import form_named, forms_folder
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.store.row_locks import lock_row_if_there
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case


def form_of(audit: Audit) -> AuditForm:
    """The form with which an audit was issued; before issue, the form in its file at present."""
    return audit.form if audit.form_definition else form_named(forms_folder(), audit.form_id)


def live_requests(grant: Grant) -> list[AuditRequest]:
    """The requests of a grant that have not been withdrawn, in the order of the audit's cases."""
    requests = (
        select(AuditRequest)
        .join(AuditRequest.case)
        .where(AuditRequest.grant_id == grant.id, AuditRequest.withdrawn_at.is_(None))
        .options(contains_eager(AuditRequest.case), joinedload(AuditRequest.agency))
        .order_by(Case.position, Case.id, AuditRequest.id)
    )
    return list(session.scalars(requests))


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
