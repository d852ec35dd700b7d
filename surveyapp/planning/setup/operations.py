"""The operation that stores a set-up file as an audit."""

from datetime import datetime

from surveyapp.agencies import operations as directory
from surveyapp.agencies.models import Agency
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.planning.cases.operations import add_cases
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.operations import tick_cells
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import plan_audit
from surveyapp.planning.references.operations import write_references
from surveyapp.planning.setup.setup_schema import SetUp


def set_up_audit(set_up: SetUp, *, actor: str, now: datetime) -> Audit:
    """Store an audit from a set-up file, with its cases, grid and references.

    Agencies and contacts that are not in the directory yet are added to it. Raises the refusals of the
    single operations, for instance if the directory has changed since the file was read.
    """
    audit = plan_audit(set_up.details, actor=actor, now=now)
    agencies = _add_to_directory(set_up, actor=actor, now=now)
    cases = add_cases(audit, [case.details for case in set_up.cases], actor=actor, now=now)
    ticked = [
        TickedCell(case.id, agencies[name.casefold()].id)
        for case, set_up_case in zip(cases, set_up.cases, strict=True)
        for name in set_up_case.agencies
    ]
    tick_cells(audit, ticked, actor=actor, now=now)
    references = {
        TickedCell(case.id, agencies[name.casefold()].id): reference
        for case, set_up_case in zip(cases, set_up.cases, strict=True)
        for name, reference in set_up_case.references.items()
    }
    write_references(audit, references, actor=actor, now=now)
    return audit


def _add_to_directory(set_up: SetUp, *, actor: str, now: datetime) -> dict[str, Agency]:
    agencies = agencies_by_name()
    for set_up_agency in set_up.agencies:
        name = set_up_agency.name.casefold()
        if name not in agencies:
            agencies[name] = directory.add_agency(
                set_up_agency.name, kind=set_up_agency.kind, actor=actor, now=now
            )
        addresses = {stored.email.casefold() for stored in agencies[name].contacts}
        for contact in set_up_agency.contacts:
            if contact.email.casefold() not in addresses:
                directory.add_contact(agencies[name], **contact.model_dump(), actor=actor, now=now)
    return agencies
