"""What contacts have asked about their requests, what they were told, and which days they were given."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from surveyapp.answering.models import Enquiry
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit


def enquiries_of(audit_request: AuditRequest) -> list[Enquiry]:
    """All that was asked about one request, oldest first."""
    found = select(Enquiry).where(Enquiry.request_id == audit_request.id)
    return list(session.scalars(found.order_by(Enquiry.id)))


def last_enquiry_answered(request_ids: Sequence[int]) -> dict[int, bool]:
    """For each of these requests about which anything was asked, whether the last of it is answered."""
    rows = session.execute(
        select(Enquiry.request_id, Enquiry.answered_at.is_not(None))
        .where(Enquiry.request_id.in_(request_ids))
        .order_by(Enquiry.id)
    )
    return {row[0]: bool(row[1]) for row in rows}


def extensions_given_on(requests: Iterable[tuple[int, date | None]]) -> dict[int, date]:
    """On which UK day each request was given its own due day, from the ids with those days.

    Nothing is asked of the database where none was.
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
    """All that was asked in an audit: what waits for an answer, longest first, then the latest answered."""
    found = session.scalars(
        select(Enquiry)
        .join(Enquiry.audit_request)
        .where(AuditRequest.audit_id == audit.id)
        .options(
            contains_eager(Enquiry.audit_request).options(
                joinedload(AuditRequest.case),
                joinedload(AuditRequest.agency),
                joinedload(AuditRequest.audit),
                joinedload(AuditRequest.grant).joinedload(Grant.contact),
            )
        )
        .order_by(Enquiry.answered_at.is_not(None), Enquiry.answered_at.desc(), Enquiry.id)
    )
    return list(found)


def enquiry_of(audit_id: int, enquiry_id: int) -> Enquiry:
    """One enquiry of an audit, for staff. Raises NotFound where the audit has no such enquiry."""
    found = session.scalar(
        select(Enquiry)
        .join(Enquiry.audit_request)
        .where(Enquiry.id == enquiry_id, AuditRequest.audit_id == audit_id)
        .options(
            contains_eager(Enquiry.audit_request).options(
                joinedload(AuditRequest.case),
                joinedload(AuditRequest.agency),
                joinedload(AuditRequest.audit),
                joinedload(AuditRequest.grant).joinedload(Grant.contact),
            )
        )
    )
    if found is None:
        raise NotFound
    return found


def enquirer_names(enquiries: Sequence[Enquiry]) -> dict[int, str]:
    """The name of the contact who asked each of these, by its id: another may hold the request now."""
    found = select(Grant).where(Grant.id.in_({each.grant_id for each in enquiries}))
    names = {
        grant.id: grant.contact.name for grant in session.scalars(found.options(joinedload(Grant.contact)))
    }
    return {each.id: names[each.grant_id] for each in enquiries}
