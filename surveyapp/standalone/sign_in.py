"""Who is signed in, by the session whose secret the cookie holds (promises 3.6, L5)."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask import session as cookie

from surveyapp.foundation import clock
from surveyapp.foundation.errors import CouldNotSave
from surveyapp.foundation.store.db import DATABASE_ERRORS, read_transaction, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.keys import derive_key, keys
from surveyapp.foundation.web.access import finish_visit
from surveyapp.foundation.web.actor import Actor
from surveyapp.foundation.web.polls import is_poll
from surveyapp.standalone.models import Staff
from surveyapp.standalone.sessions.browser_words import browser_in_words
from surveyapp.standalone.sessions.operations import begin_session, end_session, note_use
from surveyapp.standalone.sessions.queries import SignedIn, signed_in_with
from surveyapp.standalone.sessions.session_rules import USE_NOTED_EVERY

# How long the second step of signing in may take after the password.
HALFWAY_FOR = timedelta(minutes=10)
STAFF_BLUEPRINTS = ("survey", "mail_folder", "example", "accounts", "own_account", "own_passkeys")


def source_digest(network: str) -> str:
    """A short digest of the network of a try, for events: they say whether two came from one place.

    The event log is never emptied, so that it holds no network address.
    """
    key = derive_key(keys().secret[0], "surveyapp/network/v1")
    return hmac.new(key, network.encode(), sha256).hexdigest()[:8]


def signed_in() -> SignedIn | None:
    """Who is signed in; looked up once a request.

    Somebody whose role requires a second factor and who has none is not: signing in again has them set it up.
    """
    secret = cookie.get("staff_session")
    if not isinstance(secret, str):
        return None
    known: tuple[str, SignedIn | None] | None = g.get("survey_signed_in")
    if known is None or known[0] != secret:
        known = g.survey_signed_in = (secret, signed_in_with(secret, now=clock.now()))
    found = known[1]
    if found is None or (requires_second_factor(found.roles) and not found.has_second_factor):
        return None
    return found


def acting_account() -> Actor | None:
    """The signed-in member of staff for pages and events: by their name, which is nobody else’s."""
    found = signed_in()
    return Actor(found.name, found.roles) if found else None


def requires_second_factor(roles: frozenset[str]) -> bool:
    """Whether the settings require a second factor for one of these roles."""
    required: frozenset[str] = current_app.extensions["survey_second_factor_for"]
    return bool(roles & required)


def note_session_use() -> None:
    """Store, at most once a minute, that the session is in use; before the page, which may hold no lock yet.

    What a script of the page fetches by itself is no use: a page left open would never be idle.
    """
    if (request.blueprint or "").partition(".")[0] not in {*STAFF_BLUEPRINTS, "standalone"}:
        return
    if is_poll() or (request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"):
        return
    now = clock.now()
    try:
        with read_transaction():
            found = signed_in()
        if found is None or now - found.last_used_at < USE_NOTED_EVERY:
            return
        with transaction():
            note_use(found.session_id, found.staff_id, now=now)
    except (CouldNotSave, *DATABASE_ERRORS):
        # The next page stores it, and this one says what is wrong if it needs the database.
        session.rollback()


def start_session(staff: Staff, how: str = "") -> None:
    """Sign a member of staff in, in a cookie cleared of everything before (promises L5).

    The session and the visit of a contact in this browser are over, so that a copy of its cookie opens
    nothing. `how` is what the event says beside the browser.
    """
    now, earlier = clock.now(), signed_in()
    browser = browser_in_words(request.user_agent.string)
    with transaction():
        finish_visit()
        if earlier is not None:
            end_session(earlier.session_id, earlier.staff_id, now=now)
        secret = begin_session(staff, browser=browser, now=now)
        record_event(staff.name, "signed_in", f"staff {staff.id}", how, now=now)
    cookie.clear()
    cookie["staff_session"] = secret


def clear_session() -> SignedIn | None:
    """Clear the cookie, end the visit of a contact in this browser, and return who was signed in."""
    found = signed_in()
    with transaction():
        finish_visit()
    cookie.clear()
    return found


def start_halfway(staff: Staff) -> None:
    """Note in a cleared cookie that the password was right; it opens nothing but the second step."""
    with transaction():
        finish_visit()
    cookie.clear()
    cookie["staff_halfway"] = [staff.id, staff.session_epoch, int(clock.now().timestamp())]


def halfway() -> Staff | None:
    """Who has still to show a second factor; None after ten minutes, or once the password changed."""
    stored = cookie.get("staff_halfway")
    if not isinstance(stored, list):
        return None
    staff_id, epoch, at = stored
    if clock.now() - datetime.fromtimestamp(at, UTC) > HALFWAY_FOR:
        return None
    staff = session.get(Staff, staff_id)
    if staff is None or staff.session_epoch != epoch or staff.suspended_at is not None:
        return None
    return staff


def set_up_sign_in(app: Flask) -> None:
    """Have an app note the use of sessions."""
    app.before_request(note_session_use)


def safe_next_path(path: str) -> str:
    """The path to open after signing in; the start page for one that might leave this app (promises L9).

    Browsers read a backslash as a slash, drop tabs and line ends, and take two slashes as another host.
    """
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    is_path = path.startswith("/") and not path.startswith("//") and not parts.netloc and not parts.scheme
    return path if is_path and "\\" not in path and path.isprintable() else "/"
