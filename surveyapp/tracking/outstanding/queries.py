"""The outstanding list: each outstanding request, and whom to ring about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import aliased

from surveyapp.agencies.models import Agency, Contact
from surveyapp.calling.models import Call, Promise
from surveyapp.calling.queries import last_calls_in, promises_in
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant, due_day
from surveyapp.issuing.queries import last_link_emails
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.request_state import has_draft, request_state, select_from_requests
from surveyapp.tracking.tally import OUTSTANDING_STATES


@dataclass(frozen=True)
class OutstandingRequest:
    """One outstanding request, the contact to ring about it, and how often they were chased."""

    request_id: int
    reference: str
    case: str
    agency: str
    contact: str
    telephone: str
    email: str
    # The name of the contact who passed it to this one; empty where nobody did.
    passed_by: str
    word: str
    has_draft: bool
    asked_at: datetime
    due_on: date | None
    chased: int
    last_chased_at: datetime | None
    # The last call noted with the contact, if there was one, and the UK day by which they promised it.
    call: Call | None = None
    promised_on: date | None = None

    @property
    def asked_on(self) -> date:
        """The UK day on which the contact was asked."""
        return local_day(self.asked_at)

    @property
    def last_chased_on(self) -> date | None:
        """The UK day on which the last chaser was sent; None before the first."""
        return local_day(self.last_chased_at) if self.last_chased_at else None


def outstanding_list(audit: Audit) -> list[OutstandingRequest]:
    """Every outstanding request of an audit, by agency, then in the order of the cases."""
    last_emails = last_link_emails([audit.id])
    chased = chasers_sent(audit)
    word = request_state(last_emails).label("word")
    passers_grant, passer = aliased(Grant), aliased(Contact)
    columns: Any = select(
        AuditRequest.id.label("request_id"),
        AuditRequest.grant_id,
        AuditRequest.reference,
        Case.pseudonym.label("case"),
        Agency.name.label("agency"),
        Contact.name.label("contact"),
        Contact.telephone,
        Contact.email,
        func.coalesce(passer.name, "").label("passed_by"),
        word,
        has_draft().label("has_draft"),
        AuditRequest.issued_at.label("asked_at"),
        AuditRequest.due_on,
        func.coalesce(chased.c.times, 0).label("chased"),
        chased.c.last_at.label("last_chased_at"),
    )
    rows = session.execute(
        select_from_requests(columns, [audit.id], last_emails)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(Grant, Grant.id == AuditRequest.grant_id)
        .join(Contact, Contact.id == Grant.contact_id)
        .outerjoin(Delegation, and_(Delegation.request_id == AuditRequest.id, Delegation.under_way()))
        .outerjoin(passers_grant, passers_grant.id == Delegation.from_grant_id)
        .outerjoin(passer, passer.id == passers_grant.contact_id)
        .outerjoin(chased, chased.c.grant_id == Grant.id)
        .where(word.in_(OUTSTANDING_STATES))
        .order_by(Agency.name, Case.position, AuditRequest.id)
    )
    calls, promises = last_calls_in(audit), promises_in(audit)
    return [_outstanding_request(audit, dict(row), calls, promises) for row in rows.mappings()]


def _outstanding_request(
    audit: Audit, row: dict[str, Any], calls: Mapping[int, Call], promises: Mapping[int, Promise]
) -> OutstandingRequest:
    grant_id = row.pop("grant_id")
    promise = promises.get(grant_id)
    return OutstandingRequest(
        **{**row, "due_on": due_day(audit.due_on, row["due_on"])},
        call=calls.get(grant_id),
        promised_on=promise.by if promise else None,
    )


def chasers_sent(audit: Audit) -> Subquery:
    """Subquery: how many chasers each grant of an audit was sent, and when the last one left."""
    return (
        select(
            Outbox.subject_id.label("grant_id"),
            func.count().label("times"),
            func.max(Outbox.handed_over_at, type_=Outbox.handed_over_at.type).label("last_at"),
        )
        .join(Grant, Grant.id == Outbox.subject_id)
        .where(Outbox.kind == "chaser", Outbox.state == "sent", Grant.audit_id == audit.id)
        .group_by(Outbox.subject_id)
        .subquery("chased")
    )
