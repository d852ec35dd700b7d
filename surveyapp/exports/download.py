"""Downloads of an audit, with the filters and the denominator rule of the linking page."""

from flask import Response

from surveyapp.collating.figure_selection import FigureSelection
from surveyapp.exports.export import ExportFormat, export_audit
from surveyapp.foundation import clock
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.web.file_response import file_response


def download_audit(audit_id: int, export_format: ExportFormat) -> Response:
    """Build the file and send it. Raises NoResultFound for an unknown audit."""
    selection = FigureSelection.from_request()
    export = export_audit(
        audit_id,
        export_format,
        filters=selection.filters,
        rule=selection.rule,
        actor=acting_staff().name,
        now=clock.now(),
    )
    return file_response(export.file, export.mimetype, export.name)
