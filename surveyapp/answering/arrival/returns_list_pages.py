"""The list of returns that this browser's links open, and the end of a visit."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.code_pages import code_page_url
from surveyapp.answering.access.contact_access import LinkNeeded, is_proved
from surveyapp.answering.arrival.fresh_link_pages import unknown_link
from surveyapp.answering.arrival.returns_list_rows import audits_with_rows
from surveyapp.answering.several.forms import WAYS, ChoiceForm
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import finish_visit, grants_in_cookie
from surveyapp.issuing.access_queries import requests_open_to
from surveyapp.issuing.delegation_queries import delegations_from_links


def show_returns() -> ResponseReturnValue:
    """Show the requests of this browser's links, by audit and agency, with the state of each."""
    held = grants_in_cookie()
    requests = requests_open_to(held)
    ids = {audit_request.id for audit_request in requests}
    delegations = {
        delegation.request_id: delegation
        for delegation in (delegations_from_links(held) if held else ())
        # A browser that also holds the colleague's link shows the case as the colleague's.
        if not (delegation.is_under_way and delegation.request_id in ids)
    }
    requests += [delegation.audit_request for delegation in delegations.values() if delegation.is_under_way]
    if not requests:
        page, _status = unknown_link(LinkNeeded())
        return page, 403
    delegated_from = {
        request_id: delegation.from_grant
        for request_id, delegation in delegations.items()
        if delegation.is_under_way
    }
    proved = [
        audit_request
        for audit_request in requests
        if is_proved(audit_request, by=delegated_from.get(audit_request.id))
    ]
    # One request of each link whose code has not been given: until then nothing about it is shown.
    needs_code = {
        delegated_from.get(audit_request.id, audit_request.grant).id: audit_request
        for audit_request in reversed(requests)
        if audit_request not in proved
    }
    if not proved:
        return redirect(code_page_url(requests[0].public_id), 303)
    locked = [
        (audit_request.audit.title, audit_request.agency.name, code_page_url(audit_request.public_id))
        for audit_request in needs_code.values()
    ]
    audits = audits_with_rows(proved, delegations, now=clock.now())
    for number, each in enumerate(audits, 1):
        each["choice"] = (
            ChoiceForm(formdata=None).offering(each["open"], number) if len(each["open"]) > 1 else None
        )
    return render_template("survey/answering/arrival/returns.html", audits=audits, locked=locked, ways=WAYS)


def finish() -> ResponseReturnValue:
    """Make this browser forget its links, so that the next person at the computer can open nothing.

    A copy of its cookie, taken by whoever used the computer meanwhile, opens nothing either.
    """
    with transaction():
        finish_visit()
    return redirect(url_for("survey_contact.answering.finished"), 303)


def finished() -> ResponseReturnValue:
    """Say that this browser has forgotten the links, and how to come back."""
    return render_template("survey/answering/arrival/finished.html")
