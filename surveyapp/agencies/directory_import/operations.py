"""Changes the directory as planned from a file: all of it, in a few statements however long the file is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from surveyapp.agencies import operations as directory
from surveyapp.agencies.directory_import.agency_questions import answered_agencies, directory_digest
from surveyapp.agencies.directory_import.directory_comparison import plan_directory
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, PlannedAgency, PlannedContact
from surveyapp.agencies.directory_import.directory_table import ImportedDirectory
from surveyapp.agencies.locks import lock_directory
from surveyapp.agencies.models import Agency
from surveyapp.agencies.operations import ContactDetails
from surveyapp.foundation.store.edit_conflicts import check_unchanged

# Of an edit conflict: the page shows the file beside the directory as it is now.
DIRECTORY_CHANGED = "Someone else changed the directory after you opened the page."
LOOK_AGAIN = "Nothing was stored. What is stored now is below: look at it again, then store it."


def write_directory(plan: DirectoryPlan, *, actor: str, now: datetime) -> tuple[Agency, ...]:
    """Change the directory as planned; returns its agencies in the order of the plan.

    Lock the directory and plan again before calling this. Raises the refusals of the single operations.
    """
    agencies = _write_agencies(plan.agencies, actor=actor, now=now)
    contacts = [
        (agency, contact)
        for agency, planned in zip(agencies, plan.agencies, strict=True)
        for contact in planned.contacts
    ]
    changed = [
        (contact.stored, _details(contact))
        for _, contact in contacts
        if contact.stored and contact.is_changed
    ]
    leaving = [contact.stored for _, contact in contacts if contact.stored and contact.leaves]
    added = [(agency, _details(contact)) for agency, contact in contacts if contact.stored is None]
    directory.change_contacts(changed, actor=actor, now=now)
    directory.note_contacts_left(leaving, actor=actor, now=now)
    if added:
        directory.add_contacts(added, actor=actor, now=now)
    return agencies


def import_directory(
    imported: ImportedDirectory, choices: Mapping[str, str], *, seen: str, actor: str, now: datetime
) -> DirectoryPlan:
    """Store the agencies and contacts of a table in the directory; returns what was stored.

    `choices` are the answers and choices by key. `seen` is the `directory_digest` when they were shown:
    raises EditConflict if the directory has changed since. Raises the refusals of the single operations.
    """
    stored = lock_directory()
    check_unchanged(seen, directory_digest(imported, stored), message=DIRECTORY_CHANGED, way_on=LOOK_AGAIN)
    plan = plan_directory(answered_agencies(imported, stored, choices).agencies, stored, choices)
    write_directory(plan, actor=actor, now=now)
    return plan


def _write_agencies(
    planned_agencies: Sequence[PlannedAgency], *, actor: str, now: datetime
) -> tuple[Agency, ...]:
    new = [(planned.name, planned.kind) for planned in planned_agencies if planned.stored is None]
    added = iter(directory.add_agencies(new, actor=actor, now=now) if new else ())
    changes = [
        (planned.stored, planned.name, planned.kind)
        for planned in planned_agencies
        if planned.stored is not None and planned.is_changed
    ]
    directory.change_agencies(changes, actor=actor, now=now)
    return tuple(planned.stored or next(added) for planned in planned_agencies)


def _details(planned: PlannedContact) -> ContactDetails:
    return ContactDetails(planned.name, planned.email, planned.telephone, planned.role)
