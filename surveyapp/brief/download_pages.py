"""The files of a brief: a picture of it, and the current and the public version to download."""

from datetime import datetime

from flask.typing import ResponseReturnValue

from surveyapp.brief.brief import Brief
from surveyapp.brief.export import PDF, POWERPOINT, export_brief
from surveyapp.brief.pdf import typeset_brief
from surveyapp.brief.queries import current_brief, released_brief
from surveyapp.foundation import clock
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response


def show_brief_picture(audit_id: int) -> ResponseReturnValue:
    """Answer with a picture of the page, even of one that is too long."""
    picture = typeset_brief(current_brief(audit_id, now=clock.now()), picture=True).picture
    return file_response(picture, "image/png", "brief.png", as_attachment=False)


def brief_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Download the current brief as a PDF."""
    return _file(audit_id, PDF, now=clock.now())


def brief_as_slide(audit_id: int) -> ResponseReturnValue:
    """Download the current brief as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now())


def released_as_pdf(audit_id: int) -> ResponseReturnValue:
    """Download the public version as a PDF."""
    return _file(audit_id, PDF, now=clock.now(), page=released_brief(audit_id))


def released_as_slide(audit_id: int) -> ResponseReturnValue:
    """Download the public version as a PowerPoint slide."""
    return _file(audit_id, POWERPOINT, now=clock.now(), page=released_brief(audit_id))


def _file(audit_id: int, ending: str, *, now: datetime, page: Brief | None = None) -> ResponseReturnValue:
    export = export_brief(audit_id, ending, page=page, actor=acting_staff().name, now=now)
    return file_response(export.file, export.mimetype, export.name)
