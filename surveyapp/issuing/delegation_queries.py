"""Queries for delegations: what a colleague holds, and what the contact who passed it on may see."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, time

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from surveyapp.agencies.models import Contact
from surveyapp.agencies.work_addresses import outside_work
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.email_addresses import domain_of
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Case


def _delegations() -> Select[Delegation]:
    """Select delegations by case, then oldest first, with the case and both contacts loaded."""
    return (
        select(Delegation)
        .join(Delegation.audit_request)
        .join(AuditRequest.case)
        .options(
            contains_eager(Delegation.audit_request).options(
                contains_eager(AuditRequest.case),
                joinedload(AuditRequest.audit),
                joinedload(AuditRequest.agency),
            ),
            joinedload(Delegation.from_grant).joinedload(Grant.contact),
            joinedload(Delegation.to_grant).joinedload(Grant.contact),
        )
        .order_by(Case.position, Case.id, Delegation.id)
    )


_OPEN_DELEGATIONS = _delegations().where(
    or_(
        Delegation.from_grant_id == bindparam("grant_id"),
        Delegation.to_grant_id == bindparam("grant_id"),
    ),
    AuditRequest.withdrawn_at.is_(None),
    Delegation.under_way(),
)


def open_delegations(grant: Grant) -> list[Delegation]:
    """The delegations under way to this grant or from it, by case, without withdrawn requests."""
    return list(session.scalars(_OPEN_DELEGATIONS, {"grant_id": grant.id}))


def open_delegations_to(grant: Grant) -> list[Delegation]:
    """The delegations under way to this grant, by case."""
    return [delegation for delegation in open_delegations(grant) if delegation.to_grant_id == grant.id]


def open_delegations_from(grant: Grant) -> list[Delegation]:
    """The delegations under way from this grant, by case."""
    return [delegation for delegation in open_delegations(grant) if delegation.from_grant_id == grant.id]


def delegations_of(audit_request: AuditRequest) -> list[Delegation]:
    """Every delegation of a request, oldest first."""
    delegations = select(Delegation).where(Delegation.request_id == audit_request.id).order_by(Delegation.id)
    return list(
        session.scalars(
            delegations.options(
                joinedload(Delegation.from_grant).joinedload(Grant.contact),
                joinedload(Delegation.to_grant).joinedload(Grant.contact),
            )
        )
    )


def colleagues_on(day: date, grant: Grant, *, also: tuple[AuditRequest, Grant]) -> int:
    """How many colleagues a link has passed cases to on a UK day, with a delegation that is about to begin.

    `also` is the request of that delegation, and the colleague's grant. Several cases passed to one colleague
    count once; each time the same case is passed to them again counts too, since each is another email.
    """
    passed = select(Delegation.to_grant_id, Delegation.request_id).where(
        Delegation.from_grant_id == grant.id, Delegation.passed_at >= utc_moment(day, time.min)
    )
    audit_request, colleague = also
    times = Counter(
        [(row[0], row[1]) for row in session.execute(passed)] + [(colleague.id, audit_request.id)]
    )
    most: dict[int, int] = {}
    for (grant_id, _request_id), number in times.items():
        most[grant_id] = max(number, most.get(grant_id, 0))
    return sum(most.values())


def has_opened(contact: Contact) -> bool:
    """Whether a colleague has ever opened a link, or finished what was passed to them."""
    started = select(Grant.id).where(Grant.contact_id == contact.id, Grant.started_at.is_not(None))
    finished = (
        select(Delegation.id)
        .join(Grant, Grant.id == Delegation.to_grant_id)
        .where(Grant.contact_id == contact.id, Delegation.finished_at.is_not(None))
    )
    return session.scalar(select(or_(started.exists(), finished.exists()))) is True


def open_delegations_to_contact(contact: Contact) -> list[Delegation]:
    """The delegations under way to a colleague in any audit, by request."""
    to_contact = (
        select(Delegation)
        .join(Grant, Grant.id == Delegation.to_grant_id)
        .where(Grant.contact_id == contact.id, Delegation.under_way())
    )
    return list(session.scalars(to_contact.order_by(Delegation.request_id, Delegation.id)))


def passes_outside_work(audit_ids: Collection[int]) -> list[tuple[Delegation, str]]:
    """The delegations under way in these audits to addresses that do not look like the agency's, and why.

    Leaves out those that staff have found right. One statement if there is none, else three, by case.
    """
    # Few are under way, so that they are looked for first, and not in every request of the audits.
    under_way = select(Delegation.id).where(Delegation.under_way(), Delegation.address_checked_at.is_(None))
    if not (delegation_ids := session.scalars(under_way).all()):
        return []
    to_show = _delegations().where(
        Delegation.id.in_(delegation_ids),
        AuditRequest.audit_id.in_(audit_ids),
        AuditRequest.withdrawn_at.is_(None),
    )
    delegations = session.scalars(to_show).all()
    domains = _domains_by_agency({delegation.audit_request.agency_id for delegation in delegations})
    reasons = (
        (
            delegation,
            outside_work(delegation.to_grant.contact.email, domains[delegation.audit_request.agency_id]),
        )
        for delegation in delegations
    )
    return [(delegation, why) for delegation, why in reasons if why]


def why_outside_work(delegation: Delegation) -> str:
    """Why the colleague's address does not look like the agency's; empty if it does, or was found right."""
    agency_id = delegation.audit_request.agency_id
    if delegation.address_checked_at is not None:
        return ""
    return outside_work(delegation.to_grant.contact.email, _domains_by_agency({agency_id})[agency_id])


def _domains_by_agency(agency_ids: Collection[int]) -> dict[int, set[str]]:
    """The domains of the contacts whom staff entered, by agency; colleagues added by passing do not count."""
    domains: dict[int, set[str]] = {agency_id: set() for agency_id in agency_ids}
    if agency_ids:
        entered = select(Contact.agency_id, Contact.email).where(
            Contact.agency_id.in_(agency_ids), Contact.role != "colleague"
        )
        for agency_id, email in session.execute(entered):
            domains[agency_id].add(domain_of(email))
    return domains


def delegations_from_links(held: Mapping[str, int]) -> list[Delegation]:
    """Delegations that the contacts of these links began and did not take back, oldest first in each case.

    `held` maps public ids to versions, as in `requests_open_to`. Leaves out withdrawn requests and contacts
    who have left.
    """
    delegator = aliased(Grant)
    delegations = _delegations_visible_to(delegator, Delegation.from_grant_id).where(
        _matches_valid_link(delegator, held), Delegation.taken_back_at.is_(None)
    )
    return list(session.scalars(delegations))


def open_delegation_from_links(held: Mapping[str, int], public_id: str) -> Delegation | None:
    """The delegation under way of one request, if the contact of one of these links began it.

    None for a withdrawn request, and for a contact who has left.
    """
    return next(
        (
            delegation
            for delegation in delegations_from_links(held)
            if delegation.is_under_way and delegation.audit_request.public_id == public_id
        ),
        None,
    )


def ended_delegation_to_links(held: Mapping[str, int], public_id: str) -> Delegation | None:
    """The last delegation of a request to one of these links, if it is over; None while one is under way.

    A link that ended together with the delegation counts, so that a colleague who has just pressed Return is
    told so; the page shows no answers. Leaves out withdrawn requests and contacts who have left.
    """
    colleague = aliased(Grant)
    ended_with_delegation = [
        and_(
            colleague.public_id == link_id,
            colleague.version == version + 1,
            colleague.revoked_at.is_not(None),
        )
        for link_id, version in held.items()
    ]
    delegations = _delegations_visible_to(colleague, Delegation.to_grant_id).where(
        AuditRequest.public_id == public_id,
        or_(_matches_valid_link(colleague, held), *ended_with_delegation),
    )
    last = max(session.scalars(delegations), key=lambda delegation: delegation.id, default=None)
    return None if last is None or last.is_under_way else last


def _delegations_visible_to(grant: type[Grant], grant_id: InstrumentedAttribute[int]) -> Select[Delegation]:
    """Select delegations joined to the grant at one of their two ends, as far as its contact may see them.

    A contact who has left sees none, and nobody sees those of a withdrawn request. The caller checks the
    link.
    """
    return (
        _delegations()
        .join(grant, grant.id == grant_id)
        .join(Contact, Contact.id == grant.contact_id)
        .where(Contact.left_at.is_(None), AuditRequest.withdrawn_at.is_(None))
    )


def _matches_valid_link(grant: type[Grant], held: Mapping[str, int]) -> ColumnElement[bool]:
    """SQL condition: one of these links is the grant's present link, and the grant is not revoked."""
    links = [
        and_(grant.public_id == public_id, grant.version == version) for public_id, version in held.items()
    ]
    return and_(or_(false(), *links), grant.revoked_at.is_(None))
