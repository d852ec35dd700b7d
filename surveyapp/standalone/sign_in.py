"""Who is signed in, and for how long: Flask-Login without “remember me” (promises 3.6)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask import session as cookie
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user
from limits import RateLimitItemPerMinute

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.access import Actor
from surveyapp.standalone.models import Staff

IDLE_LIMIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
# The cookie is written again only this often, not with every page.
LAST_SEEN_NOTED_EVERY = timedelta(minutes=1)
SIGN_IN_RATE_LIMIT = RateLimitItemPerMinute(10, 15)


def set_up_sign_in(app: Flask) -> None:
    """Give an app its sign-in: who the cookie stands for, and how often a password may be tried."""
    manager = LoginManager()
    # The guard of the pages sends people to sign in; Flask-Login only reads the cookie.
    manager.session_protection = None
    manager.user_loader(_account)
    # Without its context processor, which asks the database for every page, even one that says it is busy.
    manager.init_app(app, add_context_processor=False)
    app.extensions["survey_limiter"] = Limiter(
        get_remote_address, app=app, storage_uri=app.config.get("RATELIMIT_STORAGE_URI", "memory://")
    )


def acting_account() -> Actor | None:
    """The signed-in member of staff as pages and events know them: by number, never by address."""
    if not current_user.is_authenticated:
        return None
    return Actor(f"staff {current_user.id}", frozenset({current_user.role}))


def start_session(staff: Staff) -> None:
    """Sign somebody in, with nothing left of what the browser held before (promises L5)."""
    cookie.clear()
    login_user(staff)
    now = clock.now()
    cookie["staff_since"] = cookie["staff_seen"] = _seconds(now)


def clear_session() -> int | None:
    """Forget who was there, and give their number; None where nobody was."""
    number = current_user.id if current_user.is_authenticated else None
    cookie.clear()
    return number


def _account(kept: str) -> Staff | None:
    """The account a cookie stands for, while its session lasts and its password is still the same."""
    now = clock.now()
    since, seen = _moment("staff_since"), _moment("staff_seen")
    if now - seen > IDLE_LIMIT or now - since > LONGEST_SESSION:
        return None
    number, _, epoch = kept.partition(":")
    staff = session.get(Staff, int(number)) if number.isdecimal() else None
    if staff is None or str(staff.session_epoch) != epoch:
        return None
    if now - seen > LAST_SEEN_NOTED_EVERY:
        cookie["staff_seen"] = _seconds(now)
    return staff


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(int(cookie.get(name, 0)), UTC)


def safe_next_path(wanted: str) -> str:
    """A path of this app to go on to after signing in; the start for what might lead elsewhere (promises L9).

    Browsers take a backslash for a slash, drop tabs and line ends, and read two slashes as another host.
    """
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    safe = wanted.startswith("/") and not wanted.startswith("//") and not parts.netloc and not parts.scheme
    return wanted if safe and "\\" not in wanted and wanted.isprintable() else "/"
