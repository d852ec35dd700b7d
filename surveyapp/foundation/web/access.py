"""Who is acting: staff at the door of the desk, contacts by the grants in their cookie (promises 3.8)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import read_transaction

# A cookie holds at most this many grants, so that it stays under 4 kB.
MAX_GRANTS_IN_COOKIE = 30
# A browser that nobody uses forgets its links after this long (promises 3.6): the computer may be shared.
LINK_IDLE_LIMIT = timedelta(minutes=60)
# When it was used last is noted no more often than this, so that most pages set no cookie.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Actor:
    """A member of staff as the host knows them: the name that events keep, and their roles."""

    name: str
    roles: frozenset[str] = frozenset()


StaffCallable = Callable[[], Actor | None]


def guard_staff() -> ResponseReturnValue | None:
    """Let staff in; send everyone else to sign in. It stands on the parent, so it guards every page below."""
    staff: StaffCallable = current_app.extensions["survey"].staff
    with read_transaction():
        actor = staff()
    if actor is not None:
        g.survey_actor = actor
        return None
    if settings().sign_in_url and request.method in {"GET", "HEAD"}:
        return redirect(f"{settings().sign_in_url}?{urlencode({'next': request.full_path.rstrip('?')})}")
    return abort(401)


def acting_staff() -> Actor:
    """The member of staff whose request this is; only behind the guard."""
    actor: Actor = g.survey_actor
    return actor


def grants_in_cookie() -> dict[str, int]:
    """The grants whose links this browser has started from: public id and the version it saw.

    None once it has been idle for an hour; asking counts as use.
    """
    kept: Any = session.get("survey_grants")
    if not kept or not isinstance(kept, dict):
        return {}
    now, seen = clock.now(), session.get("survey_seen")
    idle = now - datetime.fromtimestamp(seen, UTC) if isinstance(seen, int) else LINK_IDLE_LIMIT + _SEEN_EVERY
    if idle > LINK_IDLE_LIMIT:
        forget_grants()
        return {}
    if idle > _SEEN_EVERY:
        session["survey_seen"] = int(now.timestamp())
    return {str(public_id): int(version) for public_id, version in kept.items()}


def remember_grant(public_id: str, version: int) -> None:
    """Remember in the cookie that this browser started from a link; the oldest leaves when there are many."""
    grants = grants_in_cookie()
    grants.pop(public_id, None)
    grants[public_id] = version
    session["survey_grants"] = dict(list(grants.items())[-MAX_GRANTS_IN_COOKIE:])
    session["survey_seen"] = int(clock.now().timestamp())


def forget_grants() -> None:
    """Forget every link this browser started from; what else the cookie holds is the host's."""
    for kept in ("survey_grants", "survey_proved", "survey_browser", "survey_seen"):
        session.pop(kept, None)


def browser_id() -> str:
    """The name of this browser, drawn when it is first asked for: a code is good where it was asked for."""
    kept = session.get("survey_browser")
    if isinstance(kept, str):
        return kept
    made = secrets.token_urlsafe(16)
    session["survey_browser"] = made
    return made


def remember_code_proof(public_id: str, version: int) -> None:
    """Remember that whoever is here gave a code from the mailbox of this grant (promises 3.6)."""
    session["survey_proved"] = {**proved_grants(), public_id: version}


def proved_grants() -> dict[str, int]:
    """The grants held here for which a code was given; the proof ends with the link, or with its version."""
    held, kept = grants_in_cookie(), session.get("survey_proved")
    proved = kept if isinstance(kept, dict) else {}
    return {public_id: version for public_id, version in held.items() if proved.get(public_id) == version}
