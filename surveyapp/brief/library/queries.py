"""The library of resources, and how many briefs show each."""

from sqlalchemy import func, select

from surveyapp.brief.models import BriefResource, LibraryResource
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key


def library_resources() -> list[LibraryResource]:
    """Every resource of the library, by name."""
    return list(session.scalars(select(LibraryResource).order_by(LibraryResource.name, LibraryResource.id)))


def resource_named(name: str) -> LibraryResource | None:
    """The resource of exactly this name, else the oldest with the same `name_key`; None if there is none."""
    resources = [
        resource
        for resource in session.scalars(select(LibraryResource).order_by(LibraryResource.id))
        if name_key(resource.name) == name_key(name)
    ]
    return min(resources, key=lambda resource: resource.name != name, default=None)


def briefs_showing() -> dict[int, int]:
    """How many briefs show each resource, by its id."""
    chosen = select(BriefResource.resource_id, func.count()).group_by(BriefResource.resource_id)
    return {resource_id: count for resource_id, count in session.execute(chosen)}  # noqa: C416 — rows are not pairs to mypy
