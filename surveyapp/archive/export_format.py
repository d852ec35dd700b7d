"""The zip archives as export formats: everything, and the results without the log and the list of emails."""

from datetime import datetime

from surveyapp.archive.archive import ArchiveSnapshot, read_archive, write_archive
from surveyapp.archive.contents import RESULT_FILES
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.export import ExportFormat
from surveyapp.planning.models import Audit


def _archive(audit: Audit, _filters: Filters, _rule: DenominatorRule, now: datetime) -> ArchiveSnapshot:
    # An archive holds the whole audit, so the filters of the page do not apply.
    return read_archive(audit, now=now)


def _results(audit: Audit, _filters: Filters, _rule: DenominatorRule, now: datetime) -> ArchiveSnapshot:
    return read_archive(audit, now=now, files=RESULT_FILES)


ZIP = ExportFormat("zip", "application/zip", write_archive, _archive)
RESULTS_ZIP = ExportFormat("zip", "application/zip", write_archive, _results, called="results")
