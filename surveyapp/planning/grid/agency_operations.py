"""Operations on the agencies of a grid: choose them, and add one to the directory for one child."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from surveyapp.agencies import operations as directory
from surveyapp.agencies.models import Agency
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.grid.grid import PlannedGrid, TickedCell
from surveyapp.planning.grid.operations import change_ticks, store_chosen
from surveyapp.planning.grid.queries import involvement_answers, known_agency_ids, planned_grid
from surveyapp.planning.locks import check_returns_open, lock_audit
from surveyapp.planning.models import Audit, Case, ChosenAgency


class AgencyInUse(Refused):
    """An agency that is ticked, or has said which children it knew, stays in the grid."""

    def __init__(self, names: Sequence[str]) -> None:
        """Name the agencies."""
        stay = "stays" if len(names) == 1 else "stay"
        super().__init__(
            f"{list_in_words(names)} {stay} in the grid, with what is ticked or answered there.",
            way_on="To leave an agency out, clear its ticks first.",
        )


@dataclass(frozen=True)
class AgencyForChild:
    """An agency as typed for one child, such as a GP practice or a school, with who answers for it."""

    name: str
    kind: str
    contact: str
    email: str
    telephone: str = ""


def choose_agencies(
    audit: Audit, chosen: Collection[int], *, seen: Collection[int], actor: str, now: datetime
) -> PlannedGrid:
    """Choose the agencies of an audit's grid; only the difference from `seen`, what the page showed, counts.

    Raises AgencyInUse if one that is ticked or has answered would go, EditConflict if one is no longer in the
    directory, and ReturnsClosed.
    """
    lock_audit(audit)
    check_returns_open(audit, now)
    added, removed = set(chosen) - set(seen), set(seen) - set(chosen)
    if known_agency_ids(added) != added:
        raise EditConflict("An agency on that page is there no longer.", way_on="Choose among those below.")
    before = planned_grid(audit)
    in_use = {cell.agency_id for cell in (*before.ticked, *involvement_answers(audit))}
    stay = [agency.name for agency in before.agencies if agency.id in removed & in_use]
    if stay:
        raise AgencyInUse(stay)
    if removed:
        session.execute(
            delete(ChosenAgency).where(ChosenAgency.audit_id == audit.id, ChosenAgency.agency_id.in_(removed))
        )
    store_chosen(audit, added)
    after = planned_grid(audit)
    if after.agencies != before.agencies:
        size = counted(len(after.agencies), "agency", "agencies")
        record_event(actor, "chose_agencies", f"audit {audit.id}", size, now=now)
    return after


def add_agency_for_child(case: Case, typed: AgencyForChild, *, actor: str, now: datetime) -> Agency:
    """Add an agency and its contact to the directory, and tick it for this child alone.

    Raises AgencyExists, InvalidContactAddress, UnknownKind and ReturnsClosed.
    """
    lock_audit(case.audit)
    check_returns_open(case.audit, now)
    agency = directory.add_agency(typed.name, kind=typed.kind, actor=actor, now=now)
    directory.add_contact(
        agency, name=typed.contact, email=typed.email, telephone=typed.telephone, actor=actor, now=now
    )
    tick_for_child(case, agency, actor=actor, now=now)
    return agency


def tick_for_child(case: Case, agency: Agency, *, actor: str, now: datetime) -> None:
    """Tick one agency of the directory for one child. Does nothing if it is ticked. Raises ReturnsClosed."""
    lock_audit(case.audit)
    check_returns_open(case.audit, now)
    stored_grid, cell = planned_grid(case.audit), TickedCell(case.id, agency.id)
    if cell not in stored_grid.ticked:
        saved = change_ticks(case.audit, stored_grid, added={cell}, removed=(), actor=actor, now=now)
        record_event(actor, "changed_grid", f"audit {case.audit_id}", str(saved), now=now)
