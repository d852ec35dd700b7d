"""Queries for delegations: what a colleague holds, and what the contact who passed it on may see."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import session
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


def open_delegations(grant: Grant) -> list[Delegation]:
    """The delegations under way to this grant or from it, by case, without withdrawn requests."""
    from_or_to = or_(Delegation.from_grant_id == grant.id, Delegation.to_grant_id == grant.id)
    live = AuditRequest.withdrawn_at.is_(None)
    return list(session.scalars(_delegations().where(from_or_to, live, Delegation.under_way())))


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
