"""The pages of the library of resources that briefs link to."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.brief.library.forms import ResourceForm
from surveyapp.brief.library.operations import (
    ResourceNameTaken,
    add_to_library,
    change_library_resource,
    remove_from_library,
    resource_digest,
)
from surveyapp.brief.library.queries import briefs_showing, library_resources
from surveyapp.brief.models import LibraryResource
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff


def list_resources() -> ResponseReturnValue:
    """Show the library and the form for adding to it."""
    return _library_page(ResourceForm(formdata=None))


def add_resource() -> ResponseReturnValue:
    """Add a resource to the library."""
    form = ResourceForm()
    if not form.validate():
        return _library_page(form), 422
    try:
        with transaction():
            add_to_library(form.resource(), actor=acting_staff().name, now=clock.now())
    except ResourceNameTaken as error:
        form.name.errors = [f"{error.message.removesuffix('.')}: {error.way_on.lower().removesuffix('.')}"]
        return _library_page(form), error.status
    flash(f"“{form.name.data}” is in the library.", "success")
    return redirect(url_for("survey.brief.list_resources"), 303)


def show_resource(resource_id: int) -> ResponseReturnValue:
    """Show one resource, to change or remove it."""
    resource = session.get_one(LibraryResource, resource_id)
    form = ResourceForm(formdata=None, obj=resource, data={"seen": resource_digest(resource)})
    return _resource_page(resource, form)


def change_resource(resource_id: int) -> ResponseReturnValue:
    """Change one resource."""
    form = ResourceForm()
    resource = session.get_one(LibraryResource, resource_id)
    if not form.validate():
        return _resource_page(resource, form), 422
    try:
        with transaction():
            seen = request.form.get("seen")
            change_library_resource(
                resource, form.resource(), seen=seen, actor=acting_staff().name, now=clock.now()
            )
    except EditConflict as error:
        form.seen.data = resource_digest(resource)
        return _resource_page(resource, form, changed=error), error.status
    except ResourceNameTaken as error:
        form.name.errors = [f"{error.message.removesuffix('.')}: {error.way_on.lower().removesuffix('.')}"]
        return _resource_page(session.get_one(LibraryResource, resource_id), form), error.status
    flash(f"“{form.name.data}” is changed.", "success")
    return redirect(url_for("survey.brief.list_resources"), 303)


def remove_resource(resource_id: int) -> ResponseReturnValue:
    """Remove one resource from the library."""
    resource = session.get_one(LibraryResource, resource_id)
    name = resource.name
    with transaction():
        remove_from_library(resource, actor=acting_staff().name, now=clock.now())
    flash(f"“{name}” is taken out of the library. Briefs that were released still show it.", "success")
    return redirect(url_for("survey.brief.list_resources"), 303)


def _library_page(form: ResourceForm) -> str:
    counts = briefs_showing()
    return render_template(
        "survey/brief/resources.html",
        resources=[(resource, counts.get(resource.id, 0)) for resource in library_resources()],
        form=form,
        errors=form.errors if request.method == "POST" else {},
    )


def _resource_page(
    resource: LibraryResource, form: ResourceForm, *, changed: EditConflict | None = None
) -> str:
    return render_template(
        "survey/brief/resource.html",
        resource=resource,
        form=form,
        changed=changed,
        there=[("Name", resource.name), ("What it is", resource.what), ("Address", resource.address)],
        errors=form.errors if request.method == "POST" else {},
    )
