"""Changes the directory as planned from a file: all of it, in a few statements however long the file is."""

from collections.abc import Sequence
from datetime import datetime

from surveyapp.agencies import operations as directory
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, PlannedAgency, PlannedContact
from surveyapp.agencies.models import Agency
from surveyapp.agencies.operations import ContactDetails


def write_directory(plan: DirectoryPlan, *, actor: str, now: datetime) -> tuple[Agency, ...]:
    """Change the directory as planned; returns its agencies in the order of the plan.

    Lock the directory and plan again before calling this. Raises the refusals of the single operations.
    """
    agencies = _write_agencies(plan.agencies, actor=actor, now=now)
    added = []
    for agency, planned in zip(agencies, plan.agencies, strict=True):
        for contact in planned.contacts:
            if contact.stored is None:
                added.append((agency, _details(contact)))
            else:
                _change_contact(contact, actor=actor, now=now)
    if added:
        directory.add_contacts(added, actor=actor, now=now)
    return agencies


def _write_agencies(
    planned_agencies: Sequence[PlannedAgency], *, actor: str, now: datetime
) -> tuple[Agency, ...]:
    new = [(planned.name, planned.kind) for planned in planned_agencies if planned.stored is None]
    added = iter(directory.add_agencies(new, actor=actor, now=now) if new else ())
    for planned in planned_agencies:
        agency = planned.stored
        if agency is not None and (agency.name, agency.kind) != (planned.name, planned.kind):
            directory.change_agency(agency, name=planned.name, kind=planned.kind, actor=actor, now=now)
    return tuple(planned.stored or next(added) for planned in planned_agencies)


def _change_contact(planned: PlannedContact, *, actor: str, now: datetime) -> None:
    if planned.stored is None:
        return
    if planned.is_changed:
        values = {name: getattr(planned, name) for name in ("name", "email", "telephone", "role")}
        directory.change_contact(planned.stored, **values, actor=actor, now=now)
    if planned.leaves:
        directory.note_contact_left(planned.stored, actor=actor, now=now)


def _details(planned: PlannedContact) -> ContactDetails:
    return ContactDetails(planned.name, planned.email, planned.telephone, planned.role)
