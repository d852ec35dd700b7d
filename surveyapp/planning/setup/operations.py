"""The operation that stores a set-up file as an audit."""

from collections.abc import Mapping
from datetime import datetime

from surveyapp.agencies import operations as directory
from surveyapp.agencies.locks import lock_directory
from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.edit_conflicts import check_unchanged
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.cases.operations import add_cases
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.operations import tick_cells
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import plan_audit
from surveyapp.planning.references.operations import write_references
from surveyapp.planning.setup.directory_comparison import plan_directory
from surveyapp.planning.setup.directory_plan import DirectoryPlan, PlannedAgency, PlannedContact
from surveyapp.planning.setup.setup_schema import SetUp

# Of an edit conflict: the page shows the file beside the directory as it is now.
DIRECTORY_CHANGED = "Someone else changed the directory after you opened the page."
LOOK_AGAIN = "Nothing was stored. What is stored now is below: look at it again, then set up the audit."


def set_up_audit(
    set_up: SetUp,
    *,
    choices: Mapping[str, str] | None = None,
    seen: str | None = None,
    actor: str,
    now: datetime,
) -> Audit:
    """Store an audit from a set-up file, with its cases, grid and references, and change the directory.

    `choices` say for each difference between file and directory which of them is right, as `plan_directory`
    reads them. `seen` is the plan's digest when they were shown: raises EditConflict if the directory has
    changed since. Raises the refusals of the single operations.
    """
    audit = plan_audit(set_up.details, actor=actor, now=now)
    plan = plan_directory(set_up, lock_directory(), choices or {})
    check_unchanged(seen, plan.seen, message=DIRECTORY_CHANGED, way_on=LOOK_AGAIN)
    agencies = _write_directory(set_up, plan, actor=actor, now=now)
    cases = add_cases(audit, [case.details for case in set_up.cases], actor=actor, now=now)
    ticked = [
        TickedCell(case.id, agencies[name_key(name)].id)
        for case, set_up_case in zip(cases, set_up.cases, strict=True)
        for name in set_up_case.agencies
    ]
    tick_cells(audit, ticked, actor=actor, now=now)
    references = {
        TickedCell(case.id, agencies[name_key(name)].id): reference
        for case, set_up_case in zip(cases, set_up.cases, strict=True)
        for name, reference in set_up_case.references.items()
    }
    write_references(audit, references, actor=actor, now=now)
    return audit


def _write_directory(set_up: SetUp, plan: DirectoryPlan, *, actor: str, now: datetime) -> dict[str, Agency]:
    """Change the directory as planned; returns its agencies by the `name_key` that the file has for them."""
    agencies = {}
    for named, planned in zip(set_up.agencies, plan.agencies, strict=True):
        agency = _write_agency(planned, actor=actor, now=now)
        for contact in planned.contacts:
            _write_contact(agency, contact, actor=actor, now=now)
        agencies[name_key(named.name)] = agency
    return agencies


def _write_agency(planned: PlannedAgency, *, actor: str, now: datetime) -> Agency:
    agency, name, kind = planned.stored, planned.name, planned.kind
    if agency is None:
        return directory.add_agency(name, kind=kind, actor=actor, now=now)
    if (agency.name, agency.kind) != (name, kind):
        directory.change_agency(agency, name=name, kind=kind, actor=actor, now=now)
    return agency


def _write_contact(agency: Agency, planned: PlannedContact, *, actor: str, now: datetime) -> None:
    values = {name: getattr(planned, name) for name in ("name", "email", "telephone", "role")}
    if planned.stored is None:
        directory.add_contact(agency, **values, actor=actor, now=now)
    elif planned.is_changed:
        directory.change_contact(planned.stored, **values, actor=actor, now=now)
    if planned.stored is not None and planned.leaves:
        directory.note_contact_left(planned.stored, actor=actor, now=now)
