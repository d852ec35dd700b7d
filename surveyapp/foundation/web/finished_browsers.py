"""Browsers in which a contact has finished: no copy of their cookie opens anything (promises 3.6)."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select

from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.models import FinishedBrowser

# Asked for every page of a contact, so it is built once.
_FINISHED = select(FinishedBrowser.browser_id).where(FinishedBrowser.browser_id == bindparam("browser_id"))


def finish_browser(browser_id: str, *, keep: timedelta, now: datetime) -> None:
    """Store that a visit is finished, and remove those finished longer than `keep` before `now` (UTC)."""
    session.execute(delete(FinishedBrowser).where(FinishedBrowser.finished_at < now - keep))
    insert_once(FinishedBrowser, unique=("browser_id",), browser_id=browser_id, finished_at=now)


def has_finished(browser_id: str) -> bool:
    """Whether the visit of the browser with this id is finished."""
    return session.scalar(_FINISHED, {"browser_id": browser_id}) is not None
