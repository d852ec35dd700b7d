"""What a contact holds in all open audits, and whether anybody wrote to their present address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Return
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import LINK_MAIL_KINDS
from surveyapp.planning.models import Case


@dataclass(frozen=True)
class HeldRequest:
    """One request that a contact holds, or has passed to a colleague who still has it."""

    audit_request: AuditRequest
    has_returned: bool
    # The colleague who has it; empty if the contact has it.
    passed_to: str = ""


@dataclass(frozen=True)
class Holding:
    """What a contact holds in one open audit, in the order of the cases."""

    grant: Grant
    requests: tuple[HeldRequest, ...]
    # Whether an email with the link was queued or sent to their present address.
    is_written_to: bool

    @property
    def outstanding(self) -> int:
        """How many of the requests have not been returned."""
        return sum(not held.has_returned for held in self.requests)


def holdings_of(contact: Contact, *, now: datetime) -> list[Holding]:
    """What a contact holds in each open audit, the oldest audit first, without withdrawn requests.

    `now` is UTC. Takes three statements, however many audits there are.
    """
    rows = session.scalars(
        select(Grant)
        .where(Grant.contact_id == contact.id, Grant.revoked_at.is_(None))
        .options(joinedload(Grant.audit))
        .order_by(Grant.audit_id)
    )
    grants = {grant.id: grant for grant in rows if grant.audit.is_issued and not grant.audit.is_closed(now)}
    held = _held(grants)
    written = _written_to(grants, contact)
    return [
        Holding(grant, tuple(held[grant.id]), grant.id in written)
        for grant in grants.values()
        if held.get(grant.id)
    ]


def _held(grant_ids: Collection[int]) -> dict[int, list[HeldRequest]]:
    """The requests of these grants, and those passed from them to colleagues, by the id of the grant."""
    from_here = and_(
        Delegation.request_id == AuditRequest.id,
        Delegation.under_way(),
        Delegation.from_grant_id.in_(grant_ids),
    )
    rows = session.execute(
        select(AuditRequest, Return.returned_at, Delegation)
        .join(Case, Case.id == AuditRequest.case_id)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .outerjoin(Delegation, from_here)
        .where(
            AuditRequest.withdrawn_at.is_(None),
            or_(AuditRequest.grant_id.in_(grant_ids), Delegation.id.is_not(None)),
        )
        .options(
            joinedload(AuditRequest.case),
            joinedload(Delegation.to_grant).joinedload(Grant.contact),
        )
        .order_by(Case.position, Case.id, AuditRequest.id)
    )
    held: dict[int, list[HeldRequest]] = {}
    for audit_request, returned_at, delegation in rows:
        grant_id = delegation.from_grant_id if delegation else audit_request.grant_id
        passed_to = delegation.colleague if delegation else ""
        held.setdefault(grant_id, []).append(HeldRequest(audit_request, returned_at is not None, passed_to))
    return held


def _written_to(grant_ids: Collection[int], contact: Contact) -> set[int]:
    """Those of these grants whose link was queued or sent to the contact's present address."""
    emails = select(Outbox.subject_id).where(
        Outbox.kind.in_(LINK_MAIL_KINDS),
        Outbox.subject_id.in_(grant_ids),
        Outbox.to_addr == contact.email,
        Outbox.state.not_in(("cancelled", "expired")),
    )
    return set(session.scalars(emails))
