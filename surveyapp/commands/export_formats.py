"""Every format that the export command writes, by the ending of the file."""

from surveyapp.archive.export_format import ZIP
from surveyapp.exports.data_formats import CSV, JSON, RETURNS_PDF, XLSX
from surveyapp.exports.export import ExportFormat
from surveyapp.foundation.errors import Refused
from surveyapp.report.export_formats import DOCX, PDF

EXPORT_FORMATS = {known.ending: known for known in (XLSX, CSV, JSON, DOCX, PDF, RETURNS_PDF, ZIP)}
# The learning brief, which brief/export.py builds.
BRIEF_EXTENSION = "pptx"


def export_format(file_name: str) -> ExportFormat:
    """What a file's ending asks for. Raises Refused, with the list, for any other."""
    # The longest that fits: a file of returns is a .pdf too.
    fitting = [each for each in EXPORT_FORMATS if file_name.lower().endswith(f".{each}")]
    found = EXPORT_FORMATS[max(fitting, key=len)] if fitting else None
    if found is None:
        raise Refused(
            f"“{file_name}” says no kind of file: end it with "
            f"{', '.join(f'.{one}' for one in (*EXPORT_FORMATS, BRIEF_EXTENSION))}."
        )
    return found
