"""Sessions of staff: beginning, noting their use, ending (promises L5)."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from surveyapp.foundation.store.db import session, update_rows
from surveyapp.standalone.models import Staff, StaffSession
from surveyapp.standalone.sessions.session_rules import secret_hash

# How long a session that is over stays in the table.
_KEPT_FOR = timedelta(days=30)


def begin_session(staff: Staff, *, browser: str, now: datetime) -> str:
    """Begin a session and return its secret, for the cookie. Sessions long over are forgotten."""
    over = StaffSession.last_used_at < now - _KEPT_FOR
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id, over))
    secret = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            secret_hash=secret_hash(secret),
            staff_id=staff.id,
            started_at=now,
            last_used_at=now,
            browser=browser,
        )
    )
    staff.last_seen_at = now
    return secret


def note_use(session_id: int, staff_id: int, *, now: datetime) -> None:
    """Store that a session is in use."""
    update_rows(update(StaffSession).where(StaffSession.id == session_id).values(last_used_at=now))
    update_rows(update(Staff).where(Staff.id == staff_id).values(last_seen_at=now))


def end_session(session_id: int, staff_id: int, *, now: datetime) -> bool:
    """End one session of an account; False if it was over or is somebody else’s."""
    of_account = (StaffSession.id == session_id, StaffSession.staff_id == staff_id)
    ended = update(StaffSession).where(*of_account, StaffSession.ended_at.is_(None)).values(ended_at=now)
    return update_rows(ended) == 1


def end_sessions(staff: Staff, *, now: datetime, but: int = 0) -> int:
    """End the sessions of an account but one, its links and a sign-in under way; returns how many ended."""
    staff.session_epoch += 1
    running = (StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None), StaffSession.id != but)
    return update_rows(update(StaffSession).where(*running).values(ended_at=now))


def end_all_sessions(now: datetime) -> int:
    """End, in a restored database, every session, every link and every sign-in under way of all accounts.

    Returns how many sessions ended.
    """
    update_rows(update(Staff).values(session_epoch=Staff.session_epoch + 1))
    return update_rows(update(StaffSession).where(StaffSession.ended_at.is_(None)).values(ended_at=now))
