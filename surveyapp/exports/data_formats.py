"""The formats in which the figures and answers of an audit are exported."""

from datetime import datetime

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.csv_file import write_csv_file
from surveyapp.exports.export import ExportFormat
from surveyapp.exports.json_file import write_json
from surveyapp.exports.returns_pdf.document import write_returns_pdf
from surveyapp.exports.snapshot import AuditSnapshot, read_audit
from surveyapp.exports.workbook.workbook import write_workbook
from surveyapp.foundation.documents.sheet_writer import XLSX_TYPE
from surveyapp.planning.models import Audit


def _snapshot(audit: Audit, filters: Filters, rule: DenominatorRule, now: datetime) -> AuditSnapshot:
    return read_audit(audit, filters=filters, rule=rule, now=now)


XLSX = ExportFormat("xlsx", XLSX_TYPE, write_workbook, _snapshot)
CSV = ExportFormat("csv", "text/csv", write_csv_file, _snapshot)
JSON = ExportFormat("json", "application/json", write_json, _snapshot)
RETURNS_PDF = ExportFormat("returns.pdf", "application/pdf", write_returns_pdf, _snapshot)
