"""The landing page of a link, and its Start button."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access.code_pages import code_page_url, send_code_at_start
from surveyapp.answering.access.code_prompt import needs_code
from surveyapp.answering.access.copy_period import copy_has_ended, last_copy_day
from surveyapp.answering.arrival.fresh_link_pages import unknown_link
from surveyapp.answering.outstanding_queries import returned_requests
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import read_transaction, transaction
from surveyapp.foundation.web.access import grants_in_cookie, remember_grant
from surveyapp.issuing.access_queries import first_requests_open_to
from surveyapp.issuing.delegation_queries import (
    delegations_from_links,
    open_delegations,
    open_delegations_from,
)
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.links import TEST_TOKEN, LinkUnknown, grant_for_token
from surveyapp.issuing.models import Grant
from surveyapp.issuing.operations import note_start
from surveyapp.issuing.queries import form_of, live_requests


def land(token: str) -> ResponseReturnValue:
    """Show who asks, for what and by when; it shows nothing about a child and changes nothing."""
    if token == TEST_TOKEN:
        title, text = (
            "This is the link of a test copy",
            "It opens nothing. The real email carries a link of its own.",
        )
        return render_template("survey/message.html", title=title, text=text), 404
    return _landing(grant_for_token(token), token)


def redirect_to_landing(token: str) -> ResponseReturnValue:
    """Send a link in capitals to the page of the link as it was sent; it holds nothing but the link."""
    return redirect(url_for("survey_contact.answering.land", token=token))


def _landing(grant: Grant, token: str, *, problem: str = "") -> str:
    if not grant.audit.is_issued:
        return render_template(
            "survey/answering/arrival/landing_check.html",
            audit=grant.audit,
            agency=grant.contact.agency,
            children=len(grant.audit.cases),
            token=token,
            problem=problem,
        )
    delegations = open_delegations(grant)
    requests = live_requests(grant)
    delegated = [
        delegation.audit_request for delegation in delegations if delegation.from_grant_id == grant.id
    ]
    passers = {delegation.passer: None for delegation in delegations if delegation.to_grant_id == grant.id}
    asked = [*requests, *delegated]
    returned = returned_requests(asked)
    to_do = [audit_request for audit_request in asked if audit_request.id not in returned]
    now = clock.now()
    return render_template(
        "survey/answering/arrival/landing.html",
        audit=grant.audit,
        agency=grant.contact.agency,
        returns=len(asked),
        to_do=len(to_do),
        due=due_counts_in_words(to_do),
        passers=list(passers),
        minutes=form_of(grant.audit).minutes_for(grant.contact.agency.kind),
        closed=grant.audit.is_closed(now),
        copies_until=last_copy_day(grant.audit),
        copies_ended=copy_has_ended(grant.audit, now=now),
        token=token,
        problem=problem,
    )


def start() -> ResponseReturnValue:
    """Start, or carry on, from a link. Only this press counts as a person opening it."""
    now = clock.now()
    token = request.form.get("token", "")
    with read_transaction():
        grant = grant_for_token(token)
        public_id, version, is_issued = grant.public_id, grant.version, grant.audit.is_issued
        writes = (is_issued and grant.started_at is None) or needs_code(grant)
        only_request = _only_one_to_do({**grants_in_cookie(), public_id: version}, now)
    code_for = _note_start_and_send_code(token, now) if writes else ""
    remember_grant(public_id, version)
    if not is_issued:
        return redirect(url_for("survey_contact.involvement_check.show_check", public_id=public_id), 303)
    if code_for:
        # The code was sent for this link, whatever other links this browser holds.
        next_view = "answer" if code_for == only_request else ""
        return redirect(code_page_url(code_for, next_view=next_view), 303)
    if only_request:
        return redirect(url_for("survey_contact.answering.answer", public_id=only_request), 303)
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


def _note_start_and_send_code(token: str, now: datetime) -> str:
    """Store the first start of a link and send its code; returns the request that the code is for, or ""."""
    with transaction():
        grant = grant_for_token(token)
        if grant.audit.is_issued:
            note_start(grant, now=now)
        send_code_at_start(grant, now=now)
        return _request_to_prove(grant)


def _request_to_prove(grant: Grant) -> str:
    """Public id of one of the link's own requests, if its audit asks this browser for a code; else empty."""
    if not needs_code(grant):
        return ""
    delegated = (delegation.audit_request for delegation in open_delegations_from(grant))
    return next((own.public_id for own in (*live_requests(grant), *delegated)), "")


def _only_one_to_do(held: dict[str, int], now: datetime) -> str:
    """Public id of the request, if this browser's links open only one and it is still to do; else empty.

    A delegated request counts too, so with one the list is shown. `now` is UTC.
    """
    requests = first_requests_open_to(held, 2)
    if len(requests) != 1 or requests[0].audit.is_closed(now) or delegations_from_links(held):
        return ""
    return "" if returned_requests(requests) else requests[0].public_id


def start_without_cookie(_error: CSRFError) -> ResponseReturnValue:
    """Show the landing page again to a browser that sent no session cookie, or one that does not match."""
    try:
        token = request.form.get("token", "")
        page = _landing(grant_for_token(token), token, problem="Press the button once more.")
    except LinkUnknown as error:
        return unknown_link(error)
    return page, 400
