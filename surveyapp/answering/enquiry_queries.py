"""Enquiries of contacts about their requests, with the answers, and later due days."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from surveyapp.answering.models import Enquiry
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit

_ENQUIRIES_OF = select(Enquiry).where(Enquiry.request_id == bindparam("request_id")).order_by(Enquiry.id)


def enquiries_of(audit_request: AuditRequest) -> list[Enquiry]:
    """All enquiries about one request, oldest first."""
    return list(session.scalars(_ENQUIRIES_OF, {"request_id": audit_request.id}))


def last_enquiry_answered(request_ids: Sequence[int]) -> dict[int, bool]:
    """Whether the last enquiry about each request is answered; requests without an enquiry are left out."""
    rows = session.execute(
        select(Enquiry.request_id, Enquiry.answered_at.is_not(None))
        .where(Enquiry.request_id.in_(request_ids))
        .order_by(Enquiry.id)
    )
    return {row[0]: bool(row[1]) for row in rows}


def extensions_given_on(requests: Iterable[tuple[int, date | None]]) -> dict[int, date]:
    """The UK day on which each request was given its own due day, by request id.

    `requests` are request ids with their own due days, or None. Runs no query if none has one.
    """
    ids = [request_id for request_id, due_on in requests if due_on is not None]
    if not ids:
        return {}
    latest = func.max(Enquiry.answered_at, type_=Enquiry.answered_at.type)
    rows = session.execute(
        select(Enquiry.request_id, latest)
        .where(Enquiry.request_id.in_(ids), Enquiry.due_on.is_not(None))
        .group_by(Enquiry.request_id)
    )
    return {row[0]: local_day(row[1]) for row in rows if row[1] is not None}


def enquiries_in(audit: Audit) -> list[Enquiry]:
    """All enquiries in an audit: first those that wait, the oldest first, then the latest answered.

    Time that staff gave without being asked is left out. An enquiry about several requests is one, with the
    `others` that were asked with it.
    """
    enquiries = session.scalars(
        select(Enquiry)
        .join(Enquiry.audit_request)
        .where(AuditRequest.audit_id == audit.id, Enquiry.asked_with_id.is_(None), Enquiry.kind != "given")
        .options(
            _with_others(),
            contains_eager(Enquiry.audit_request).options(
                joinedload(AuditRequest.case),
                joinedload(AuditRequest.agency),
                joinedload(AuditRequest.audit),
                joinedload(AuditRequest.grant).joinedload(Grant.contact),
            ),
        )
        .order_by(Enquiry.answered_at.is_not(None), Enquiry.answered_at.desc(), Enquiry.id)
    )
    return list(enquiries)


def _with_others() -> _AbstractLoad:
    """Load the enquiries that were asked with each, with their cases."""
    return selectinload(Enquiry.others).joinedload(Enquiry.audit_request).joinedload(AuditRequest.case)


def enquiry_of(audit_id: int, enquiry_id: int) -> Enquiry:
    """One enquiry of an audit, for staff. Raises NotFound if the audit has no such enquiry."""
    enquiry = session.scalar(
        select(Enquiry)
        .join(Enquiry.audit_request)
        .where(Enquiry.id == enquiry_id, AuditRequest.audit_id == audit_id, Enquiry.asked_with_id.is_(None))
        .options(
            _with_others(),
            contains_eager(Enquiry.audit_request).options(
                joinedload(AuditRequest.case),
                joinedload(AuditRequest.agency),
                joinedload(AuditRequest.audit),
                joinedload(AuditRequest.grant).joinedload(Grant.contact),
            ),
        )
    )
    if enquiry is None:
        raise NotFound
    return enquiry


def enquirer_names(enquiries: Sequence[Enquiry]) -> dict[int, str]:
    """The name of the contact who made each enquiry, by its id; another contact may hold the request now."""
    grants = select(Grant).where(Grant.id.in_({enquiry.grant_id for enquiry in enquiries}))
    names = {
        grant.id: grant.contact.name for grant in session.scalars(grants.options(joinedload(Grant.contact)))
    }
    return {enquiry.id: names[enquiry.grant_id] for enquiry in enquiries}
