"""What chasing waits for: each outstanding request, the day it is due, and from when it is spoken of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from surveyapp.answering.enquiry_queries import extensions_given_on
from surveyapp.answering.returns.outstanding_queries import not_returned, outstanding
from surveyapp.chasing.slots import ExtendedDueDays
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest, Grant, due_day
from surveyapp.planning.chaser_days import first_chased_on
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True)
class ChasedRequest:
    """One outstanding request: its case, the UK day on which it is due, and from which it is chased.

    Without `first_chased_on` it follows the audit's own days, and somebody may press at any time. `extensions_given_on` is
    the day on which it was given more.
    """

    request_id: int
    case: str
    due_on: date | None
    chased_from: date | None = None
    given_on: date | None = None

    def is_chased(self, on: date) -> bool:
        """Whether a chaser of this day speaks of it."""
        return self.chased_from is None or on >= self.chased_from


def outstanding_by_grant(
    audit: Audit, days: WorkingCalendar
) -> tuple[dict[int, list[ChasedRequest]], set[int]]:
    """What each grant has outstanding, in the order of the cases, and the grants of which anything is asked.

    One statement, and another where anything was given more time.
    """
    chosen = (
        select(AuditRequest.grant_id, AuditRequest.id, Case.pseudonym, AuditRequest.due_on, not_returned())
        .join(Case, Case.id == AuditRequest.case_id)
        .where(AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None))
        .order_by(Case.position, AuditRequest.id)
    )
    rows = session.execute(chosen).all()
    given = extensions_given_on((row[1], row[3]) for row in rows if row[4])
    found: defaultdict[int, list[ChasedRequest]] = defaultdict(list)
    for grant_id, request_id, case, own, is_waiting in rows:
        if is_waiting:
            due_on = due_day(audit.due_on, own)
            begins = _chased_from_day(audit, days, due_on, given.get(request_id))
            found[grant_id].append(ChasedRequest(request_id, case, due_on, begins, given.get(request_id)))
    return dict(found), {row[0] for row in rows}


def _chased_from_day(
    audit: Audit, days: WorkingCalendar, due_on: date | None, given: date | None
) -> date | None:
    """From when what is due on a day is chased; None where that is the audit's own day."""
    if due_on is None or due_on == audit.due_on:
        return None
    return first_chased_on(audit, days, due_on=due_on, given_on=given)


def extended_due_days_in(audit: Audit, waited: Mapping[int, Iterable[ChasedRequest]]) -> ExtendedDueDays:
    """The due days of their own among what is outstanding, each with the day on which it was first given."""
    return _earliest(
        (each.due_on, each.given_on)
        for all_of_a_grant in waited.values()
        for each in all_of_a_grant
        if each.due_on is not None and each.due_on != audit.due_on
    )


def extended_due_days(audits: Sequence[Audit]) -> dict[int, ExtendedDueDays]:
    """The same for several audits, for whoever plans: one statement where nobody was given more time."""
    due = {audit.id: audit.due_on for audit in audits}
    chosen = select(AuditRequest.id, AuditRequest.audit_id, AuditRequest.due_on).where(
        AuditRequest.audit_id.in_(due), AuditRequest.due_on.is_not(None), not_returned()
    )
    rows = [
        (row[0], row[1], own)
        for row in session.execute(chosen)
        if (own := due_day(due[row[1]], row[2])) is not None and own != due[row[1]]
    ]
    given = extensions_given_on((request_id, own) for request_id, _audit_id, own in rows)
    return {
        audit_id: _earliest((own, given.get(request_id)) for request_id, of, own in rows if of == audit_id)
        for audit_id in due
    }


def _earliest(pairs: Iterable[tuple[date, date | None]]) -> dict[date, date | None]:
    found: dict[date, date | None] = {}
    for due_on, given in pairs:
        before = found.get(due_on, given)
        found[due_on] = min(before, given) if before and given else None
    return found


def requests_to_list(grant: Grant, days: WorkingCalendar, *, on: date) -> list[AuditRequest]:
    """Those of a contact's outstanding requests that a chaser of this day lists, in the cases' order."""
    requests = outstanding(grant)
    given = extensions_given_on((each.id, each.due_on) for each in requests)
    begins = [_chased_from_day(grant.audit, days, each.due_day, given.get(each.id)) for each in requests]
    return [each for each, begin in zip(requests, begins, strict=True) if begin is None or on >= begin]
