"""What each agency has outstanding and when it was chased, without a contact's name (stories EX3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import CHASING_MAIL, Grant
from surveyapp.planning.models import Audit
from surveyapp.tracking.status_queries import audit_status

AGENCY_HEADINGS = (
    "Agency",
    "Asked",
    "Returned",
    "Outstanding",
    "Overdue",
    "Chased on",
    "Copies to the agency’s escalation contact",
)


@dataclass(frozen=True)
class AgencyOutstanding:
    """One agency's counts of requests, and the UK days on which its chasers and their copies were sent."""

    agency: str
    asked: int
    returned: int
    outstanding: int
    overdue: int
    chased_on: tuple[date, ...]
    copied_on: tuple[date, ...]


def agencies_outstanding(audit: Audit, *, now: datetime) -> list[AgencyOutstanding]:
    """The agencies of an audit with anything outstanding: those with most overdue first, then by name.

    The counts are those of the audit's page. `now` is UTC.
    """
    days = _days_chased(audit)
    agencies = [
        AgencyOutstanding(
            line.name,
            line.tally.requests,
            line.tally.returned,
            line.tally.outstanding,
            line.tally.overdue,
            tuple(sorted(days[line.id, "chaser"])),
            tuple(sorted(days[line.id, "escalation"])),
        )
        for line in audit_status(audit, now=now).agencies
        if line.tally.outstanding
    ]
    return sorted(agencies, key=lambda agency: (-agency.overdue, -agency.outstanding, agency.agency))


def _days_chased(audit: Audit) -> defaultdict[tuple[int, str], set[date]]:
    """The UK days on which emails of chasing left, by the agency they were about and their kind."""
    emails = (
        select(Contact.agency_id, Outbox.kind, Outbox.handed_over_at)
        .join(Grant, Grant.id == Outbox.subject_id)
        .join(Contact, Contact.id == Grant.contact_id)
        .where(Outbox.kind.in_(CHASING_MAIL), Outbox.state == "sent", Grant.audit_id == audit.id)
        .order_by(Outbox.id)
    )
    days: defaultdict[tuple[int, str], set[date]] = defaultdict(set)
    for agency_id, kind, at in session.execute(emails):
        if at is not None:
            days[agency_id, kind].add(local_day(at))
    return days


def agency_csv(agencies: Iterable[AgencyOutstanding]) -> bytes:
    """Write the list by agency as CSV, with days as 2026-12-11."""
    rows: Iterator[list[str | int]] = (
        [
            agency.agency,
            agency.asked,
            agency.returned,
            agency.outstanding,
            agency.overdue,
            ", ".join(day.isoformat() for day in agency.chased_on),
            ", ".join(day.isoformat() for day in agency.copied_on),
        ]
        for agency in agencies
    )
    return write_csv(AGENCY_HEADINGS, rows)
