"""Pages on which staff remove a colleague who never opened a link, or find an unusual address right."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from surveyapp.agencies.queries import contact_by_id
from surveyapp.answering.delegation.operations import remove_unopened_colleague
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.delegation_operations import accept_address
from surveyapp.issuing.delegation_queries import delegations_of
from surveyapp.issuing.queries import request_of


def remove_colleague(agency_id: int, contact_id: int) -> ResponseReturnValue:
    """Remove a colleague who never opened a link; the contacts who passed them cases are told."""
    with transaction():
        colleague = contact_by_id(agency_id, contact_id)
        name = colleague.name
        ended = remove_unopened_colleague(colleague, actor=acting_staff().name, now=clock.now())
    back = counted(len(ended), "case goes", "cases go") if ended else ""
    told = f" {back} back to whoever passed it on, and they get an email." if ended else ""
    flash(f"{name} is removed.{told}", "success")
    return redirect(url_for("survey.agencies.show_agency", agency_id=agency_id), 303)


def accept_colleague_address(audit_id: int, request_id: int) -> ResponseReturnValue:
    """Record that the address of the colleague who has a request is right."""
    audit_request = request_of(audit_id, request_id)
    with transaction():
        delegation = next((passed for passed in delegations_of(audit_request) if passed.is_under_way), None)
        if delegation is None:
            raise NotFound("Nobody has this passed to them any more.")
        accept_address(delegation, actor=acting_staff().name, now=clock.now())
    flash("The address is right, as you say. It is not shown as unusual any more.", "success")
    return redirect(url_for("survey.tracking.show_request", audit_id=audit_id, request_id=request_id), 303)
