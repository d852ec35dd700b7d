"""Who has returned: the counts of an audit, its grid, what is outstanding and with whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select

from surveyapp.agencies.models import KINDS, Agency, Contact
from surveyapp.answering.models import Return, Revision
from surveyapp.answering.queries import late_text_waits, not_returned
from surveyapp.foundation.clock import at_local, local_day
from surveyapp.foundation.db import session
from surveyapp.foundation.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import not_issued
from surveyapp.planning.models import Audit, Case, Involvement
from surveyapp.tracking.standing import (
    NOT_DELIVERED,
    WAITING,
    Tally,
    has_draft,
    is_refused,
    of_requests,
    posted,
    standing,
)


@dataclass(frozen=True)
class Cell:
    """One request in the grid: where it stands, in a word, and whether a draft is there."""

    request_id: int
    case_id: int
    agency_id: int
    grant_id: int
    word: str
    has_draft: bool


@dataclass(frozen=True)
class Line:
    """One row of totals: a case or an agency, and its tally."""

    id: int
    name: str
    tally: Tally


@dataclass(frozen=True)
class Picture:
    """An audit as its tracking page shows it, all from one reading, so that every total agrees."""

    tally: Tally
    cases: tuple[Line, ...]
    agencies: tuple[Line, ...]
    cells: dict[tuple[int, int], Cell]
    # Cells of the grid that were ticked after issuing: (case, agency), not counted until they are issued.
    not_issued: frozenset[tuple[int, int]]

    @property
    def contacts_to_chase(self) -> int:
        """How many contacts have something outstanding and an address that takes mail."""
        grants = {cell.grant_id for cell in self.cells.values() if cell.word in WAITING}
        refused = {cell.grant_id for cell in self.cells.values() if cell.word == NOT_DELIVERED}
        return len(grants - refused)


@dataclass(frozen=True)
class Waiting:
    """One outstanding request, with whom to ring about it and how often they were chased."""

    request_id: int
    reference: str
    case: str
    agency: str
    contact: str
    telephone: str
    email: str
    word: str
    has_draft: bool
    asked_at: datetime
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


@dataclass(frozen=True)
class Needs:
    """What waits for the manager herself, over all open audits."""

    refused: int
    doubtful: int
    # Audits with texts that came after close: number, title, how many requests.
    late_texts: tuple[tuple[int, str, int], ...]

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.refused or self.doubtful or self.late_texts)


def tally(audit: Audit, *, now: datetime) -> Tally:
    """The counts of one audit: the one function from which page, command, email and export have them."""
    return tallies([audit], now=now)[audit.id]


def tallies(audits: Sequence[Audit], *, now: datetime) -> dict[int, Tally]:
    """The counts of several audits, in one statement."""
    ids = [audit.id for audit in audits]
    found = posted(ids)
    word, draft = standing(found).label("word"), has_draft().label("draft")
    counted: Any = select(AuditRequest.audit_id, word, draft, func.count())
    rows = session.execute(of_requests(counted, ids, found).group_by(AuditRequest.audit_id, word, draft))
    by_audit: defaultdict[int, list[tuple[str, bool, int]]] = defaultdict(list)
    for audit_id, standing_word, drafted, count in rows:
        by_audit[audit_id].append((standing_word, bool(drafted), count))
    return {audit.id: Tally.of(by_audit[audit.id], overdue=audit.is_overdue(now)) for audit in audits}


def cells(audit: Audit) -> list[Cell]:
    """Every request of an audit as its cell, in the order in which they were made."""
    found = posted([audit.id])
    chosen: Any = select(
        AuditRequest.id,
        AuditRequest.case_id,
        AuditRequest.agency_id,
        AuditRequest.grant_id,
        standing(found),
        has_draft(),
    )
    rows = session.execute(of_requests(chosen, [audit.id], found).order_by(AuditRequest.id))
    return [
        Cell(id_, case, agency, grant, word, bool(draft)) for id_, case, agency, grant, word, draft in rows
    ]


def picture(audit: Audit, *, now: datetime) -> Picture:
    """Everything the tracking page counts, from one reading of the requests."""
    found = cells(audit)
    overdue = audit.is_overdue(now)
    by_case: defaultdict[int, list[tuple[str, bool, int]]] = defaultdict(list)
    by_agency: defaultdict[int, list[tuple[str, bool, int]]] = defaultdict(list)
    for cell in found:
        counted = (cell.word, cell.has_draft, 1)
        by_case[cell.case_id].append(counted)
        by_agency[cell.agency_id].append(counted)
    ticked = {(cell.case_id, cell.agency_id) for cell in not_issued(audit)}
    asked = by_agency.keys() | {agency_id for _case, agency_id in ticked}
    return Picture(
        tally=Tally.of((each for counted in by_case.values() for each in counted), overdue=overdue),
        cases=tuple(Line(id_, name, Tally.of(by_case[id_], overdue=overdue)) for id_, name in _cases(audit)),
        agencies=tuple(
            Line(id_, name, Tally.of(by_agency[id_], overdue=overdue))
            for id_, name in _agencies(audit)
            if id_ in asked
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
    kinds = list(KINDS)
    rows = [(row[0], row[1], row[2]) for row in session.execute(chosen.order_by(Agency.name, Agency.id))]
    rows.sort(key=lambda row: kinds.index(row[2]) if row[2] in kinds else len(kinds))
    return [(id_, name) for id_, name, _kind in rows]


def refused_grants(audit: Audit) -> set[int]:
    """The ids of this audit's grants whose address has refused the last email."""
    found = posted([audit.id])
    return set(session.scalars(select(found.c.grant_id).where(is_refused(found))))


