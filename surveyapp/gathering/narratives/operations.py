"""Writing the longer texts of an audit."""

from datetime import datetime

from sqlalchemy import delete, select

from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.models import NARRATIVES, Narrative
from surveyapp.planning.models import Audit, Case


def narrative_of(audit_id: int, kind: str) -> Narrative | None:
    """The text of this kind, a key of NARRATIVES, or None. Raises NotFound for an unknown kind."""
    if kind not in NARRATIVES:
        raise NotFound
    return session.scalar(select(Narrative).where(Narrative.audit_id == audit_id, Narrative.kind == kind))


def narrative_digest(narrative: Narrative | None) -> str:
    """A digest of a longer text, to detect a concurrent change."""
    return row_digest(text=narrative.text, case_id=narrative.case_id) if narrative else NO_ROW


def write_narrative(  # noqa: PLR0913 — the typed values, and the digest that the page showed
    audit: Audit, kind: str, text: str, *, case_id: int | None, seen: str, actor: str, now: datetime
) -> Narrative | None:
    """Store a case example or a practitioner's view, about one case or none; an empty text removes it.

    `seen` is the `narrative_digest` of the page. Raises EditConflict, FieldRefused and NotFound.
    """
    session.refresh(audit, with_for_update=True)
    narrative = narrative_of(audit.id, kind)
    check_unchanged(seen, narrative_digest(narrative))
    text = text.strip()
    if not text:
        if narrative is not None:
            session.execute(delete(Narrative).where(Narrative.id == narrative.id))
            record_event(actor, "removed_narrative", f"audit {audit.id}", kind, now=now)
        return None
    if len(text) > LONGEST_COMMENT:
        raise FieldRefused("text", f"Use {LONGEST_COMMENT:,} characters or fewer")
    if case_id is not None:
        case = session.get(Case, case_id)
        if case is None or case.audit_id != audit.id:
            raise FieldRefused("case", "Choose a child of this audit, or none")
    if narrative is None:
        narrative = Narrative(audit_id=audit.id, kind=kind)
        session.add(narrative)
    narrative.text, narrative.case_id = text, case_id
    session.flush()
    record_event(actor, "wrote_narrative", f"audit {audit.id}", kind, now=now)
    return narrative
