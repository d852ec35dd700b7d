"""Who is asked for what: before an audit is issued, and afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import form_named, forms_folder
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.store.row_locks import lock_row_if_there
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit, Case, Involvement


@dataclass(frozen=True)
class ContactToAsk:
    """One contact and the cases about which they are asked: those asked already, and the new ones."""

    contact: Contact
    agency: Agency
    asked: tuple[Case, ...]
    new: tuple[Case, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """All the cases their email lists, in the audit's order."""
        return tuple(sorted((*self.asked, *self.new), key=lambda case: (case.position, case.id)))


def form_of(audit: Audit) -> AuditForm:
    """The form an audit was issued with; before that, the form as its file stands now."""
    return audit.form if audit.form_definition else form_named(forms_folder(), audit.form_id)


def cells_not_issued(audit: Audit) -> list[Involvement]:
    """The ticked cells of the grid for which there is no request yet, by case, then by agency."""
    has_request = and_(
        AuditRequest.case_id == Involvement.case_id, AuditRequest.agency_id == Involvement.agency_id
    )
    found = (
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
    return list(session.scalars(found))


def contacts_to_ask(audit: Audit) -> list[ContactToAsk]:
    """Each contact who is about to be asked, with their cases, by the agency's name.

    An agency without one is left out.
    """
    by_agency: dict[Agency, list[Case]] = {}
    for cell in cells_not_issued(audit):
        by_agency.setdefault(cell.agency, []).append(cell.case)
    asked = _asked(audit)
    found = []
    for agency, new in by_agency.items():
        contact = agency.answering_contact
        if contact is not None:
            found.append(ContactToAsk(contact, agency, tuple(asked.get(contact.id, ())), tuple(new)))
    return sorted(found, key=lambda each: (each.agency.name.casefold(), each.contact.id))


def _asked(audit: Audit) -> dict[int, list[Case]]:
    rows = session.execute(
        select(Grant.contact_id, Case)
        .join(AuditRequest, AuditRequest.grant_id == Grant.id)
        .join(Case, Case.id == AuditRequest.case_id)
        .where(Grant.audit_id == audit.id, Grant.revoked_at.is_(None), AuditRequest.withdrawn_at.is_(None))
        .order_by(Grant.contact_id, Case.position, Case.id)
    )
    found: dict[int, list[Case]] = {}
    for contact_id, case in rows:
        found.setdefault(contact_id, []).append(case)
    return found


def live_requests(grant: Grant) -> list[AuditRequest]:
    """The requests of a grant that have not been withdrawn, in the order of the audit's cases."""
    found = (
        select(AuditRequest)
        .join(AuditRequest.case)
        .where(AuditRequest.grant_id == grant.id, AuditRequest.withdrawn_at.is_(None))
        .options(contains_eager(AuditRequest.case), joinedload(AuditRequest.agency))
        .order_by(Case.position, Case.id, AuditRequest.id)
    )
    return list(session.scalars(found))


def requests_open_to(held: Mapping[str, int]) -> list[AuditRequest]:
    """Every request that these grants open now, by audit, then by case; `held` is public id and version."""
    passer = (
        joinedload(AuditRequest.open_delegation).joinedload(Delegation.from_grant).joinedload(Grant.contact)
    )
    return list(session.scalars(_open_to(held).options(passer)))


def request_open_to(held: Mapping[str, int], public_id: str) -> AuditRequest | None:
    """One request, if these grants open it now; who passed it on, if anybody did, is read when asked for."""
    passing = joinedload(AuditRequest.open_delegation)
    return session.scalar(_open_to(held).where(AuditRequest.public_id == public_id).options(passing))


def _open_to(held: Mapping[str, int]) -> Select[AuditRequest]:
    # Each page of a contact starts from this, so that another agency's request is never found (promises 3.8).
    mine = [
        and_(Grant.public_id == public_id, Grant.version == version) for public_id, version in held.items()
    ]
    return (
        select(AuditRequest)
        .join(AuditRequest.grant)
        .join(Grant.contact)
        .join(AuditRequest.case)
        .join(AuditRequest.audit)
        .where(
            or_(false(), *mine),
            Grant.revoked_at.is_(None),
            Contact.left_at.is_(None),
            AuditRequest.withdrawn_at.is_(None),
        )
        .options(
            contains_eager(AuditRequest.grant).contains_eager(Grant.contact),
            contains_eager(AuditRequest.case),
            contains_eager(AuditRequest.audit).undefer(Audit.holds_references),
            joinedload(AuditRequest.agency),
        )
        .order_by(Audit.due_on, Audit.id, Case.position, Case.id, AuditRequest.id)
    )


def request_with_public_id(public_id: str) -> AuditRequest | None:
    """The request whose page has this address, with its form; whoever asks has proved nothing yet."""
    return session.scalar(
        select(AuditRequest)
        .where(AuditRequest.public_id == public_id)
        .options(joinedload(AuditRequest.audit), joinedload(AuditRequest.agency))
    )


def has_ever_had_access(held: Mapping[str, int], audit_request: AuditRequest) -> bool:
    """Whether one of these grants is, or was, a right to this request: of its audit, and of its agency."""
    mine = (
        select(Grant.id)
        .join(Grant.contact)
        .where(
            Grant.public_id.in_(held),
            Grant.audit_id == audit_request.audit_id,
            Contact.agency_id == audit_request.agency_id,
        )
    )
    return session.scalar(mine.limit(1)) is not None


def request_of(audit_id: int, request_id: int) -> AuditRequest:
    """One request of an audit, withdrawn or not, for staff.

    Raises NotFound where the audit has no such request.
    """
    found = session.scalar(
        select(AuditRequest)
        .where(AuditRequest.id == request_id, AuditRequest.audit_id == audit_id)
        .options(
            joinedload(AuditRequest.audit),
            joinedload(AuditRequest.case),
            joinedload(AuditRequest.agency).selectinload(Agency.contacts),
            joinedload(AuditRequest.grant).options(joinedload(Grant.contact), selectinload(Grant.requests)),
        )
    )
    if found is None:
        raise NotFound
    return found


def emails_queued(kind: str, subject_id: int) -> int:
    """How many emails of a kind were ever queued about a subject."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Outbox)
            .where(Outbox.kind == kind, Outbox.subject_id == subject_id)
        )
        or 0
    )


def grants_of_address(address: str) -> list[Grant]:
    """The grants in force whose contact has this address, whatever its case, by audit."""
    found = (
        select(Grant)
        .join(Grant.contact)
        .where(
            func.lower(Contact.email) == address.lower(),
            Contact.left_at.is_(None),
            Grant.revoked_at.is_(None),
        )
        .options(contains_eager(Grant.contact), joinedload(Grant.audit))
        .order_by(Grant.audit_id, Grant.id)
    )
    return list(session.scalars(found))


def lock_grant(grant_id: int) -> Grant | None:
    """Lock a grant, so that nothing changes whether its contact is still asked (promises 3.1)."""
    return lock_row_if_there(select(Grant).where(Grant.id == grant_id))
