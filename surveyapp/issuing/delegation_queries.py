"""Who has passed what to whom: what a colleague holds, and what the one who passed it on may see of it."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant, PassedOn
from surveyapp.planning.models import Case


def _told(wanted: Select[PassedOn]) -> Select[PassedOn]:
    """With all that a sentence about a pass names: the case, and both people."""
    return wanted.options(
        contains_eager(PassedOn.audit_request).options(
            contains_eager(AuditRequest.case),
            joinedload(AuditRequest.audit),
            joinedload(AuditRequest.agency),
        ),
        joinedload(PassedOn.from_grant).joinedload(Grant.contact),
        joinedload(PassedOn.to_grant).joinedload(Grant.contact),
    )


def _passes() -> Select[PassedOn]:
    wanted = select(PassedOn).join(PassedOn.audit_request).join(AuditRequest.case)
    return _told(wanted).order_by(Case.position, Case.id, PassedOn.id)


def passes_about(grant: Grant) -> list[PassedOn]:
    """What is passed on at present to this grant or from it, by case; withdrawn requests are left out."""
    about = or_(PassedOn.from_grant_id == grant.id, PassedOn.to_grant_id == grant.id)
    live = AuditRequest.withdrawn_at.is_(None)
    return list(session.scalars(_passes().where(about, live, PassedOn.under_way())))


def passed_to(grant: Grant) -> list[PassedOn]:
    """What this grant's contact holds because it was passed to them, by case."""
    return [each for each in passes_about(grant) if each.to_grant_id == grant.id]


def passed_by(grant: Grant) -> list[PassedOn]:
    """What this grant's contact has passed to colleagues who have it still, by case."""
    return [each for each in passes_about(grant) if each.from_grant_id == grant.id]


def passes_of(audit_request: AuditRequest) -> list[PassedOn]:
    """Every time a request was passed on, oldest first."""
    chosen = select(PassedOn).where(PassedOn.request_id == audit_request.id).order_by(PassedOn.id)
    return list(
        session.scalars(
            chosen.options(
                joinedload(PassedOn.from_grant).joinedload(Grant.contact),
                joinedload(PassedOn.to_grant).joinedload(Grant.contact),
            )
        )
    )


def passes_from(held: Mapping[str, int]) -> list[PassedOn]:
    """Every pass that these links' contacts began and that has not been taken back, oldest first by case.

    `held` is public id and version, as in `requests_open_to`. Withdrawn requests are left out.
    """
    passer = aliased(Grant)
    found = (
        _passes()
        .join(passer, passer.id == PassedOn.from_grant_id)
        .join(Contact, Contact.id == passer.contact_id)
        .where(
            _opens(passer, held),
            Contact.left_at.is_(None),
            PassedOn.taken_back_at.is_(None),
            AuditRequest.withdrawn_at.is_(None),
        )
    )
    return list(session.scalars(found))


def pass_from(held: Mapping[str, int], public_id: str) -> PassedOn | None:
    """The pass under way of one request, if these links' contact began it; the request is not withdrawn."""
    found = [each for each in passes_from(held) if each.audit_request.public_id == public_id]
    return next((each for each in found if each.is_under_way), None)


def pass_ended(held: Mapping[str, int], public_id: str) -> PassedOn | None:
    """The last pass of a request that came to one of these links and has ended; None while one is under way.

    A link that ended with it counts too: who has just pressed Return is told so, and finds no answer there.
    """
    theirs = aliased(Grant)
    ended_with_it = [
        and_(theirs.public_id == each, theirs.version == version + 1, theirs.revoked_at.is_not(None))
        for each, version in held.items()
    ]
    found = (
        _passes()
        .join(theirs, theirs.id == PassedOn.to_grant_id)
        .where(AuditRequest.public_id == public_id, or_(_opens(theirs, held), *ended_with_it))
    )
    last = max(session.scalars(found), key=lambda each: each.id, default=None)
    return None if last is None or last.is_under_way else last


def _opens(grant: type[Grant], held: Mapping[str, int]) -> ColumnElement[bool]:
    """Whether one of these links is this grant's, and opens something still."""
    mine = [
        and_(grant.public_id == public_id, grant.version == version) for public_id, version in held.items()
    ]
    return and_(or_(false(), *mine), grant.revoked_at.is_(None))
