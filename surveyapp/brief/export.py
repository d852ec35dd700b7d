"""Exports a brief as PDF or PowerPoint: builds the file outside any transaction and records the export."""

import io
from collections.abc import Callable
from datetime import datetime

from surveyapp.brief.brief import Brief
from surveyapp.brief.pdf import as_brief_pdf
from surveyapp.brief.queries import current_brief
from surveyapp.brief.slide.slide import as_brief_slide
from surveyapp.checks.audit_facts import audit_facts
from surveyapp.exports.export import Export, file_name, record_export
from surveyapp.foundation.store.db import session, transaction
from surveyapp.planning.models import Audit

PDF, POWERPOINT = "pdf", "pptx"
_MIMETYPES = {
    PDF: "application/pdf",
    POWERPOINT: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_WRITERS: dict[str, Callable[[Brief], bytes]] = {PDF: as_brief_pdf, POWERPOINT: as_brief_slide}


def export_brief(
    audit_id: int, ending: str, *, page: Brief | None = None, actor: str, now: datetime
) -> Export:
    """Build the brief of an audit as “pdf” or “pptx”, and record it; `page` replaces the current brief.

    A brief that has not changed since its release carries its approval; any other is marked as a draft.
    Raises BriefTooLong if it does not fit its page, NoResultFound for an unknown audit.
    """
    with transaction():
        audit = session.get_one(Audit, audit_id)
        name = file_name(audit, ending, now=now).replace("audit-", "brief-", 1)
        returns = audit_facts(audit).returns
        page = page or current_brief(audit_id, now=now)
    content = _WRITERS[ending](page)
    # A transaction of its own, so that it begins by writing, without an earlier read.
    with transaction():
        record_export(audit_id, f"brief .{ending}", actor=actor, now=now)
    return Export(io.BytesIO(content), name, _MIMETYPES[ending], returns)
