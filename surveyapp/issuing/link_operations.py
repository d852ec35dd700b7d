"""Operations that send a contact their link again, or a new link."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time

from surveyapp.agencies.models import Contact
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import count_as_bounced
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event, record_event_once
from surveyapp.foundation.words.shares import counted
from surveyapp.issuing.delegation_queries import open_delegations_from
from surveyapp.issuing.grant_operations import (
    give_new_link,
    queue_check_email,
    queue_request_email,
    queue_request_email_by_count,
)
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import grants_in_force, links_mark, live_requests, lock_grant
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit

FRESH_LINKS_A_DAY = 3


class LinkHolderHasLeft(Refused):
    """The contact has left, so a link would open nothing for them."""

    way_on = "Change the contact on the page of one of their requests."

    def __init__(self, contact: Contact) -> None:
        """Set the message, which names the contact."""
        super().__init__(f"{contact.name} has left the agency.")


class NothingAskedOfContact(Refused):
    """The contact is not asked for anything, so no link is sent."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("Nothing is asked of this contact any more.")


@dataclass(frozen=True)
class LinksReplaced:
    """How many links of an audit ended, and how many contacts are sent a new one."""

    links: int
    emails: int


def send_link_again(grant: Grant, *, seen: int, actor: str, now: datetime) -> bool:
    """Send a contact the request email again, with the same link; False if this press was counted before.

    `seen` is the number of request emails that the page showed, so that a double click sends one email.
    Raises NothingAskedOfContact, LinkHolderHasLeft, ReturnsClosed.
    """
    lock_grant(grant.id)
    _check_can_answer(grant, now)
    queued = queue_request_email(grant, f"again:{seen}", now=now)
    if queued:
        record_event(actor, "sent_link_again", f"grant {grant.id}", now=now)
    return queued


def note_bounce(grant: Grant, email_id: int, *, actor: str, now: datetime) -> None:
    """Store that an email with a contact's link came back, so that its address counts as refused.

    Raises NotFound if there is no such email, Refused if it does not count as sent.
    """
    lock_grant(grant.id)
    count_as_bounced(email_id, now=now)
    record_event(actor, "noted_bounce", f"grant {grant.id}", f"mail {email_id}", now=now)


def send_new_link(grant: Grant, *, seen: int, actor: str, now: datetime) -> bool:
    """Make a new link for a contact and send it to their present address; the old link stops working.

    For an address that was mistyped, or a link that reached the wrong person. `seen` is the version of the
    grant that the page showed; False if another press changed it first. Raises NothingAskedOfContact,
    LinkHolderHasLeft, ReturnsClosed; after the close the contact's present link still shows their own copy.
    """
    lock_grant(grant.id)
    _check_can_answer(grant, now)
    if grant.version != seen:
        return False
    give_new_link(grant, why="link withdrawn", now=now)
    queued = queue_request_email_by_count(grant, now=now)
    record_event(actor, "withdrew_link", f"grant {grant.id}", now=now)
    return queued


def replace_all_links(audit: Audit, *, seen: int, actor: str, now: datetime) -> LinksReplaced | None:
    """End every link of an audit, for links or a database that reached strangers; what was saved stays.

    Whoever can still answer is sent a new link at their present address; after the close nobody is. `seen` is
    `links_mark` as the page showed it: None if somebody was given a new link since, so nothing is sent twice.
    """
    grants = [lock_grant(grant.id) or grant for grant in grants_in_force(audit.id)]
    if links_mark(grants) != seen:
        return None
    emails = 0
    for grant in grants:
        give_new_link(grant, why="link withdrawn", now=now)
        with suppress(Refused):
            emails += _queue_replaced_link(audit, grant, now)
            record_event(actor, "withdrew_link", f"grant {grant.id}", now=now)
    record_event(actor, "ended_all_links", f"audit {audit.id}", counted(len(grants), "link"), now=now)
    return LinksReplaced(len(grants), emails)


def _queue_replaced_link(audit: Audit, grant: Grant, now: datetime) -> bool:
    """Queue the email with a link that was replaced; before issue it is that of the involvement check."""
    if audit.is_issued:
        _check_can_answer(grant, now)
        return queue_request_email_by_count(grant, now=now)
    if grant.contact.left_at is not None:
        raise LinkHolderHasLeft(grant.contact)
    return queue_check_email(grant, "replaced", now=now)


def _check_can_answer(grant: Grant, now: datetime) -> None:
    """Refuse to send a link to a contact who could not answer with it."""
    if grant.revoked_at is not None or not (live_requests(grant) or open_delegations_from(grant)):
        raise NothingAskedOfContact
    contact = session.get_one(Contact, grant.contact_id)
    if contact.left_at is not None:
        raise LinkHolderHasLeft(contact)
    audit = session.get_one(Audit, grant.audit_id)
    if audit.is_closed(now):
        raise ReturnsClosed(audit, way_on="Reopen it first; the link still shows the contact their own copy.")


def send_fresh_links(grants: Iterable[Grant], *, now: datetime) -> int:
    """Queue the email with the link for each of these grants, and return how many were queued.

    That is the request email or, before issue, that of the involvement check. Each grant gets at most
    `FRESH_LINKS_A_DAY` in a UK day, and the first refusal of a day is an event. The person who asked sees the
    same page whatever the result (promises L14).
    """
    today = local_day(now)
    day, midnight = today.isoformat(), utc_moment(today, time.min)
    count = 0
    for grant in grants:
        keys = (f"fresh:{day}:{number}" for number in range(1, FRESH_LINKS_A_DAY + 1))
        queue = queue_request_email if grant.audit.is_issued else queue_check_email
        if any(queue(grant, key, now=now) for key in keys):
            count += 1
            record_event(f"grant {grant.id}", "asked_for_link", f"grant {grant.id}", now=now)
        else:
            record_event_once(
                f"grant {grant.id}", "refused_link", f"grant {grant.id}", since=midnight, now=now
            )
    return count
