"""What every page of a contact begins with: their own request, and what came with the press of a button."""

import hmac
import re
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.answering.returns.autosave import autosave_id, valid_autosave_ids
from surveyapp.answering.returns.operations import ButtonPress
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.web.access import grants_in_cookie, proved_grants, remember_grant
from surveyapp.issuing.access_queries import request_open_to
from surveyapp.issuing.delegation_queries import ended_delegation_to_links, open_delegation_from_links
from surveyapp.issuing.links import ID_LENGTH, grant_for_token
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.operations import note_start

_PUBLIC_ID = re.compile(rf"[a-z0-9]{{{ID_LENGTH}}}")
_LABEL = b"surveyapp/page/v1\0"
_MARK_BYTES = 16


class LinkNeeded(NotFound):
    """This browser holds no link, or none any more: the same for every address, so it tells nothing."""

    way_on = "This browser does not hold your link, or it has been replaced. What you saved is kept."

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__("Open the link from your email again")


class HeldByColleague(NotFound):
    """Their own request, which a colleague has at present."""

    def __init__(self, passed: Delegation) -> None:
        """Say with whom."""
        super().__init__(
            f"{passed.audit_request.case.pseudonym} is with {passed.colleague}.",
            way_on="Take it back from there, then press the button here again.",
        )
        self.public_id, self.passed = passed.audit_request.public_id, passed


class DelegationOver(NotFound):
    """A request that was passed to this browser’s link, and is not with it any more."""

    def __init__(self, passed: Delegation) -> None:
        """Say that it is not."""
        super().__init__(
            f"{passed.audit_request.case.pseudonym} is not with you any more.",
            way_on=f"{passed.passer}, who passed it to you, has it now.",
        )
        self.public_id = passed.audit_request.public_id


class CodeNeeded(NotFound):
    """This browser holds the link, and has not given the code that the audit asks for."""

    status = 403
    way_on = "We send it to the address at which you were asked."

    def __init__(self, public_id: str) -> None:
        """Say what to do first, about the request with this address."""
        super().__init__("Give the code from your email first.")
        self.public_id = public_id


def authorised_request(public_id: str, held: dict[str, int] | None = None) -> AuditRequest:
    """A request that this browser's links open now, its code given where one is asked for; else not found.

    Raises LinkNeeded where the browser holds no link at all, CodeNeeded where the code has not been given;
    both are NotFound.
    """
    try:
        found = request_held_by_link(public_id, held)
    except HeldByColleague as error:
        # Even who has it is not for a link alone.
        if is_proved(error.passed.audit_request, by=error.passed.from_grant):
            raise
        raise CodeNeeded(public_id) from error
    if not is_proved(found):
        raise CodeNeeded(public_id)
    return found


def request_and_grant_held(public_id: str, held: dict[str, int] | None = None) -> tuple[AuditRequest, Grant]:
    """A request with the grant by which this browser has it: its own, or that of who has passed it on.

    It is the grant whose mailbox gets a code. Raises what `request_held_by_link` does, but not WithColleague.
    """
    try:
        found = request_held_by_link(public_id, held)
    except HeldByColleague as error:
        return error.passed.audit_request, error.passed.from_grant
    return found, found.grant


def is_proved(audit_request: AuditRequest, *, by: Grant | None = None) -> bool:
    """Whether nothing stands between this browser and a request that its links open.

    `by` is the grant to look at, where that is not the request's own: of one that a colleague has.
    """
    grant = by or audit_request.grant
    return not audit_request.audit.asks_for_code or proved_grants().get(grant.public_id) == grant.version


def request_held_by_link(public_id: str, held: dict[str, int] | None = None) -> AuditRequest:
    """A request that this browser's links open, whether or not a code was given: nothing of it is shown yet.

    Raises LinkNeeded, a NotFound, where the browser holds no link at all; WithColleague and GivenBack, which
    are NotFound too, where it holds one from which, or to which, the request was passed on.
    """
    held = grants_in_cookie() if held is None else held
    if not held:
        raise LinkNeeded
    if not _PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    found = request_open_to(held, public_id)
    if found is None:
        raise _refusal_for(held, public_id)
    return found


