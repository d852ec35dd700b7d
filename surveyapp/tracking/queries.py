"""Who has returned: the counts of an audit, its grid, what is outstanding and with whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from surveyapp.agencies.models import AGENCY_KINDS, Agency, Contact
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant, due_day, is_overdue
from surveyapp.issuing.queries import cells_not_issued
from surveyapp.planning.chaser_days import chaser_days
from surveyapp.planning.models import Audit, Case, Involvement
from surveyapp.tracking.request_state import (
    NOT_DELIVERED,
    OUTSTANDING_STATES,
    Tally,
    has_draft,
    is_refused,
    last_link_emails,
    request_state,
    select_from_requests,
)


@dataclass(frozen=True)
class RequestCell:
    """One request in the grid: where it stands, in a word, and whether a draft is there."""

    request_id: int
    case_id: int
    agency_id: int
    grant_id: int
    word: str
    has_draft: bool
    due_on: date | None


@dataclass(frozen=True)
class TallyLine:
    """One row of totals: a case or an agency, and its tally."""

    id: int
    name: str
    tally: Tally


@dataclass(frozen=True)
class AuditStatus:
    """An audit as its tracking page shows it, all from one reading, so that every total agrees."""

    tally: Tally
    cases: tuple[TallyLine, ...]
    agencies: tuple[TallyLine, ...]
    cells: dict[tuple[int, int], RequestCell]
    # Cells of the grid that were ticked after issuing: (case, agency), not counted until they are issued.
    not_issued: frozenset[tuple[int, int]]

    @property
    def outstanding_due_days(self) -> frozenset[date]:
        """The days by which what is outstanding is due, where an address takes mail."""
        return frozenset(cell.due_on for cell in self._chased if cell.due_on is not None)

    def contacts_to_chase(self, audit: Audit, days: WorkingCalendar, on: date) -> int:
        """How many contacts a planned day chases: who has something outstanding whose day it is."""
        turn = {
            due_on
            for due_on in self.outstanding_due_days
            if on in {each.day for each in chaser_days(audit, days, due_on=due_on)}
        }
        return len({cell.grant_id for cell in self._chased if cell.due_on in turn})

    @property
    def _chased(self) -> list[RequestCell]:
        waiting = [cell for cell in self.cells.values() if cell.word in OUTSTANDING_STATES]
        refused = {cell.grant_id for cell in waiting if cell.word == NOT_DELIVERED}
        return [cell for cell in waiting if cell.grant_id not in refused]


@dataclass(frozen=True)
class OutstandingRequest:
    """One outstanding request, with whom to ring about it and how often they were chased."""

    request_id: int
    reference: str
    case: str
    agency: str
    contact: str
    telephone: str
    email: str
    # Who passed it to the contact, where somebody did.
    passed_by: str
    word: str
    has_draft: bool
    asked_at: datetime
    due_on: date | None
    chased: int
    last_chased_at: datetime | None

    @property
    def asked_on(self) -> date:
        """The UK day on which they were asked."""
        return local_day(self.asked_at)

    @property
    def last_chased_on(self) -> date | None:
        """The UK day of the last chaser that was sent; None before the first."""
        return local_day(self.last_chased_at) if self.last_chased_at else None


def tally(audit: Audit, *, now: datetime) -> Tally:
    """The counts of one audit: the one function from which page, command, email and export have them."""
    return tallies([audit], now=now)[audit.id]


def tallies(audits: Sequence[Audit], *, now: datetime) -> dict[int, Tally]:
    """The counts of several audits, in one statement."""
    return {audit_id: tally for audit_id, (tally, _days) in tallies_and_due_days(audits, now=now).items()}


def tallies_and_due_days(
    audits: Sequence[Audit], *, now: datetime
) -> dict[int, tuple[Tally, frozenset[date]]]:
    """The same, each with the days by which what is outstanding is due, in one statement as well."""
    ids = [audit.id for audit in audits]
    found = last_link_emails(ids)
    word, draft = request_state(found).label("word"), has_draft().label("draft")
    columns = AuditRequest.audit_id, AuditRequest.due_on
    counted: Any = select(*columns, word, draft, func.count())
    rows = session.execute(select_from_requests(counted, ids, found).group_by(*columns, word, draft))
    due = {audit.id: audit.due_on for audit in audits}
    by_audit: defaultdict[int, list[tuple[str, bool, bool, int]]] = defaultdict(list)
    days: defaultdict[int, set[date]] = defaultdict(set)
    for audit_id, own, standing_word, drafted, count in rows:
        day = due_day(due[audit_id], own)
        by_audit[audit_id].append((standing_word, bool(drafted), is_overdue(day, now=now), count))
        if day is not None and standing_word in OUTSTANDING_STATES:
            days[audit_id].add(day)
    return {audit_id: (Tally.of(by_audit[audit_id]), frozenset(days[audit_id])) for audit_id in ids}


def request_cells(audit: Audit) -> list[RequestCell]:
    """Every request of an audit as its cell, in the order in which they were made."""
    found = last_link_emails([audit.id])
    chosen: Any = select(
        AuditRequest.id,
        AuditRequest.case_id,
        AuditRequest.agency_id,
        AuditRequest.grant_id,
        request_state(found),
        has_draft(),
        AuditRequest.due_on,
    )
    rows = session.execute(select_from_requests(chosen, [audit.id], found).order_by(AuditRequest.id))
    return [
        RequestCell(id_, case, agency, grant, word, bool(draft), due_day(audit.due_on, own))
        for id_, case, agency, grant, word, draft, own in rows
    ]


def audit_status(audit: Audit, *, now: datetime) -> AuditStatus:
    """Everything the tracking page counts, from one reading of the requests."""
    found = request_cells(audit)
    by_case: defaultdict[int, list[tuple[str, bool, bool, int]]] = defaultdict(list)
    by_agency: defaultdict[int, list[tuple[str, bool, bool, int]]] = defaultdict(list)
    for cell in found:
        counted = (cell.word, cell.has_draft, is_overdue(cell.due_on, now=now), 1)
        by_case[cell.case_id].append(counted)
        by_agency[cell.agency_id].append(counted)
    ticked = {(cell.case_id, cell.agency_id) for cell in cells_not_issued(audit)}
    asked = by_agency.keys() | {agency_id for _case, agency_id in ticked}
    return AuditStatus(
        tally=Tally.of(each for counted in by_case.values() for each in counted),
        cases=tuple(TallyLine(id_, name, Tally.of(by_case[id_])) for id_, name in _cases(audit)),
        agencies=tuple(
            TallyLine(id_, name, Tally.of(by_agency[id_])) for id_, name in _agencies(audit) if id_ in asked
        ),
        cells={(cell.case_id, cell.agency_id): cell for cell in found},
        not_issued=frozenset(ticked),
    )


def _cases(audit: Audit) -> list[tuple[int, str]]:
    chosen = select(Case.id, Case.pseudonym).where(Case.audit_id == audit.id).order_by(Case.position, Case.id)
    return [(row[0], row[1]) for row in session.execute(chosen)]


def _agencies(audit: Audit) -> list[tuple[int, str]]:
    """Agencies with anything in this audit's grid, in the order in which partnerships print them."""
    asked = select(AuditRequest.agency_id).where(AuditRequest.audit_id == audit.id)
    ticked = select(Involvement.agency_id).join(Case).where(Case.audit_id == audit.id)
    chosen = select(Agency.id, Agency.name, Agency.kind).where(Agency.id.in_(asked.union(ticked)))
    kinds = list(AGENCY_KINDS)
    rows = [(row[0], row[1], row[2]) for row in session.execute(chosen.order_by(Agency.name, Agency.id))]
    rows.sort(key=lambda row: kinds.index(row[2]) if row[2] in kinds else len(kinds))
    return [(id_, name) for id_, name, _kind in rows]


