"""Operations on calls: note what a contact said and promised, and take a note back."""

import re
import secrets
from datetime import date, datetime

from surveyapp.calling.models import Call
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import lock_grant
from surveyapp.planning.models import Audit

LONGEST_NOTE = 1_000
_PRESS = re.compile(r"[a-zA-Z0-9_-]{8,40}")


class EmptyNote(SurveyError):
    """A note of a call without text."""

    def __init__(self) -> None:
        """Ask for what was said."""
        super().__init__("Write what was said, such as: back on Tuesday")


class UnusablePromise(SurveyError):
    """A day that cannot be promised; the message says which days can."""


class ContactNotAsked(Refused):
    """The contact is asked for nothing in this audit any more, so there is nothing to promise."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("Nothing is asked of this contact in this audit any more.")


def note_call(  # noqa: PLR0913 — what was said, and who noted it
    grant: Grant, *, said: str, promised_on: date | None, press_id: str, actor: str, now: datetime
) -> Call | None:
    """Note a call with a contact; until the end of the day they promised, no chaser goes to them.

    A later call with a day replaces the promise; one without leaves it. Pressing twice notes one call; None
    for the second press. `now` is UTC. Raises ContactNotAsked, EmptyNote, UnusablePromise.
    """
    locked = lock_grant(grant.id)
    if locked is None or locked.revoked_at is not None:
        raise ContactNotAsked
    text = said.strip()[:LONGEST_NOTE]
    if not text:
        raise EmptyNote
    if promised_on is not None:
        _check_promise(session.get_one(Audit, grant.audit_id), promised_on, now=now)
    call = insert_once(
        Call,
        unique=["press_id"],
        press_id=press_id if _PRESS.fullmatch(press_id) else secrets.token_urlsafe(16),
        grant_id=grant.id,
        said=text,
        promised_on=promised_on,
        noted_by=actor,
        noted_at=now,
    )
    if call is not None:
        detail = f"promised {promised_on}" if promised_on else ""
        record_event(actor, "noted_call", f"grant {grant.id}", detail, now=now)
    return call


def _check_promise(audit: Audit, promised_on: date, *, now: datetime) -> None:
    """Check that a promise can be kept: from today until returns close."""
    if audit.is_closed(now):
        raise UnusablePromise("Returns are closed, so no day can be promised: leave it empty")
    if promised_on < local_day(now):
        raise UnusablePromise("Enter today or a later day")
    if audit.close_on is not None and promised_on > audit.close_on:
        raise UnusablePromise(
            f"Returns close on {day_in_words(audit.close_on)}: enter that day or an earlier one"
        )


def take_back_call(call: Call, *, actor: str, now: datetime) -> None:
    """Take back the note of a call: no list shows it, and its promise pauses nothing. `now` is UTC."""
    lock_grant(call.grant_id)
    session.refresh(call)
    if call.taken_back_at is None:
        call.taken_back_at = now
        record_event(actor, "took_back_call", f"grant {call.grant_id}", f"call {call.id}", now=now)
