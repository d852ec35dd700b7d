"""From the link to the list of returns: landing, Start, a fresh link, the list itself."""

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from surveyapp.answering.forms import FreshLinkForm
from surveyapp.answering.own import LinkNeeded
from surveyapp.answering.queries import Progress, progress
from surveyapp.answering.showing import when
from surveyapp.foundation import clock
from surveyapp.foundation.access import drop_grants, held_grants, hold_grant
from surveyapp.foundation.db import transaction
from surveyapp.foundation.wording import day_in_words, short_day
from surveyapp.issuing.links import TEST_TOKEN, LinkUnknown, grant_for_token
from surveyapp.issuing.models import Grant
from surveyapp.issuing.operations import note_start
from surveyapp.issuing.putting_right import send_fresh_links
from surveyapp.issuing.queries import form_of, grants_of_address, live_requests, requests_open_to


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
    return render_template(
        "survey/answering/landing.html",
        audit=grant.audit,
        agency=grant.contact.agency,
        returns=len(live_requests(grant)),
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
    hold_grant(public_id, version)
    return redirect(url_for("survey_contact.answering.show_returns"), 303)


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
        "survey/answering/link.html", title=title, text=text, form=form, errors=form.errors
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
    return render_template("survey/answering/link_sent.html")


def show_returns() -> ResponseReturnValue:
    """Show all that this browser's links ask for, with the state of each."""
    requests = requests_open_to(held_grants())
    if not requests:
        page, _status = unknown_link(LinkNeeded())
        return page, 403
    now = clock.now()
    # Two agencies may share a computer, and each calls its cases Child A.
    groups: dict[tuple[int, int], list[Progress]] = {}
    for each in progress(requests):
        groups.setdefault((each.audit_request.audit_id, each.audit_request.agency_id), []).append(each)
    audits = sorted(
        (_audit_rows(mine, now) for mine in groups.values()), key=lambda each: bool(each["closed"])
    )
    return render_template("survey/answering/returns.html", audits=audits)


def finish() -> ResponseReturnValue:
    """Make this browser forget its links: the next person at the computer opens nothing with it."""
    drop_grants()
    return redirect(url_for("survey_contact.answering.finished"), 303)


def finished() -> ResponseReturnValue:
    """Say that this computer has forgotten, and how to come back."""
    return render_template("survey/answering/finished.html")


def _audit_rows(mine: Sequence[Progress], now: datetime) -> dict[str, object]:
    audit, agency = mine[0].audit_request.audit, mine[0].audit_request.agency
    closed = audit.is_closed(now)
    returned = sum(each.has_returned for each in mine)
    return {
        "audit": audit,
        "agency": agency.name,
        "closed": closed,
        "returned": returned,
        "of": len(mine),
        "to_do": len(mine) - returned,
        "due": day_in_words(audit.due_on) if audit.due_on else "",
        # What is still to do stands first: it is looked for between two other tasks.
        "rows": [
            _row(each, closed=closed, now=now) for each in sorted(mine, key=lambda each: each.has_returned)
        ],
    }


def _row(each: Progress, *, closed: bool, now: datetime) -> dict[str, str]:
    """One line of the list: the case, how far it is, and where its link leads."""
    kept, public_id = each.kept, each.audit_request.public_id
    row = {"text": each.audit_request.case.pseudonym}
    late = kept is not None and kept.late_allowed_at is not None
    if kept is not None and kept.returned_at is not None:
        how = "Returned as not involved" if kept.nil_reason else "Returned"
        row["status"] = f"{how} {short_day(clock.local_day(kept.returned_at))}"
        row["hint"] = "View your copy" if closed and not late else "View or change"
        view = "done"
    elif closed and not late:
        row["status"], row["hint"], view = "Not returned", "Returns have closed", "show_copy"
        if each.saved_at is not None:
            row["hint"] = "Returns have closed. What you saved is kept, and does not count."
    elif each.saved_at is not None:
        saved = when(each.saved_at, now=now)
        row["hint"] = f"{each.answered} of {each.questions} answered, saved {saved}"
        row["status"], row["colour"], view = "Started", "yellow", "answer"
    else:
        row["status"], row["colour"], view = "Not started", "blue", "answer"
    row["href"] = url_for(f"survey_contact.answering.{view}", public_id=public_id)
    return row
