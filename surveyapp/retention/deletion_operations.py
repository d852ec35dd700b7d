"""Deleting an audit that was issued: closed and hidden for 30 days, then purged (promises G5)."""

from datetime import datetime

from surveyapp.closing.operations import close_returns
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.planning.removal.operations import set_audit_aside
from surveyapp.retention.date_operations import set_dates
from surveyapp.retention.dates import DELETION_DELAY
from surveyapp.retention.queries import retention_of


class NeverIssued(Refused):
    """The audit was never issued, so it is deleted at once, on a page of its own."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "This audit was never issued, so it is not kept for 30 days.",
            way_on="Delete it where it is set up.",
        )


class RemovedWithTheExample(Refused):
    """The example is removed as a whole."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "The example is not deleted like an audit.", way_on="Remove it from the page Audits."
        )


def delete_issued_audit(audit: Audit, *, typed_title: str, actor: str, now: datetime) -> None:
    """Close an audit, set it aside, and purge all of it in 30 days unless it is brought back before.

    `typed_title` is its title as the person typed it to confirm; case and spaces do not matter. Raises
    FieldRefused for another title, NeverIssued and RemovedWithTheExample. `now` is UTC.
    """
    lock_audit(audit)
    if audit.is_example:
        raise RemovedWithTheExample
    if not audit.is_issued:
        raise NeverIssued
    if name_key(typed_title) != name_key(audit.title):
        raise FieldRefused("title", f"Type “{audit.title}” to delete this audit")
    close_returns(audit, actor=actor, now=now)
    if audit.set_aside_at is None:
        set_audit_aside(audit, actor=actor, now=now)
    dates = retention_of(audit.id)
    if dates is None or dates.closed_at != audit.closed_at:
        dates = set_dates(audit, now=now)
    dates.deletion_on = local_day(now) + DELETION_DELAY
    dates.deletion_asked_at, dates.deletion_asked_by = audit.set_aside_at, actor
    record_event(actor, "asked_for_deletion", f"audit {audit.id}", str(dates.deletion_on), now=now)
