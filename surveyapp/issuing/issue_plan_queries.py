"""Queries for the page before issuing: the contacts to ask, and the cases to ask them about."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager, joinedload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case, Involvement


@dataclass(frozen=True)
class ContactToAsk:
    """One contact, the cases they have been asked about, and the new cases they are to be asked about."""

    contact: Contact
    agency: Agency
    asked: tuple[Case, ...]
    new: tuple[Case, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases that their email lists, in the audit's order."""
        return tuple(sorted((*self.asked, *self.new), key=lambda case: (case.position, case.id)))


def cells_not_issued(audit: Audit) -> list[Involvement]:
    """The ticked boxes of the grid that have no request yet, by case, then by agency."""
    has_request = and_(
        AuditRequest.case_id == Involvement.case_id, AuditRequest.agency_id == Involvement.agency_id
    )
    involvements = (
        select(Involvement)
        .join(Involvement.case)
        .outerjoin(AuditRequest, has_request)
        .where(Case.audit_id == audit.id, AuditRequest.id.is_(None))
        .options(
            contains_eager(Involvement.case),
            joinedload(Involvement.agency).selectinload(Agency.contacts),
        )
        .order_by(Case.position, Case.id, Involvement.agency_id)
    )
    return list(session.scalars(involvements))


def contacts_to_ask(audit: Audit) -> list[ContactToAsk]:
    """Each contact who is about to be asked, with their cases, by name of agency.

    An agency without a contact is left out.
    """
    by_agency: dict[Agency, list[Case]] = {}
    for involvement in cells_not_issued(audit):
        by_agency.setdefault(involvement.agency, []).append(involvement.case)
    asked = _asked_cases(audit)
    contacts = []
    for agency, new in by_agency.items():
        contact = agency.answering_contact
        if contact is not None:
            contacts.append(ContactToAsk(contact, agency, tuple(asked.get(contact.id, ())), tuple(new)))
    return sorted(contacts, key=lambda asking: (asking.agency.name.casefold(), asking.contact.id))


def _asked_cases(audit: Audit) -> dict[int, list[Case]]:
    """The cases about which each contact has been asked, by contact id."""
    rows = session.execute(
        select(Grant.contact_id, Case)
        .join(AuditRequest, AuditRequest.grant_id == Grant.id)
        .join(Case, Case.id == AuditRequest.case_id)
        .where(Grant.audit_id == audit.id, Grant.revoked_at.is_(None), AuditRequest.withdrawn_at.is_(None))
        .order_by(Grant.contact_id, Case.position, Case.id)
    )
    by_contact: dict[int, list[Case]] = {}
    for contact_id, case in rows:
        by_contact.setdefault(contact_id, []).append(case)
    return by_contact
