"""Operations on a contact who has left, or whose address was wrong, in all open audits at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from surveyapp.agencies.models import Contact
from surveyapp.agencies.operations import change_contact, note_contact_left
from surveyapp.foundation.store.db import session
from surveyapp.handing_over.queries import Holding, holdings_of
from surveyapp.issuing.delegation_operations import take_back_delegation
from surveyapp.issuing.delegation_queries import open_delegations_from
from surveyapp.issuing.link_operations import send_new_link
from surveyapp.issuing.replacement_operations import hand_over_requests


@dataclass(frozen=True)
class EmailQueued:
    """An email with a link to one contact about one audit; `queued` is False if none leaves."""

    audit: str
    contact: str
    queued: bool


def note_left(
    contact: Contact,
    successor: Contact | None,
    others: Mapping[int, Contact] = {},
    *,
    actor: str,
    now: datetime,
) -> list[EmailQueued]:
    """Record that a contact has left, and let others take over what they hold in all open audits.

    `others` take over single requests, by request id, and `successor` what is left; without a successor
    nothing moves, and their requests wait for somebody. Each who takes over gets one email for each audit.
    `now` is UTC. Raises NotTheirAgency for somebody who does not answer for the agency.
    """
    emails = []
    if successor is not None:
        for holding in holdings_of(contact, now=now):
            taken_over = {
                held.audit_request.id: others[held.audit_request.id]
                for held in holding.requests
                if held.audit_request.id in others
            }
            replacements = hand_over_requests(holding.grant, successor, taken_over, actor=actor, now=now)
            emails += [
                EmailQueued(holding.grant.audit.title, replacement.grant.contact.name, replacement.queued)
                for replacement in replacements
            ]
    note_contact_left(contact, actor=actor, now=now)
    return emails


def correct_address(  # noqa: PLR0913 — what is corrected, having seen what
    contact: Contact, email: str, *, seen: str, takes_back: bool = False, actor: str, now: datetime
) -> list[EmailQueued] | None:
    """Correct a contact's address, and send them a new link in each open audit; the old links stop working.

    With `takes_back`, what was passed on with the old links comes back to the contact first. `seen` is the
    `links_seen` that the page showed; None if the links have changed since, so that pressing twice sends
    once. `now` is UTC. Raises InvalidContactAddress and AddressTaken.
    """
    holdings = holdings_of(contact, now=now)
    if seen != links_seen(holdings):
        return None
    if email != contact.email:
        change_contact(
            contact,
            name=contact.name,
            email=email,
            telephone=contact.telephone,
            role=contact.role,
            actor=actor,
            now=now,
        )
        session.flush()
    emails = []
    for holding in holdings:
        if takes_back:
            for delegation in open_delegations_from(holding.grant):
                take_back_delegation(delegation, actor=actor, now=now)
        queued = send_new_link(holding.grant, seen=holding.grant.version, actor=actor, now=now)
        emails.append(EmailQueued(holding.grant.audit.title, contact.name, queued))
    return emails


def links_seen(holdings: list[Holding]) -> str:
    """The versions of the links that a page is about to replace, so that a second press is recognised."""
    return ",".join(f"{holding.grant.id}-{holding.grant.version}" for holding in holdings)
