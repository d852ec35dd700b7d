"""Locks an audit before a change of its cases or grid, and refuses the change once returns are closed."""

from datetime import datetime

from surveyapp.foundation.store.db import session
from surveyapp.planning.errors import ReturnsClosed
from surveyapp.planning.models import Audit


def lock_audit(audit: Audit) -> None:
    """Lock the row of an audit and reload it, so that concurrent changes are made one after the other."""
    session.refresh(audit, with_for_update=True)


def check_returns_open(audit: Audit, now: datetime) -> None:
    """Raise ReturnsClosed if the audit has been issued and its returns are closed at `now` (UTC)."""
    if audit.is_issued and audit.is_closed(now):
        raise ReturnsClosed(audit)
