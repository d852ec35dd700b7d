"""Finds the request a contact's page is about, and checks that this browser may open it."""

import re

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.web.access import grants_in_cookie, proved_grants
from surveyapp.issuing.access_queries import request_open_to
from surveyapp.issuing.delegation_queries import ended_delegation_to_links, open_delegation_from_links
from surveyapp.issuing.links import ID_LENGTH
from surveyapp.issuing.models import AuditRequest, Delegation, Grant

# The most cases that one page is about.
MOST_CASES = 200
_PUBLIC_ID = re.compile(rf"[a-z0-9]{{{ID_LENGTH}}}")


class LinkNeeded(NotFound):
    """This browser holds no link. The page is the same for every address, so that it gives nothing away."""

    way_on = "This browser does not hold your link, or it has been replaced. What you saved is kept."

    def __init__(self) -> None:
        """Ask for the link to be opened again."""
        super().__init__("Open the link from your email again")


class HeldByColleague(NotFound):
    """The contact's own request, while a colleague has it."""

    def __init__(self, delegation: Delegation) -> None:
        """Name the colleague."""
        super().__init__(
            f"{delegation.audit_request.case.pseudonym} is with {delegation.colleague}.",
            way_on="Take it back from there, then press the button here again.",
        )
        self.public_id, self.delegation = delegation.audit_request.public_id, delegation


class DelegationOver(NotFound):
    """A request that was passed to this browser’s link, after the delegation has ended."""

    def __init__(self, delegation: Delegation) -> None:
        """Name the contact who has the case again."""
        super().__init__(
            f"{delegation.audit_request.case.pseudonym} is not with you any more.",
            way_on=f"{delegation.passer}, who passed it to you, has it now.",
        )
        self.public_id = delegation.audit_request.public_id


class CodeNeeded(NotFound):
    """This browser holds the link but has not given the code that the audit asks for."""

    status = 403
    way_on = "We send it to the address at which you were asked."

    def __init__(self, public_id: str) -> None:
        """Keep the public id, so that the code can be asked for."""
        super().__init__("Give the code from your email first.")
        self.public_id = public_id


def authorised_request(public_id: str, held: dict[str, int] | None = None) -> AuditRequest:
    """The request, if this browser holds its link and has given any code the audit asks for.

    `held` are the grants to use instead of those in the cookie, by public id with their versions. Raises
    LinkNeeded if the browser holds no link, CodeNeeded if the code is missing, and what
    `request_held_by_link` raises; all are NotFound.
    """
    try:
        audit_request = request_held_by_link(public_id, held)
    except HeldByColleague as error:
        # Before the code, the page does not even say which colleague has the case.
        if is_proved(error.delegation.audit_request, by=error.delegation.from_grant):
            raise
        raise CodeNeeded(public_id) from error
    if not is_proved(audit_request):
        raise CodeNeeded(public_id)
    return audit_request


def request_and_grant_held(public_id: str, held: dict[str, int] | None = None) -> tuple[AuditRequest, Grant]:
    """A request with the grant whose mailbox gets its code.

    That is the request's own grant, or for a contact who has delegated the case the grant it came from.
    Raises what `request_held_by_link` raises, except HeldByColleague.
    """
    try:
        audit_request = request_held_by_link(public_id, held)
    except HeldByColleague as error:
        return error.delegation.audit_request, error.delegation.from_grant
    return audit_request, audit_request.grant


def is_proved(audit_request: AuditRequest, *, by: Grant | None = None) -> bool:
    """Whether the audit asks for no code, or this browser has given it.

    `by` is the grant to check if it is not the request's own, as for a delegated request.
    """
    grant = by or audit_request.grant
    return not audit_request.audit.asks_for_code or proved_grants().get(grant.public_id) == grant.version


def request_held_by_link(public_id: str, held: dict[str, int] | None = None) -> AuditRequest:
    """The request, if this browser holds its link, whether or not the code was given; nothing is shown yet.

    Raises LinkNeeded if the browser holds no link, HeldByColleague if its contact has delegated the request,
    DelegationOver if the request was delegated to it and no longer is; all are NotFound.
    """
    held = grants_in_cookie() if held is None else held
    if not held:
        raise LinkNeeded
    if not _PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    audit_request = request_open_to(held, public_id)
    if audit_request is None:
        raise _refusal_for(held, public_id)
    return audit_request


def _refusal_for(held: dict[str, int], public_id: str) -> NotFound:
    delegation = open_delegation_from_links(held, public_id)
    if delegation is not None:
        return HeldByColleague(delegation)
    ended = ended_delegation_for_browser(held, public_id)
    return DelegationOver(ended) if ended is not None else NotFound()


def ended_delegation_for_browser(held: dict[str, int], public_id: str) -> Delegation | None:
    """The last delegation of a request to one of these links, if it is over.

    None if the audit asks for a code that this browser never gave: an ended link gets no code, so the browser
    can no longer prove itself.
    """
    ended = ended_delegation_to_links(held, public_id)
    if ended is None:
        return None
    link = ended.to_grant.public_id
    lacks_code = ended.audit_request.audit.asks_for_code and proved_grants().get(link) != held.get(link)
    return None if lacks_code else ended


def redirect_to(view: str, public_id: str) -> ResponseReturnValue:
    """Redirect to another page of the same request."""
    return redirect(url_for(f"survey_contact.answering.{view}", public_id=public_id), 303)
