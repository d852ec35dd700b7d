"""The list of returns that this browser's links open, and the end of a visit."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.access.code_pages import code_page_url
from surveyapp.answering.access.contact_access import LinkNeeded, is_proved
from surveyapp.answering.arrival.fresh_link_pages import unknown_link
from surveyapp.answering.arrival.returns_list_rows import audit_rows
from surveyapp.answering.enquiry_queries import last_enquiry_answered
from surveyapp.answering.returns.progress_queries import (
    ReturnProgress,
    references_by_request,
    return_progress,
)
from surveyapp.foundation import clock
from surveyapp.foundation.web.access import forget_grants, grants_in_cookie
from surveyapp.issuing.delegation_queries import delegations_from_links
from surveyapp.issuing.queries import requests_open_to


def show_returns() -> ResponseReturnValue:
    """Show all that this browser's links ask for, with the state of each."""
    held = grants_in_cookie()
    requests = requests_open_to(held)
    with_me = {each.id for each in requests}
    passes = {
        each.request_id: each
        for each in (delegations_from_links(held) if held else ())
        # A computer that holds the colleague's link too shows the case as theirs.
        if not (each.is_under_way and each.request_id in with_me)
    }
    requests += [each.audit_request for each in passes.values() if each.is_under_way]
    if not requests:
        page, _status = unknown_link(LinkNeeded())
        return page, 403
    away = {id_: passed.from_grant for id_, passed in passes.items() if passed.is_under_way}
    mine = [each for each in requests if is_proved(each, by=away.get(each.id))]
    # One request of each link for which a code has not been given: nothing of it is shown before.
    shut = {away.get(each.id, each.grant).id: each for each in reversed(requests) if each not in mine}
    if not mine:
        return redirect(code_page_url(requests[0].public_id), 303)
    now = clock.now()
    # Two agencies may share a computer, and each calls its cases Child A.
    groups: dict[tuple[int, int], list[ReturnProgress]] = {}
    asked = last_enquiry_answered([each.id for each in mine])
    for each in return_progress(mine):
        groups.setdefault((each.audit_request.audit_id, each.audit_request.agency_id), []).append(each)
    references = references_by_request(mine)
    audits = sorted(
        (audit_rows(each, asked, passes, references, now) for each in groups.values()),
        key=lambda each: bool(each["closed"]),
    )
    locked = [(each.audit.title, each.agency.name, code_page_url(each.public_id)) for each in shut.values()]
    return render_template("survey/answering/arrival/returns.html", audits=audits, locked=locked)


def finish() -> ResponseReturnValue:
    """Make this browser forget its links: the next person at the computer opens nothing with it."""
    forget_grants()
    return redirect(url_for("survey_contact.answering.finished"), 303)


def finished() -> ResponseReturnValue:
    """Say that this computer has forgotten, and how to come back."""
    return render_template("survey/answering/arrival/finished.html")
