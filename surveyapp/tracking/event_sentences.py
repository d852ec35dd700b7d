"""The events of one request in sentences: who did what."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.former_names import names_today
from surveyapp.issuing.models import AuditRequest, Grant

MOST_EVENTS = 50

# The words for each action on a request or on its contact’s grant. A test finds an action without words.
ACTIONS = {
    "started_answering": "pressed Start for the first time",
    "ended_link_again": "ended a link again that a backup had brought back",
    "asked_for_link": "asked for the link again",
    "refused_link": "asked for the link again, more often than we send it in a day",
    "asked_for_code": "was sent a code, to open the pages on a device",
    "refused_code": "asked for more codes than we send in an hour",
    "gave_code": "typed the code, so the pages opened on that device",
    "used_up_code": "typed five wrong codes; the pages stayed shut",
    "returned_audit": "returned the audit",
    "returned_nil": "returned it as not involved",
    "raised_concern": "raised a current practice concern",
    "took_back_concern": "took back the current practice concern",
    "wrote_concern_outcome": "wrote what came of the current practice concern",
    "took_back_nil_return": "took back “not involved”",
    "allowed_late_return": "allowed a late return",
    "withdrew_request": "withdrew the request",
    "took_back_withdrawal": "asked again for the return",
    "replaced_contact": "let someone else answer",
    "passed_on": "passed it to a colleague",
    "took_back_passed": "took it back from a colleague",
    "sent_back": "sent it back to be checked",
    "accepted_address": "found the colleague’s address right",
    "withdrew_link": "sent a new link; the old one stopped working",
    "noted_bounce": "noted that the email had come back",
    "sent_link_again": "sent the link again",
    "noted_call": "noted a call",
    "keyed_in_return": "keyed in the return",
    "keyed_in_nil_return": "keyed in that they were not involved",
    "saw_return": "read the answers",
    "saw_comment": "read a comment, to quote from it",
    "reopened_return": "opened the return for correction",
    "took_back_reopening": "closed the return again, uncorrected",
    "took_back_call": "took back the note of a call",
    "left_out_of_chaser": "left the contact out of one chaser",
    "put_back_into_chaser": "put the contact back into a chaser",
    "wrote_chaser_line": "wrote a personal line for one chaser",
    "removed_chaser_line": "took the personal line out of a chaser",
    "asked_question": "asked a question",
    "asked_for_time": "asked for more time",
    "answered_involvement": "said which children the agency knew",
    "answered_enquiry": "answered what was asked",
    "gave_time": "gave more time",
}
# The words where the other person is known.
ACTIONS_WITH_PERSON = {
    "passed_on": "passed it to {}",
    "took_back_passed": "took it back from {}",
    "sent_back": "sent it back to {} to check",
}
_GRANT = re.compile(r"grant (\d+)")
# Who acted, by the names that events give to what is no person of ours.
OTHER_ACTORS = {
    "worker": "The program",
    "command": "Someone at the command line",
    "stranger": "Someone who is not signed in",
}


@dataclass(frozen=True)
class EventSentence:
    """When something was done, and the sentence about it."""

    at: datetime
    words: str


def event_sentences(audit_request: AuditRequest, *, reader: str) -> tuple[EventSentence, ...]:
    """The last events of a request, latest first, at most `MOST_EVENTS`.

    `reader` is the name that events keep for the person who reads them.
    """
    names = select(Grant.id, Contact.name).join(Contact, Contact.id == Grant.contact_id)
    rows = session.execute(names.where(Grant.audit_id == audit_request.audit_id))
    contacts = {row[0]: row[1] for row in rows}
    latest = select(Event).where(is_about(audit_request)).order_by(Event.id.desc()).limit(MOST_EVENTS)
    events = session.scalars(latest).all()
    today = names_today([event.actor for event in events])
    return tuple(
        EventSentence(event.at, _sentence(event, today[event.actor], contacts, reader)) for event in events
    )


def is_about(audit_request: AuditRequest) -> ColumnElement[bool]:
    """Of rows of Event, those about a request, or about the link of the contact who is asked for it."""
    grant = f"grant {audit_request.grant_id}"
    # A change of contact is recorded with the grant that was replaced.
    replaced = and_(Event.action == "replaced_contact", Event.detail == f"by {grant}")
    # No request or grant of the audit is older: an older event is about one whose number became free again.
    audit = audit_request.audit
    begins = min(
        moment for moment in (audit.issued_at, audit.involvement_asked_at, audit_request.issued_at) if moment
    )
    return and_(or_(Event.object.in_((f"request {audit_request.id}", grant)), replaced), Event.at >= begins)


def _sentence(event: Event, actor: str, contacts: Mapping[int, str], reader: str) -> str:
    who = "You" if actor == reader else _name(actor, contacts)
    other = _contact(event.detail, contacts)
    if event.action == "replaced_contact" and other:
        replaced = _contact(event.object, contacts)
        return f"{who} asked {other} instead of {replaced}"
    if event.action in ACTIONS_WITH_PERSON and other:
        return f"{who} {ACTIONS_WITH_PERSON[event.action].format(other)}"
    # An event of an earlier release may have an action that has been renamed since.
    return f"{who} {ACTIONS.get(event.action, event.action.replace('_', ' '))}"


def staff_names(actors: Collection[str], *, reader: str) -> dict[str, str]:
    """The names of staff within a sentence, after “by”, for each name that events keep: “you”, “Ann Lee”."""
    return {actor: "you" if today == reader else today for actor, today in names_today(actors).items()}


def _name(actor: str, contacts: Mapping[int, str]) -> str:
    """The actor’s name at the start of a sentence; a host’s own name for its staff stays as it is."""
    return _contact(actor, contacts) or OTHER_ACTORS.get(actor, actor)


def _contact(text: str, contacts: Mapping[int, str]) -> str:
    """The name of the contact whose grant an event’s text mentions; empty if it mentions none."""
    grant = _GRANT.search(text)
    return contacts.get(int(grant[1]), "the contact") if grant else ""
