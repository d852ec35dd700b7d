"""From the link to the list of returns: landing, Start, a fresh link, the list itself."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access.code_pages import send_code_at_start
from surveyapp.answering.arrival.fresh_link_pages import unknown_link
from surveyapp.answering.returns.queries import return_of
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import grants_in_cookie, remember_grant
from surveyapp.issuing.delegation_queries import delegations_from_links, open_delegations
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.links import TEST_TOKEN, LinkUnknown, grant_for_token
from surveyapp.issuing.models import Grant
from surveyapp.issuing.operations import note_start
from surveyapp.issuing.queries import form_of, live_requests, requests_open_to


def land(token: str) -> ResponseReturnValue:
    """Show who asks, for what and by when; nothing about a child, and nothing changes."""
    if token == TEST_TOKEN:
        title, text = (
            "This is the link of a test copy",
            "It opens nothing. The real email carries a link of its own.",
        )
        return render_template("survey/message.html", title=title, text=text), 404
    return _landing(grant_for_token(token), token)


def _landing(grant: Grant, token: str, *, problem: str = "") -> str:
    passes = open_delegations(grant)
    held, away = (
        live_requests(grant),
        [each.audit_request for each in passes if each.from_grant_id == grant.id],
    )
    passers = {each.passer: None for each in passes if each.to_grant_id == grant.id}
    return render_template(
        "survey/answering/arrival/landing.html",
        audit=grant.audit,
        agency=grant.contact.agency,
        returns=len(held) + len(away),
        due=due_counts_in_words([*held, *away]),
        passers=list(passers),
        minutes=form_of(grant.audit).minutes,
        closed=grant.audit.is_closed(clock.now()),
        token=token,
        problem=problem,
    )


def start() -> ResponseReturnValue:
    """Begin, or carry on, from a link: the one press that counts as a person."""
    now = clock.now()
    with transaction():
        grant = grant_for_token(request.form.get("token", ""))
        public_id, version = grant.public_id, grant.version
        note_start(grant, now=now)
        send_code_at_start(grant, now=now)
        only = _only_one_to_do({**grants_in_cookie(), public_id: version}, now)
    remember_grant(public_id, version)
    if only:
        return redirect(url_for("survey_contact.answering.answer", public_id=only), 303)
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


def _only_one_to_do(held: dict[str, int], now: datetime) -> str:
    """The one request that this browser's links open, while it is to do: there is no list to choose from.

    What is with a colleague makes a list too.
    """
    requests = requests_open_to(held)
    if len(requests) != 1 or requests[0].audit.is_closed(now) or delegations_from_links(held):
        return ""
    audit_return = return_of(requests[0])
    return "" if audit_return is not None and audit_return.has_returned else requests[0].public_id


def start_without_cookie(_error: CSRFError) -> ResponseReturnValue:
    """Show the landing page again to a browser that has brought no cookie, or another one’s."""
    try:
        token = request.form.get("token", "")
        page = _landing(grant_for_token(token), token, problem="Press Start once more.")
    except LinkUnknown as error:
        return unknown_link(error)
    return page, 400
