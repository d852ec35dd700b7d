"""What is noted when something leaves as a file."""

from datetime import datetime

from surveyapp.foundation.events import record


def note_export(audit_id: int, detail: str, *, actor: str, now: datetime) -> None:
    """Note who exported an audit's returns, and as what (STORIES SA4); `detail` has no word of theirs."""
    record(actor, "exported_audit", f"audit {audit_id}", detail, now=now)
