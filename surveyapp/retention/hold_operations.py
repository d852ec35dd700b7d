"""A hold: an instruction not to destroy anything of an audit, which stops every purge until it is ended."""

from datetime import datetime

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.retention.date_operations import give_notice
from surveyapp.retention.models import Hold
from surveyapp.retention.queries import open_hold


class HeldAlready(Refused):
    """The audit is on hold as it is."""

    def __init__(self, hold: Hold) -> None:
        """Name who set it."""
        super().__init__(
            f"This audit is on hold already, set by {hold.set_by}.", way_on="End that hold first."
        )


class NotHeld(Refused):
    """The audit is not on hold, or no longer."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This audit is not on hold.", way_on="Look at how it stands now.")


def set_hold(audit: Audit, *, reason: str, actor: str, now: datetime) -> Hold:
    """Let nothing of an audit be purged until the hold is ended. Raises HeldAlready.

    A purge that has begun goes on: what it removes is gone for everybody since it began.
    """
    lock_audit(audit)
    hold = open_hold(audit.id)
    if hold is not None:
        raise HeldAlready(hold)
    hold = Hold(audit_id=audit.id, reason=reason, set_by=actor, set_at=now, ended_by="")
    session.add(hold)
    record_event(actor, "set_hold", f"audit {audit.id}", now=now)
    return hold


def end_hold(audit: Audit, *, reason: str, actor: str, now: datetime) -> Hold:
    """End the hold of an audit, for a reason. Days that have come meanwhile are two weeks away again.

    Raises NotHeld.
    """
    lock_audit(audit)
    hold = open_hold(audit.id)
    if hold is None:
        raise NotHeld
    hold.ended_at, hold.ended_by, hold.end_reason = now, actor, reason
    give_notice(audit, now=now)
    record_event(actor, "ended_hold", f"audit {audit.id}", now=now)
    return hold
