"""Access: staff by the host's sign-in, contacts by the grants in their cookie (promises 3.8)."""

import secrets
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import is_safe_request, read_transaction, transaction
from surveyapp.foundation.store.db import session as database
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.actor import Actor, StaffCallable, actor_problem
from surveyapp.foundation.web.finished_browsers import finish_browser, has_finished

# Most grants in a cookie, so that it stays under 4 kB.
MAX_GRANTS_IN_COOKIE = 30
# An idle browser forgets its links after this time (promises 3.6), since the computer may be shared.
LINK_IDLE_LIMIT = timedelta(minutes=60)
# A copy of a cookie, last used before the visit was finished, has been idle for too long by then.
_FINISHED_KEPT_FOR = 2 * LINK_IDLE_LIMIT
# The time of last use is stored at most this often, so that most pages set no cookie.
_SEEN_EVERY = timedelta(minutes=1)
# Lines about wrong answers of a host's `staff`, so that a flood of them cannot fill the memory.
_MOST_LOGGED_ONCE = 50


def guard_staff() -> ResponseReturnValue | None:
    """Let staff in; send everyone else to sign in, or answer 401. Guards every page of a parent blueprint.

    Any answer of the host's `staff` but a well-made Actor is a stranger: a host may return False, an empty
    text or its own user object for somebody who is not signed in.
    """
    staff: StaffCallable = current_app.extensions["survey"].staff
    with read_transaction():
        actor = staff()
        problem = actor_problem(actor)
        if actor is not None and not problem:
            g.survey_actor = Actor(actor.name, frozenset(actor.roles))
            return None
    if problem:
        _log_once(f"SurveyApp’s staff gave no member of staff, and the page stays shut: {problem}.")
    if settings().sign_in_url and request.method in {"GET", "HEAD"}:
        return redirect(f"{settings().sign_in_url}?{urlencode({'next': request.full_path.rstrip('?')})}")
    return abort(401)


def _log_once(line: str) -> None:
    """Log a line of this app the first time: a fault of the host's code recurs with every request."""
    logged: set[str] = current_app.extensions["survey"].logged_once
    if line not in logged and len(logged) < _MOST_LOGGED_ONCE:
        logged.add(line)
        current_app.logger.error(line)


def acting_staff() -> Actor:
    """The member of staff who makes this request; only on pages behind guard_staff()."""
    actor: Actor = g.survey_actor
    return actor


def actor_and_now() -> dict[str, Any]:
    """The name of the acting member of staff and the current moment in UTC, as arguments of operations."""
    return {"actor": acting_staff().name, "now": clock.now()}


def record_reading(action: str, about: str, detail: str = "") -> None:
    """Record what the acting member of staff reads with this request (stories SA4), once its page is built.

    In a transaction of its own, which begins with a write: one that reads first fails while others write. If
    the event cannot be stored, CouldNotSave is raised and nothing is shown. Reading again is another event;
    HEAD shows nothing, and records nothing.
    """
    if request.method == "HEAD":
        return
    database.rollback()
    with transaction():
        record_event(acting_staff().name, action, about, detail, now=clock.now())


def grants_in_cookie() -> dict[str, int]:
    """The grants whose links were opened in this browser: public id and version at that time.

    Empty once the browser has been idle for an hour, `SURVEY_VISIT_HOURS` after the visit began, or when its
    contact has finished, in this browser or in the one from which its cookie was copied; calling this counts
    as use.
    """
    stored: Any = session.get("survey_grants")
    if not stored or not isinstance(stored, dict):
        return {}
    now, last_use, began = clock.now(), session.get("survey_seen"), _visit_began()
    idle = (
        now - datetime.fromtimestamp(last_use, UTC)
        if isinstance(last_use, int)
        else LINK_IDLE_LIMIT + _SEEN_EVERY
    )
    is_over = began is not None and now - began > _longest_visit()
    if idle > LINK_IDLE_LIMIT or is_over or not _is_visiting():
        forget_grants()
        return {}
    if began is None:
        # A cookie of before there was this limit.
        session["survey_began"] = int(now.timestamp())
    if idle > _SEEN_EVERY:
        session["survey_seen"] = int(now.timestamp())
    return {str(public_id): int(version) for public_id, version in stored.items()}


def _visit_began() -> datetime | None:
    """When the contact opened the first link of this visit; None without one."""
    began = session.get("survey_began")
    return datetime.fromtimestamp(began, UTC) if isinstance(began, int) else None


def _longest_visit() -> timedelta:
    return timedelta(hours=settings().visit_hours)


def minutes_left_of_visit() -> int:
    """Whole minutes until this browser lets go of its links, however much it is used; 0 without a visit."""
    began = _visit_began()
    return max(0, int((began + _longest_visit() - clock.now()).total_seconds() // 60)) if began else 0


def _is_visiting() -> bool:
    """Whether the visit that this browser's cookie began is not finished; looked up once a request."""
    stored = session.get("survey_browser")
    if not isinstance(stored, str):
        return False
    if g.get("survey_visiting") != stored:
        # A contact's GET writes nothing (promises P10), so the page goes on in the same transaction.
        with nullcontext() if is_safe_request() else read_transaction():
            if has_finished(stored):
                return False
        g.survey_visiting = stored
    return True


def remember_grant(public_id: str, version: int) -> None:
    """Store in the cookie that this link was opened; the oldest is dropped beyond MAX_GRANTS_IN_COOKIE."""
    grants, now = grants_in_cookie(), int(clock.now().timestamp())
    if grants.keys() <= {public_id}:
        # The visit begins, or begins again with the link that it holds. Another link does not prolong it.
        session["survey_began"] = now
    # The browser's id is in the cookie with its first link, so that a copy can be ended with it.
    browser_id()
    grants.pop(public_id, None)
    grants[public_id] = version
    session["survey_grants"] = dict(list(grants.items())[-MAX_GRANTS_IN_COOKIE:])
    session["survey_seen"] = now


def forget_grants() -> None:
    """Remove every grant from the cookie; its other keys belong to the host."""
    for key in ("survey_grants", "survey_proved", "survey_browser", "survey_seen", "survey_began"):
        session.pop(key, None)


def finish_visit() -> None:
    """End the visit of this browser: its cookie, and every copy of it, opens nothing. Needs a transaction."""
    if grants_in_cookie():
        finish_browser(browser_id(), keep=_FINISHED_KEPT_FOR, now=clock.now())
        g.pop("survey_visiting", None)
    forget_grants()


def browser_id() -> str:
    """A random id of this browser, made when first needed: a code works only where it was requested."""
    stored = session.get("survey_browser")
    if isinstance(stored, str):
        return stored
    new_id = secrets.token_urlsafe(16)
    session["survey_browser"] = new_id
    return new_id


def remember_code_proof(public_id: str, version: int) -> None:
    """Store that this browser gave a code from the mailbox of this grant's contact (promises 3.6)."""
    session["survey_proved"] = {**proved_grants(), public_id: version}


def proved_grants() -> dict[str, int]:
    """The grants in the cookie for which a code was given; a new version of the link ends the proof."""
    grants, stored = grants_in_cookie(), session.get("survey_proved")
    proofs = stored if isinstance(stored, dict) else {}
    return {public_id: version for public_id, version in grants.items() if proofs.get(public_id) == version}
