"""Operations that delete an audit of which no agency has heard, and that set one aside or bring it back."""

from datetime import datetime

from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.owned_rows import delete_with_owned_rows, mentions, owned_rows
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit

# What goes with an audit, in the words of the page; other rows are counted together.
_IN_WORDS = {
    "survey_case": ("case", "cases"),
    "survey_involvement": ("tick of the grid", "ticks of the grid"),
    "survey_workshop": ("workshop", "workshops"),
    "survey_quote": ("quote", "quotes"),
    "survey_family_contact": ("talk with a family", "talks with families"),
    "survey_finding": ("finding", "findings"),
    "survey_recommendation": ("recommendation", "recommendations"),
    "survey_action": ("action", "actions"),
    "survey_brief": ("brief", "briefs"),
}


class StillOpen(Refused):
    """Returns of the audit are open, so it stays on the lists."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "This audit takes returns, so it stays on the lists.", way_on="Close its returns first."
        )


class AgenciesAsked(Refused):
    """Agencies were asked which children they knew, so what they were sent and said is kept."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "Agencies have been asked which children they knew, so this audit cannot be deleted.",
            way_on="Set it aside instead: it leaves the lists and can be brought back.",
        )


class MentionedElsewhere(Refused):
    """Another audit refers to something of this one."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "Another audit refers to something of this one, so it cannot be deleted.",
            way_on="Set it aside instead: it leaves the lists and can be brought back.",
        )


def what_goes(audit: Audit) -> list[str]:
    """What deleting an audit would delete with it, such as “15 cases”."""
    counts = owned_rows(audit)
    named = [counted(counts[table], *words) for table, words in _IN_WORDS.items() if table in counts]
    others = sum(count for table, count in counts.items() if table not in _IN_WORDS)
    return [*named, *([counted(others, "other entry", "other entries")] if others else [])]


def delete_audit(audit: Audit, *, typed_title: str, actor: str, now: datetime) -> None:
    """Delete an audit of which no agency has heard, with everything planned for it. `now` is UTC.

    `typed_title` is its title as the person typed it to confirm; case and spaces do not matter. Raises
    FieldRefused for another title, AlreadyIssued, AgenciesAsked, and MentionedElsewhere.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued(
            "This audit has been issued, so it cannot be deleted.",
            way_on="Once its returns are closed you can set it aside.",
        )
    if audit.involvement_asked_at is not None:
        raise AgenciesAsked
    if name_key(typed_title) != name_key(audit.title):
        raise FieldRefused("title", f"Type “{audit.title}” to delete this audit")
    if mentions(audit):
        raise MentionedElsewhere
    cancel_emails({"test_copy"}, audit.id, now=now)
    record_event(actor, "deleted_audit", f"audit {audit.id}", audit.title, now=now)
    delete_with_owned_rows(audit)


def set_audit_aside(audit: Audit, *, actor: str, now: datetime) -> None:
    """Take an audit off the lists; everything of it stays, and its own pages still open.

    Raises StillOpen while it takes returns.
    """
    lock_audit(audit)
    if audit.is_issued and not audit.is_closed(now):
        raise StillOpen
    if audit.set_aside_at is None:
        audit.set_aside_at = now
        audit.issue_planned_at, audit.issue_planned_by = None, ""
        record_event(actor, "set_audit_aside", f"audit {audit.id}", now=now)


def bring_audit_back(audit: Audit, *, actor: str, now: datetime) -> None:
    """Put an audit that was set aside back on the lists."""
    lock_audit(audit)
    if audit.set_aside_at is not None:
        audit.set_aside_at = None
        record_event(actor, "brought_audit_back", f"audit {audit.id}", now=now)
