"""Queries for what a contact's links open; every page of a contact starts here (promises 3.8)."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit, Case


def requests_open_to(held: Mapping[str, int]) -> list[AuditRequest]:
    """Every request that these links open now, by audit, then by case.

    `held` maps the public ids of grants to the versions of their links.
    """
    return list(session.scalars(_requests_open_to(len(held)), _parameters(held)))


def first_requests_open_to(held: Mapping[str, int], number: int) -> list[AuditRequest]:
    """Up to this number of the requests that these links open now, in no order, with their audits."""
    return list(session.scalars(_open_to(len(held)).limit(number), _parameters(held)))


def request_open_to(held: Mapping[str, int], public_id: str) -> AuditRequest | None:
    """One request, if these links open it now. Loads its open delegation, but not the contacts of that."""
    return session.scalar(_request_open_to(len(held)), {**_parameters(held), "public_id": public_id})


def _parameters(held: Mapping[str, int]) -> dict[str, str | int]:
    """The parameters of a statement for this many links."""
    parameters: dict[str, str | int] = {}
    for number, (public_id, version) in enumerate(held.items()):
        parameters |= {f"link_{number}": public_id, f"version_{number}": version}
    return parameters


# Each page of a contact sends one of these statements. Building one takes longer than running it.
@cache
def _requests_open_to(links: int) -> Select[AuditRequest]:
    delegator = (
        joinedload(AuditRequest.open_delegation).joinedload(Delegation.from_grant).joinedload(Grant.contact)
    )
    ordered = _open_to(links).order_by(Audit.due_on, Audit.id, Case.position, Case.id, AuditRequest.id)
    return ordered.options(delegator)


@cache
def _request_open_to(links: int) -> Select[AuditRequest]:
    delegation = joinedload(AuditRequest.open_delegation)
    return _open_to(links).where(AuditRequest.public_id == bindparam("public_id")).options(delegation)


@cache
def _open_to(number: int) -> Select[AuditRequest]:
    # Another agency's request is never found, rather than found and refused (promises 3.8).
    links = [
        and_(Grant.public_id == bindparam(f"link_{n}"), Grant.version == bindparam(f"version_{n}"))
        for n in range(number)
    ]
    return (
        select(AuditRequest)
        .join(AuditRequest.grant)
        .join(Grant.contact)
        .join(AuditRequest.case)
        .join(AuditRequest.audit)
        .where(
            or_(false(), *links),
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
    )


def request_with_public_id(public_id: str) -> AuditRequest | None:
    """The request with this public id, whoever asks. Show nothing of it to a browser without access."""
    return session.scalar(
        select(AuditRequest)
        .where(AuditRequest.public_id == public_id)
        .options(joinedload(AuditRequest.audit), joinedload(AuditRequest.agency))
    )


def has_ever_had_access(held: Mapping[str, int], audit_request: AuditRequest) -> bool:
    """Whether one of these grants, in force or not, belongs to this request's audit and agency."""
    grants = (
        select(Grant.id)
        .join(Grant.contact)
        .where(
            Grant.public_id.in_(held),
            Grant.audit_id == audit_request.audit_id,
            Contact.agency_id == audit_request.agency_id,
        )
    )
    return session.scalar(grants.limit(1)) is not None


def grants_of_address(address: str) -> list[Grant]:
    """The grants in force whose contact has this address, ignoring case, by audit."""
    grants = (
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
    return list(session.scalars(grants))
