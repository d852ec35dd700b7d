"""The formats of the export command, by file extension."""

from surveyapp.archive.export_format import ZIP
from surveyapp.exports.data_formats import CSV, JSON, RETURNS_PDF, XLSX
from surveyapp.exports.export import ExportFormat
from surveyapp.foundation.errors import Refused
from surveyapp.report.export_formats import DOCX, PDF

EXPORT_FORMATS = {
    file_format.ending: file_format for file_format in (XLSX, CSV, JSON, DOCX, PDF, RETURNS_PDF, ZIP)
}
# The learning brief, which brief/export.py builds.
BRIEF_EXTENSION = "pptx"


def export_format(file_name: str) -> ExportFormat:
    """The format for a file's extension. Raises Refused, with the list of formats, for an unknown one."""
    # The longest extension that fits, since the file of returns also ends in .pdf.
    fitting = [ending for ending in EXPORT_FORMATS if file_name.lower().endswith(f".{ending}")]
    if not fitting:
        raise Refused(
            f"“{file_name}” says no kind of file: end it with "
            f"{', '.join(f'.{ending}' for ending in (*EXPORT_FORMATS, BRIEF_EXTENSION))}."
        )
    return EXPORT_FORMATS[max(fitting, key=len)]