def _refusal_for(held: dict[str, int], public_id: str) -> NotFound:
    passed = open_delegation_from_links(held, public_id)
    if passed is not None:
        return HeldByColleague(passed)
    ended = ended_delegation_for_browser(held, public_id)
    return DelegationOver(ended) if ended is not None else NotFound()


def ended_delegation_for_browser(held: dict[str, int], public_id: str) -> Delegation | None:
    """The last pass of a request to one of these links, now over; None where its code was never given.

    No code goes out for a link that has ended, so there is no way left to give it.
    """
    ended = ended_delegation_to_links(held, public_id)
    if ended is None:
        return None
    link = ended.to_grant.public_id
    shut = ended.audit_request.audit.asks_for_code and proved_grants().get(link) != held.get(link)
    return None if shut else ended


def grants_with_pasted_link() -> tuple[dict[str, int], Grant | None]:
    """The grants of this browser, with the one whose link was pasted on the page; and that one.

    Raises LinkUnknown where what was pasted is no link of ours.
    """
    held = grants_in_cookie()
    pasted = request.form.get("pasted-link", "")
    if not pasted.strip():
        return held, None
    grant = grant_for_token(pasted)
    return {**held, grant.public_id: grant.version}, grant


def use_pasted_link(grant: Grant | None, *, now: datetime) -> Callable[[], None]:
    """Note that a pasted link was used; what this gives holds it in the cookie, once all is stored.

    It stands behind whatever was stored with it: the audit is locked before any grant (promises 3.1).
    """
    if grant is None:
        return lambda: None
    note_start(grant, now=now)
    public_id, version = grant.public_id, grant.version
    return lambda: remember_grant(public_id, version)


def pasted_link_error() -> str:
    """What to say beside the box for the link; nothing while nothing has been pasted into it."""
    pasted = bool(request.form.get("pasted-link", "").strip())
    words = "This is not a link of ours, or not the one for this page: copy the whole address from the email"
    return words if pasted else ""


def redirect_to(view: str, public_id: str) -> ResponseReturnValue:
    """On to another page of the same request."""
    return redirect(url_for(f"survey_contact.answering.{view}", public_id=public_id), 303)


def press_from_form() -> ButtonPress:
    """The page's own id, and the version it showed."""
    return ButtonPress.read(request.form.get("submission-id", ""), request.form.get("seen-version", ""))


def continued_autosaves() -> tuple[str, ...]:
    """The kept text that the page was opened with, and goes on from."""
    return valid_autosave_ids(request.form.getlist("continues"))


def superseded_autosaves(press: ButtonPress) -> tuple[str, ...]:
    """The kept texts whose place a Save of the page takes: its own, and those it showed."""
    return (
        autosave_id(press.submission_id),
        *continued_autosaves(),
        *valid_autosave_ids(request.form.getlist("looked-at")),
    )


def page_signature(public_id: str) -> str:
    """What a page of ours carries, so that its text can be shown again on it without a link.

    It says that we have shown these questions at this address before, and opens nothing.
    """
    return _sign_page(public_id, keys().link[0])


def page_signature_from_form(public_id: str) -> str:
    """The mark that came with a press; empty where it is none of ours."""
    sent = request.form.get("page-mark", "")
    made = [hmac.compare_digest(_sign_page(public_id, key).encode(), sent.encode()) for key in keys().link]
    return sent if any(made) else ""


def _sign_page(public_id: str, key: bytes) -> str:
    made = hmac.new(key, _LABEL + public_id.encode(), sha256).digest()[:_MARK_BYTES]
    return b32encode(made).decode().rstrip("=").lower()
