"""Outstanding requests by grant: when each is due, and from which day it is chased."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from surveyapp.answering.enquiry_queries import extensions_given_on
from surveyapp.answering.outstanding_queries import not_returned, outstanding
from surveyapp.calling.models import Promise
from surveyapp.calling.queries import promise_of, promises_in
from surveyapp.chasing.slots import ExtendedDueDays
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant, due_day
from surveyapp.planning.chaser_days import first_chased_on
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True)
class ChasedRequest:
    """One outstanding request, the UK day on which it is due, and the UK day from which it is chased.

    Without `chased_from` it is chased on the audit's own days, and by hand at any time. `given_on` is the day
    on which it was given more time. Until the day of the contact's `promise` has passed it is not chased.
    """

    request_id: int
    case: str
    due_on: date | None
    chased_from: date | None = None
    given_on: date | None = None
    promise: Promise | None = None

    def is_chased(self, on: date) -> bool:
        """Whether a chaser of this day lists it."""
        return not self.is_promised(on) and (self.chased_from is None or on >= self.chased_from)

    def is_promised(self, on: date) -> bool:
        """Whether the contact has promised it by this day or a later one."""
        return self.promise is not None and self.promise.pauses(on)


def outstanding_by_grant(audit: Audit, days: WorkingCalendar) -> dict[int, list[ChasedRequest]]:
    """The outstanding requests of each grant, in the order of the cases.

    Takes two statements, and another if any request was given more time.
    """
    requests = (
        select(AuditRequest.grant_id, AuditRequest.id, Case.pseudonym, AuditRequest.due_on)
        .join(Case, Case.id == AuditRequest.case_id)
        .where(AuditRequest.audit_id == audit.id, not_returned())
        .order_by(Case.position, AuditRequest.id)
    )
    rows = session.execute(requests).all()
    given_days = extensions_given_on((row[1], row[3]) for row in rows)
    promises = promises_in(audit)
    by_grant: defaultdict[int, list[ChasedRequest]] = defaultdict(list)
    for grant_id, request_id, case, own_day in rows:
        due_on, given_on = due_day(audit.due_on, own_day), given_days.get(request_id)
        chased_from = _chased_from(audit, days, due_on, given_on)
        promise = promises.get(grant_id)
        by_grant[grant_id].append(ChasedRequest(request_id, case, due_on, chased_from, given_on, promise))
    return dict(by_grant)


def _chased_from(
    audit: Audit, days: WorkingCalendar, due_on: date | None, given_on: date | None
) -> date | None:
    """The first day on which a request due on `due_on` is chased; None if that is the audit's own due day."""
    if due_on is None or due_on == audit.due_on:
        return None
    return first_chased_on(audit, days, due_on=due_on, given_on=given_on)


def extended_due_days_in(audit: Audit, by_grant: Mapping[int, Iterable[ChasedRequest]]) -> ExtendedDueDays:
    """The due days of outstanding requests with more time, each with the day on which it was first given."""
    return _first_given(
        (chased_request.due_on, chased_request.given_on)
        for chased_requests in by_grant.values()
        for chased_request in chased_requests
        if chased_request.due_on is not None and chased_request.due_on != audit.due_on
    )


def extended_due_days(audits: Sequence[Audit]) -> dict[int, ExtendedDueDays]:
    """The extended due days of several audits, by audit id.

    Takes one statement, and another if any request was given more time.
    """
    audit_due_on = {audit.id: audit.due_on for audit in audits}
    requests = select(AuditRequest.id, AuditRequest.audit_id, AuditRequest.due_on).where(
        AuditRequest.audit_id.in_(audit_due_on), AuditRequest.due_on.is_not(None), not_returned()
    )
    extended: list[tuple[int, int, date]] = []
    for request_id, audit_id, own_day in session.execute(requests):
        due_on = due_day(audit_due_on[audit_id], own_day)
        if due_on is not None and due_on != audit_due_on[audit_id]:
            extended.append((request_id, audit_id, due_on))
    given_days = extensions_given_on((request_id, due_on) for request_id, _audit_id, due_on in extended)
    return {
        audit_id: _first_given(
            (due_on, given_days.get(request_id))
            for request_id, of_audit, due_on in extended
            if of_audit == audit_id
        )
        for audit_id in audit_due_on
    }


def _first_given(pairs: Iterable[tuple[date, date | None]]) -> dict[date, date | None]:
    """The first day on which each due day was given; None if any of its days is unknown."""
    first_given: dict[date, date | None] = {}
    for due_on, given_on in pairs:
        earlier = first_given.get(due_on, given_on)
        first_given[due_on] = min(earlier, given_on) if earlier and given_on else None
    return first_given


def requests_to_list(grant: Grant, days: WorkingCalendar, *, on: date) -> list[AuditRequest]:
    """The outstanding requests of a contact that a chaser of this day lists, in the order of the cases.

    None of them until the day that the contact promised has passed.
    """
    promise = promise_of(grant)
    if promise is not None and promise.pauses(on):
        return []
    requests = outstanding(grant)
    given_days = extensions_given_on((audit_request.id, audit_request.due_on) for audit_request in requests)
    listed = []
    for audit_request in requests:
        given_on = given_days.get(audit_request.id)
        chased_from = _chased_from(grant.audit, days, audit_request.due_day, given_on)
        if chased_from is None or on >= chased_from:
            listed.append(audit_request)
    return listed
