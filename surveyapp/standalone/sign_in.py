"""Staff sessions: Flask-Login with time limits and without “remember me” (promises 3.6)."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.keys import derive_key, keys
from surveyapp.foundation.web.access import finish_visit
from surveyapp.foundation.web.actor import Actor
from surveyapp.standalone.models import Staff

IDLE_LIMIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
# The cookie is rewritten at most this often, not with every page.
LAST_SEEN_NOTED_EVERY = timedelta(minutes=1)


def set_up_sign_in(app: Flask) -> None:
    """Set an app up with Flask-Login."""
    manager = LoginManager()
    # guard_staff() sends people to sign in; Flask-Login only reads the cookie.
    manager.session_protection = None
    manager.user_loader(_account)
    # Without its context processor, which queries the database on every page, even one about a busy database.
    manager.init_app(app, add_context_processor=False)


def source_digest(network: str) -> str:
    """A short digest of the network of a try, for events: they say whether two came from one place.

    The event log is never emptied, so that it holds no network address.
    """
    key = derive_key(keys().secret[0], "surveyapp/network/v1")
    return hmac.new(key, network.encode(), sha256).hexdigest()[:8]


def acting_account() -> Actor | None:
    """The signed-in member of staff for pages and events: by their name, which is nobody else’s."""
    if not current_user.is_authenticated:
        return None
    return Actor(current_user.name, frozenset({current_user.role}))


def start_session(staff: Staff) -> None:
    """Sign a member of staff in, in a cookie cleared of everything before (promises L5).

    The visit of a contact in this browser is finished, so that a copy of its cookie opens nothing.
    """
    _clear_cookie()
    login_user(staff)
    now = clock.now()
    cookie["staff_since"] = cookie["staff_seen"] = _seconds(now)


def clear_session() -> int | None:
    """Clear the cookie and return the account's id; None if nobody was signed in.

    The visit of a contact in this browser is finished too, as start_session does.
    """
    staff_id = current_user.id if current_user.is_authenticated else None
    _clear_cookie()
    return staff_id


def _clear_cookie() -> None:
    with transaction():
        finish_visit()
    cookie.clear()


def _account(stored_id: str) -> Staff | None:
    """The account of a cookie, while its session lasts and its epoch is current."""
    now = clock.now()
    signed_in_at, last_use = _moment("staff_since"), _moment("staff_seen")
    if now - last_use > IDLE_LIMIT or now - signed_in_at > LONGEST_SESSION:
        return None
    number, _, epoch = stored_id.partition(":")
    staff = session.get(Staff, int(number)) if number.isdecimal() else None
    if staff is None or str(staff.session_epoch) != epoch:
        return None
    if now - last_use > LAST_SEEN_NOTED_EVERY:
        cookie["staff_seen"] = _seconds(now)
    return staff


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(int(cookie.get(name, 0)), UTC)


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