def outstanding_list(audit: Audit) -> list[Waiting]:
    """Every outstanding request with whom to ring: by agency, then in the order of the cases."""
    found = posted([audit.id])
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
    word = standing(found).label("word")
    chosen: Any = select(
        AuditRequest.id.label("request_id"),
        AuditRequest.reference,
        Case.pseudonym.label("case"),
        Agency.name.label("agency"),
        Contact.name.label("contact"),
        Contact.telephone,
        Contact.email,
        word,
        has_draft().label("has_draft"),
        AuditRequest.issued_at.label("asked_at"),
        func.coalesce(chased.c.times, 0).label("chased"),
        chased.c.last_at.label("last_chased_at"),
    )
    rows = session.execute(
        of_requests(chosen, [audit.id], found)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(Grant, Grant.id == AuditRequest.grant_id)
        .join(Contact, Contact.id == Grant.contact_id)
        .outerjoin(chased, chased.c.grant_id == Grant.id)
        .where(word.in_(WAITING))
        .order_by(Agency.name, Case.position, AuditRequest.id)
    )
    return [Waiting(**row) for row in rows.mappings()]


def chased_today(audits: Sequence[Audit], *, now: datetime) -> set[int]:
    """Which of these audits have had chasers queued since midnight, by hand or by the clock."""
    since = at_local(local_day(now), time())
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


def audits_open(*, now: datetime) -> list[Audit]:
    """Audits that take returns at this moment, oldest first."""
    chosen = select(Audit).where(Audit.issued_at.is_not(None), Audit.closed_at.is_(None))
    return [each for each in session.scalars(chosen.order_by(Audit.id)) if not each.is_closed(now)]


def needs_today(*, now: datetime) -> Needs:
    """What waits for the manager: refused addresses of open audits, emails in doubt, late texts."""
    found = posted([audit.id for audit in audits_open(now=now)])
    refused = (
        select(func.count(func.distinct(AuditRequest.grant_id)))
        .join(found, found.c.grant_id == AuditRequest.grant_id)
        .where(is_refused(found), not_returned())
    )
    late = (
        select(Audit.id, Audit.title, func.count(func.distinct(Revision.return_id)))
        .join(AuditRequest, AuditRequest.audit_id == Audit.id)
        .join(Return, Return.request_id == AuditRequest.id)
        .join(Revision, Revision.return_id == Return.id)
        .where(late_text_waits())
        .group_by(Audit.id, Audit.title)
        .order_by(Audit.id)
    )
    return Needs(
        refused=session.scalar(refused) or 0,
        doubtful=session.scalar(select(func.count()).where(Outbox.state == "doubtful")) or 0,
        late_texts=tuple((row[0], row[1], row[2]) for row in session.execute(late)),
    )
