"""From the link to the list of returns: landing, Start, a fresh link, the list itself."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.access.code_pages import code_page_url, send_code_at_start
from surveyapp.answering.access.contact_access import LinkNeeded, is_proved
from surveyapp.answering.delegation.list_rows import row_with_holder
from surveyapp.answering.enquiries.queries import last_enquiry_answered
from surveyapp.answering.forms import FreshLinkForm
from surveyapp.answering.returns.form_rendering import spoken_moment
from surveyapp.answering.returns.queries import (
    ReturnProgress,
    references_by_request,
    return_of,
    return_progress,
)
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import forget_grants, grants_in_cookie, remember_grant
from surveyapp.foundation.words.dates_and_lists import day_in_words, short_day
from surveyapp.issuing.access_queries import grants_of_address, requests_open_to
from surveyapp.issuing.delegation_queries import delegations_from_links, open_delegations
from surveyapp.issuing.due_days import due_counts_in_words
from surveyapp.issuing.link_operations import send_fresh_links
from surveyapp.issuing.links import TEST_TOKEN, LinkUnknown, grant_for_token
from surveyapp.issuing.models import Delegation, Grant
from surveyapp.issuing.operations import note_start
from surveyapp.issuing.queries import form_of, live_requests

_VIEWS = "survey_contact.answering"


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
        return redirect(url_for(f"{_VIEWS}.answer", public_id=only), 303)
    return redirect(url_for(f"{_VIEWS}.show_returns"), 303)


def _only_one_to_do(held: dict[str, int], now: datetime) -> str:
    """The one request that this browser's links open, while it is to do: there is no list to choose from.

    What is with a colleague makes a list too.
    """
    requests = requests_open_to(held)
    if len(requests) != 1 or requests[0].audit.is_closed(now) or delegations_from_links(held):
        return ""
    kept = return_of(requests[0])
    return "" if kept is not None and kept.has_returned else requests[0].public_id


def start_without_cookie(_error: CSRFError) -> ResponseReturnValue:
    """Show the landing page again to a browser that has brought no cookie, or another one’s."""
    try:
        token = request.form.get("token", "")
        page = _landing(grant_for_token(token), token, problem="Press Start once more.")
    except LinkUnknown as error:
        return unknown_link(error)
    return page, 400


def unknown_link(error: LinkUnknown | LinkNeeded) -> tuple[str, int]:
    """Say that a link does not work, or is not held here, and offer a fresh one."""
    title = error.message.removesuffix(".")
    return _link_page(title, error.way_on, FreshLinkForm(formdata=None)), error.status


def _link_page(title: str, text: str, form: FreshLinkForm) -> str:
    return render_template(
        "survey/answering/arrival/link.html", title=title, text=text, form=form, errors=form.errors
    )


def ask_for_link() -> ResponseReturnValue:
    """Show where to ask for a fresh link."""
    return _link_page("Get your link again", "", FreshLinkForm(formdata=None))


def send_link() -> ResponseReturnValue:
    """Send a fresh link to the address on record, if there is one; whoever asks is told the same."""
    form = FreshLinkForm()
    if not form.validate():
        return _link_page("Get your link again", "", form), 422
    now = clock.now()
    with transaction():
        grants = grants_of_address(form.email.data or "")
        send_fresh_links([grant for grant in grants if not grant.audit.is_closed(now)], now=now)
    return redirect(url_for("survey_contact.answering.link_sent"), 303)


def link_sent() -> ResponseReturnValue:
    """Say what happens next, the same whoever asked."""
    return render_template("survey/answering/arrival/link_sent.html")


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
        (_audit_rows(each, asked, passes, references, now) for each in groups.values()),
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


def _audit_rows(
    mine: Sequence[ReturnProgress],
    asked: Mapping[int, bool],
    passes: dict[int, Delegation],
    references: Mapping[int, str],
    now: datetime,
) -> dict[str, object]:
    audit, agency = mine[0].audit_request.audit, mine[0].audit_request.agency
    closed = audit.is_closed(now)
    returned = sum(each.has_returned for each in mine)
    away = {number for number, passed in passes.items() if passed.is_under_way}
    to_do = [each.audit_request for each in mine if not each.has_returned]
    here = [each for each in to_do if each.id not in away]
    return {
        "audit": audit,
        "agency": agency.name,
        "closed": closed,
        "returned": returned,
        "of": len(mine),
        "to_do": len(to_do),
        # Of cases that are here: a colleague passes none on, and may have one to send back.
        "may_pass": not closed and any(each.open_delegation is None for each in here),
        "may_say_nil": not closed
        and any(not (each.open_delegation and each.open_delegation.sends_back) for each in here),
        "away": sum(each.audit_request.id in away for each in mine),
        "due": due_counts_in_words(to_do),
        "came_of_it": _feedback_url(mine, away) if closed else "",
        # What is still to do stands first: it is looked for between two other tasks.
        "rows": [
            row_with_holder(
                _with_reference(
                    _row(each, closed=closed, is_answered=asked.get(each.audit_request.id), now=now),
                    references.get(each.audit_request.id, ""),
                ),
                each,
                passes.get(each.audit_request.id),
                closed=closed,
                now=now,
            )
            for each in sorted(mine, key=lambda each: (each.has_returned, each.audit_request.id in away))
        ],
    }


def _feedback_url(mine: Sequence[ReturnProgress], away: AbstractSet[int]) -> str:
    """The page of a later step that says what came of the audit; nothing where all is with colleagues.

    Each request of the audit opens the same.
    """
    here = [each.audit_request.public_id for each in mine if each.audit_request.id not in away]
    return url_for("survey_contact.feedback.show_what_came_of_it", public_id=here[0]) if here else ""


def _with_reference(row: dict[str, Any], reference: str) -> dict[str, Any]:
    """A line of the list with what the agency itself calls its file."""
    if not reference:
        return row
    return {**row, "hint": " – ".join(filter(None, (f"Your own reference: {reference}", row.get("hint"))))}


def _row(each: ReturnProgress, *, closed: bool, is_answered: bool | None, now: datetime) -> dict[str, Any]:
    """One line of the list: the case, how far it is, and where its link leads.

    `is_answered` says whether the last that was asked about it has an answer; None where nothing was asked.
    """
    kept, public_id = each.kept, each.audit_request.public_id
    row: dict[str, Any] = {"text": each.audit_request.case.pseudonym}
    late = kept is not None and kept.late_allowed_at is not None
    if kept is not None and kept.returned_at is not None:
        how = "Returned as not involved" if kept.nil_reason else "Returned"
        row["status"] = f"{how} {short_day(clock.local_day(kept.returned_at))}"
        row["hint"] = "View your copy" if closed and not late else "View or change"
        if each.has_unreturned_changes:
            row["hint"] += ". You saved changes that are not returned, so they do not count yet"
            if closed and not late:
                row["hint"] = "View your copy. You saved changes that were not returned, so they do not count"
        view = "done"
    elif closed and not late:
        row["status"], row["hint"], view = "Not returned", "Returns have closed", "show_copy"
        if each.saved_at is not None:
            row["hint"] = "Returns have closed. What you saved is kept, and does not count."
    elif each.saved_at is not None:
        saved = spoken_moment(each.saved_at, now=now)
        row["hint"] = f"{each.answered} of {each.questions} answered, saved {saved}"
        row["status"], row["colour"], view = "Started", "yellow", "answer"
    else:
        row["status"], row["colour"], view = "Not started", "blue", "answer"
        row["other"] = ("Not involved", url_for(f"{_VIEWS}.not_involved", public_id=public_id))
    told = _enquiry_hints(each, is_answered=is_answered, closed=closed and not late)
    if told:
        said = [row.get("hint", ""), *told]
        row["hint"] = ". ".join(words.removesuffix(".") for words in said if words)
    row["href"] = url_for(f"{_VIEWS}.{view}", public_id=public_id)
    return row


def _enquiry_hints(each: ReturnProgress, *, is_answered: bool | None, closed: bool) -> list[str]:
    """What stands beside a row because somebody asked: the day they were given, whether it is answered."""
    audit_request, told = each.audit_request, []
    if audit_request.has_more_time and audit_request.due_day and not each.has_returned and not closed:
        told.append(f"You have until {day_in_words(audit_request.due_day)}")
    if is_answered is not None:
        told.append("What you asked has an answer" if is_answered else "What you asked has no answer yet")
    return told
