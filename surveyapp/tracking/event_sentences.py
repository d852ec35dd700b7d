"""What was done about one request, in sentences: who did it by name, and what it was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing.models import AuditRequest, Grant

MOST_EVENTS = 50

# What each action on a request, or on its contact’s right to answer, is called; a test finds one without.
ACTIONS = {
    "started_answering": "pressed Start for the first time",
    "asked_for_link": "asked for the link again",
    "asked_for_code": "was sent a code, to open the pages on a device",
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
    "withdrew_link": "sent a new link; the old one stopped working",
    "sent_link_again": "sent the link again",
    "asked_question": "asked a question",
    "asked_for_time": "asked for more time",
    "answered_enquiry": "answered what was asked",
    "gave_time": "gave more time",
}
# The same where the other person is known.
_ACTIONS_WITH_PERSON = {
    "passed_on": "passed it to {}",
    "took_back_passed": "took it back from {}",
    "sent_back": "sent it back to {} to check",
}
_GRANT = re.compile(r"grant (\d+)")
_OTHERS = {"worker": "The program", "command": "Someone at the command line"}


@dataclass(frozen=True)
class EventSentence:
    """One act: when, and the sentence."""

    at: datetime
    words: str


def event_sentences(audit_request: AuditRequest, *, reader: str) -> tuple[EventSentence, ...]:
    """What was done about a request, latest first; `reader` is the name events keep for whoever reads it."""
    mine = f"grant {audit_request.grant_id}"
    # The change of contact itself stands with the grant that was replaced.
    replaced = and_(Event.action == "replaced_contact", Event.detail == f"by {mine}")
    chosen = select(Event).where(or_(Event.object.in_((f"request {audit_request.id}", mine)), replaced))
    named = select(Grant.id, Contact.name).join(Contact, Contact.id == Grant.contact_id)
    rows = session.execute(named.where(Grant.audit_id == audit_request.audit_id))
    contacts = {row[0]: row[1] for row in rows}
    events = session.scalars(chosen.order_by(Event.id.desc()).limit(MOST_EVENTS))
    return tuple(EventSentence(event.at, _sentence(event, contacts, reader)) for event in events)


def _sentence(event: Event, contacts: Mapping[int, str], reader: str) -> str:
    who = "You" if event.actor == reader else _name(event.actor, contacts)
    to = _contact(event.detail, contacts)
    if event.action == "replaced_contact" and to:
        before = _contact(event.object, contacts)
        return f"{who} asked {to} instead of {before}"
    if event.action in _ACTIONS_WITH_PERSON and to:
        return f"{who} {_ACTIONS_WITH_PERSON[event.action].format(to)}"
    # A row of an earlier release may name an action that has another name now.
    return f"{who} {ACTIONS.get(event.action, event.action.replace('_', ' '))}"


def staff_name(actor: str, *, reader: str) -> str:
    """Who of the staff acted, as it stands within a sentence: “by you”, “by a colleague (account 3)”."""
    if actor == reader:
        return "you"
    name = _name(actor, {})
    return name if name == actor else f"{name[:1].lower()}{name[1:]}"


def _name(actor: str, contacts: Mapping[int, str]) -> str:
    """Who acted, as a person reads it; a host’s own name for its staff stays as it is."""
    number = re.fullmatch(r"staff (\d+)", actor)
    if number:
        return f"A colleague (account {number[1]})"
    return _contact(actor, contacts) or _OTHERS.get(actor, actor)


def _contact(text: str, contacts: Mapping[int, str]) -> str:
    """The contact whose grant a text of ours names; empty where it names none."""
    found = _GRANT.search(text)
    return contacts.get(int(found[1]), "the contact") if found else ""
