"""The status of an audit: the state of each request, and the counts by case and by agency."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Return, Revision
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.issuing.issue_plan_queries import cells_not_issued
from surveyapp.issuing.models import AuditRequest, due_day, is_overdue
from surveyapp.issuing.queries import last_link_emails
from surveyapp.planning.models import Audit, Case, Involvement
from surveyapp.tracking.request_state import (
    has_draft,
    request_state,
    select_from_requests,
)
from surveyapp.tracking.tally import Tally


class RequestCell(NamedTuple):
    """One request in the grid: its state, whether a draft is stored, and the UK day on which it is due.

    `is_keyed` says whether staff keyed in what is stored.
    """

    request_id: int
    case_id: int
    agency_id: int
    grant_id: int
    word: str
    has_draft: bool
    due_on: date | None
    is_keyed: bool = False


@dataclass(frozen=True)
class TallyLine:
    """A case or an agency, with its tally."""

    id: int
    name: str
    tally: Tally


@dataclass(frozen=True)
class AuditStatus:
    """The counts and cells of an audit's page, all from one query, so that every total agrees."""

    tally: Tally
    cases: tuple[TallyLine, ...]
    agencies: tuple[TallyLine, ...]
    # By (case id, agency id).
    cells: dict[tuple[int, int], RequestCell]
    # (case id, agency id) of boxes ticked after issuing; not counted until they are issued.
    not_issued: frozenset[tuple[int, int]]


def request_cells(audit: Audit) -> list[RequestCell]:
    """Every request of an audit as its cell, in the order in which the requests were made."""
    last_emails = last_link_emails([audit.id])
    columns: Any = select(
        AuditRequest.id,
        AuditRequest.case_id,
        AuditRequest.agency_id,
        AuditRequest.grant_id,
        request_state(last_emails),
        has_draft(),
        AuditRequest.due_on,
        func.coalesce(Revision.received_by, "") != "",
    )
    requests = select_from_requests(columns, [audit.id], last_emails)
    stored = requests.outerjoin(Revision, Revision.id == Return.current_revision_id)
    rows = session.execute(stored.order_by(AuditRequest.id)).all()
    due_on = {own_day: due_day(audit.due_on, own_day) for own_day in {row[6] for row in rows}}
    return [
        RequestCell(id_, case_id, agency_id, grant_id, state, bool(draft), due_on[own_day], bool(keyed))
        for id_, case_id, agency_id, grant_id, state, draft, own_day, keyed in rows
    ]


def audit_status(audit: Audit, *, now: datetime) -> AuditStatus:
    """Everything that an audit's page counts, from one query over its requests. `now` is UTC.

    Of an audit whose answers were removed for good, the tally is of the counts that were kept.
    """
    cells = request_cells(audit)
    # Of a grid of 9,000 requests, most have one of a few due days, and are in one of a few states.
    overdue = {due_on: is_overdue(due_on, now=now) for due_on in {cell.due_on for cell in cells}}
    by_case: defaultdict[int, Counter[tuple[str, bool, bool]]] = defaultdict(Counter)
    by_agency: defaultdict[int, Counter[tuple[str, bool, bool]]] = defaultdict(Counter)
    for cell in cells:
        state = (cell.word, cell.has_draft, overdue[cell.due_on])
        by_case[cell.case_id][state] += 1
        by_agency[cell.agency_id][state] += 1
    ticked = {(cell.case_id, cell.agency_id) for cell in cells_not_issued(audit)}
    involved = by_agency.keys() | {agency_id for _case_id, agency_id in ticked}
    return AuditStatus(
        tally=_tally(*by_case.values()) if audit.kept_counts is None else Tally.kept(audit.kept_counts),
        cases=tuple(TallyLine(id_, name, _tally(by_case[id_])) for id_, name in _cases(audit)),
        agencies=tuple(
            TallyLine(id_, name, _tally(by_agency[id_])) for id_, name in _agencies(audit) if id_ in involved
        ),
        cells={(cell.case_id, cell.agency_id): cell for cell in cells},
        not_issued=frozenset(ticked),
    )


def _tally(*counted: Counter[tuple[str, bool, bool]]) -> Tally:
    return Tally.of((*state, count) for states in counted for state, count in states.items())


def _cases(audit: Audit) -> list[tuple[int, str]]:
    cases = select(Case.id, Case.pseudonym).where(Case.audit_id == audit.id).order_by(Case.position, Case.id)
    return [(row[0], row[1]) for row in session.execute(cases)]


def _agencies(audit: Audit) -> list[tuple[int, str]]:
    """Id and name of each agency in the grid, by kind in the order in which partnerships print kinds."""
    asked = select(AuditRequest.agency_id).where(AuditRequest.audit_id == audit.id)
    ticked = select(Involvement.agency_id).join(Case).where(Case.audit_id == audit.id)
    agencies = select(Agency.id, Agency.name, Agency.kind).where(Agency.id.in_(asked.union(ticked)))
    kinds = list(AGENCY_KINDS)
    rows = [(row[0], row[1], row[2]) for row in session.execute(agencies.order_by(Agency.name, Agency.id))]
    rows.sort(key=lambda row: kinds.index(row[2]) if row[2] in kinds else len(kinds))
    return [(id_, name) for id_, name, _kind in rows]