def refused_grants(audit: Audit) -> set[int]:
    """The ids of this audit's grants whose address has refused the last email."""
    found = last_link_emails([audit.id])
    return set(session.scalars(select(found.c.grant_id).where(is_refused(found))))


def outstanding_list(audit: Audit) -> list[OutstandingRequest]:
    """Every outstanding request with whom to ring: by agency, then in the order of the cases."""
    found = last_link_emails([audit.id])
    chased = (
        select(
            Outbox.subject_id.label("grant_id"),
            func.count().label("times"),
            func.max(Outbox.handed_over_at, type_=Outbox.handed_over_at.type).label("last_at"),
        )
        .join(Grant, Grant.id == Outbox.subject_id)
        .where(Outbox.kind == "chaser", Outbox.state == "sent", Grant.audit_id == audit.id)
        .group_by(Outbox.subject_id)
        .subquery("chased")
    )
    word = request_state(found).label("word")
    passers_grant, passer = aliased(Grant), aliased(Contact)
    chosen: Any = select(
        AuditRequest.id.label("request_id"),
        AuditRequest.reference,
        Case.pseudonym.label("case"),
        Agency.name.label("agency"),
        Contact.name.label("contact"),
        Contact.telephone,
        Contact.email,
        func.coalesce(passer.name, "").label("passed_by"),
        word,
        has_draft().label("has_draft"),
        AuditRequest.issued_at.label("asked_at"),
        AuditRequest.due_on,
        func.coalesce(chased.c.times, 0).label("chased"),
        chased.c.last_at.label("last_chased_at"),
    )
    rows = session.execute(
        select_from_requests(chosen, [audit.id], found)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(Grant, Grant.id == AuditRequest.grant_id)
        .join(Contact, Contact.id == Grant.contact_id)
        .outerjoin(Delegation, and_(Delegation.request_id == AuditRequest.id, Delegation.under_way()))
        .outerjoin(passers_grant, passers_grant.id == Delegation.from_grant_id)
        .outerjoin(passer, passer.id == passers_grant.contact_id)
        .outerjoin(chased, chased.c.grant_id == Grant.id)
        .where(word.in_(OUTSTANDING_STATES))
        .order_by(Agency.name, Case.position, AuditRequest.id)
    )
    return [
        OutstandingRequest(**{**row, "due_on": due_day(audit.due_on, row["due_on"])})
        for row in rows.mappings()
    ]


def audits_chased_today(audits: Sequence[Audit], *, now: datetime) -> set[int]:
    """Which of these audits have had chasers queued since midnight, by hand or by the clock."""
    since = utc_moment(local_day(now), time())
    chosen = (
        select(Grant.audit_id)
        .join(Outbox, Outbox.subject_id == Grant.id)
        .where(
            Outbox.kind == "chaser",
            Outbox.created_at >= since,
            Grant.audit_id.in_([audit.id for audit in audits]),
        )
    )
    return set(session.scalars(chosen.distinct()))


def open_audits(*, now: datetime) -> list[Audit]:
    """Audits that take returns at this moment, oldest first."""
    chosen = select(Audit).where(Audit.issued_at.is_not(None), Audit.closed_at.is_(None))
    return [each for each in session.scalars(chosen.order_by(Audit.id)) if not each.is_closed(now)]
