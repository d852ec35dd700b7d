"""Adding resources to the library, changing and removing them."""

from datetime import datetime

from sqlalchemy import delete, select

from surveyapp.brief.brief import Resource
from surveyapp.brief.library.queries import resource_named
from surveyapp.brief.models import BriefResource, LibraryResource
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row


class ResourceNameTaken(Refused):
    """Raised when the library has a resource of this name already."""

    way_on = "Change that one, or give this one another name."

    def __init__(self, name: str) -> None:
        """`name` is the name in the library."""
        super().__init__(f"The library has “{name}” already.")


def add_to_library(resource: Resource, *, actor: str, now: datetime) -> LibraryResource:
    """Add a resource to the library. Raises ResourceNameTaken if it has one of this name."""
    if resource_named(resource.name) is not None:
        raise ResourceNameTaken(resource.name)
    added = LibraryResource(name=resource.name, what=resource.what, address=resource.address)
    session.add(added)
    session.flush()
    record_event(actor, "added_resource", f"resource {added.id}", now=now)
    return added


def resource_digest(library_resource: LibraryResource) -> str:
    """A digest of a resource, to detect an edit since its page was opened."""
    return row_digest(
        name=library_resource.name, what=library_resource.what, address=library_resource.address
    )


def change_library_resource(
    library_resource: LibraryResource,
    resource: Resource,
    *,
    seen: str | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Change a resource in every brief not yet released; `seen` is the `resource_digest` of the page.

    Raises EditConflict if somebody else changed it since, NoResultFound if somebody removed it,
    ResourceNameTaken for the name of another.
    """
    library_resource = lock_row(select(LibraryResource).where(LibraryResource.id == library_resource.id))
    check_unchanged(seen, resource_digest(library_resource))
    namesake = resource_named(resource.name)
    if namesake is not None and namesake.id != library_resource.id:
        raise ResourceNameTaken(resource.name)
    library_resource.name, library_resource.what, library_resource.address = (
        resource.name,
        resource.what,
        resource.address,
    )
    record_event(actor, "changed_resource", f"resource {library_resource.id}", now=now)


def remove_from_library(library_resource: LibraryResource, *, actor: str, now: datetime) -> None:
    """Remove a resource from the library and from every brief not yet released."""
    session.execute(delete(BriefResource).where(BriefResource.resource_id == library_resource.id))
    session.delete(library_resource)
    record_event(actor, "removed_resource", f"resource {library_resource.id}", now=now)
