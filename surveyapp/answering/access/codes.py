"""Codes sent to the mailbox: derived, never stored; five tries each, five an hour (promises 3.6, L15)."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, select, update

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Code
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import session, update_rows
from surveyapp.foundation.store.event_log import record_event, record_event_once
from surveyapp.foundation.store.keys import derive_key, keys
from surveyapp.foundation.words.dates_and_lists import clock_time
from surveyapp.issuing.links import draw_public_id
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import lock_grant

CODE_DIGITS = 8
CODE_LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
HOUR = timedelta(hours=1)
# The limits on a grant's codes in an hour: in all; for one browser, so that a browser that keeps asking
# leaves one for the owner; and by Start, which mail scanners press too (docs/decisions/verified-mode.md).
CODES_PER_HOUR = 5
CODES_PER_HOUR_AND_BROWSER = 4
CODES_PER_HOUR_BY_START = 2
# A second press within this time sends no second code.
REPEAT_PRESS_WINDOW = timedelta(seconds=30)
_LABEL = "surveyapp/code/v1"


class TooManyCodes(Refused):
    """No more codes are sent to this mailbox for now; `again_at` (UTC) is when the next one may be."""

    status = 429

    def __init__(self, again_at: datetime) -> None:
        """Name the time from which a code can be asked for."""
        super().__init__(
            f"Enough codes have been sent for now. Ask for the next one at {clock_time(again_at)}."
        )


def end_codes(now: datetime) -> int:
    """Use up every code of a restored database, so that none of before opens anything; returns how many."""
    return update_rows(update(Code).where(Code.used_at.is_(None)).values(used_at=now))


@dataclass(frozen=True)
class CodeTry:
    """The result of one try: whether the code was right, and how many tries are left, 0 to 4."""

    is_right: bool
    left: int


def code_digits(random_id: str, key: bytes) -> str:
    """Derive the 8 digits of a code from its row's random id and one link key."""
    digest = hmac.new(derive_key(key, _LABEL), random_id.encode(), sha256).digest()
    return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def newest_usable_code(grant: Grant, browser_id: str, *, now: datetime) -> Code | None:
    """The newest code this browser asked for that it can still use for the grant, or None. `now` is UTC."""
    usable = select(Code).where(*_is_usable_code(grant.id, browser_id, now))
    return session.scalar(usable.order_by(Code.created_at.desc(), Code.id.desc()).limit(1))


def send_code(grant: Grant, browser_id: str, *, now: datetime) -> Code:
    """Send a code for this browser to the address on record, unless one was sent within 30 seconds.

    `now` is UTC. Earlier codes stay valid for their ten minutes, since one email may overtake another. Raises
    TooManyCodes, of which the first in an hour is an event: the caller commits all the same.
    """
    lock_grant(grant.id)
    usable = newest_usable_code(grant, browser_id, now=now)
    if usable is not None and usable.created_at > now - REPEAT_PRESS_WINDOW:
        return usable
    of_grant = _codes_of_last_hour(grant, now)
    of_browser = [code for code in of_grant if code.browser_id == browser_id]
    full_until = [
        codes[-most].created_at + HOUR
        for codes, most in ((of_grant, CODES_PER_HOUR), (of_browser, CODES_PER_HOUR_AND_BROWSER))
        if len(codes) >= most
    ]
    if full_until:
        record_event_once(f"grant {grant.id}", "refused_code", f"grant {grant.id}", since=now - HOUR, now=now)
        raise TooManyCodes(max(full_until))
    return _send(grant, browser_id, now=now)


def send_first_code(grant: Grant, browser_id: str, *, now: datetime) -> Code | None:
    """Send the code that follows Start, unless this browser has one or two were sent within the hour.

    `now` is UTC. A mail scanner that presses Start counts as a browser, so most of the hour's codes are kept
    for people who ask for one.
    """
    lock_grant(grant.id)
    usable = newest_usable_code(grant, browser_id, now=now)
    if usable is not None or len(_codes_of_last_hour(grant, now)) >= CODES_PER_HOUR_BY_START:
        return usable
    return _send(grant, browser_id, now=now)


def _codes_of_last_hour(grant: Grant, now: datetime) -> Sequence[Code]:
    """Codes sent for a grant within the last hour, oldest first."""
    recent = select(Code).where(Code.grant_id == grant.id, Code.created_at > now - HOUR)
    return session.scalars(recent.order_by(Code.created_at, Code.id)).all()


def _send(grant: Grant, browser_id: str, *, now: datetime) -> Code:
    code = Code(
        grant_id=grant.id, random_id=draw_public_id(), browser_id=browser_id, created_at=now, attempts=0
    )
    session.add(code)
    session.flush()
    address = session.get_one(Contact, grant.contact_id).email
    key, asker, expires_at = f"code:{code.id}", f"grant {grant.id}", now + CODE_LIFETIME
    queue_email("code", code.id, to=address, key=key, now=now, source=asker, expires_at=expires_at)
    record_event(asker, "asked_for_code", f"grant {grant.id}", now=now)
    return code


def try_code(grant: Grant, browser_id: str, typed: str, *, now: datetime) -> CodeTry:
    """Try 8 typed digits against the codes that this browser asked for; a right one is used up.

    `now` is UTC. The statement that finds the codes also counts the try, so that of fifty simultaneous tries
    only five are checked. The caller commits whatever the result is.
    """
    count_tries = (
        update(Code)
        .where(*_is_usable_code(grant.id, browser_id, now))
        .values(attempts=Code.attempts + 1)
        .returning(Code.id, Code.random_id, Code.attempts)
    )
    rows = session.execute(count_tries, execution_options={"synchronize_session": False}).all()
    # Compare with every key, even after a match, so that the time taken gives nothing away.
    matches = [
        hmac.compare_digest(code_digits(random_id, key).encode(), typed.encode())
        for _id, random_id, _attempts in rows
        for key in keys().link
    ]
    tries_left = max((MOST_TRIES - attempts for _id, _random_id, attempts in rows), default=0)
    if any(matches):
        used = update(Code).where(Code.id.in_([row[0] for row in rows])).values(used_at=now)
        session.execute(used, execution_options={"synchronize_session": False})
        record_event(f"grant {grant.id}", "gave_code", f"grant {grant.id}", now=now)
    elif rows and not tries_left:
        record_event(f"grant {grant.id}", "used_up_code", f"grant {grant.id}", now=now)
    return CodeTry(any(matches), tries_left)


def _is_usable_code(grant_id: int, browser_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Code.grant_id == grant_id,
        Code.browser_id == browser_id,
        Code.used_at.is_(None),
        Code.attempts < MOST_TRIES,
        Code.created_at > now - CODE_LIFETIME,
    )
