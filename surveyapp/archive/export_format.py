"""The format in which everything of an audit leaves at once: a zip archive."""

from datetime import datetime

from surveyapp.archive.archive import ArchiveSnapshot, read_archive, write_archive
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.exports.export import ExportFormat
from surveyapp.planning.models import Audit


def _archive(audit: Audit, _filters: Filters, _rule: DenominatorRule, now: datetime) -> ArchiveSnapshot:
    # An archive is of the whole audit, whatever a page shows of it.
    return read_archive(audit, now=now)


ZIP = ExportFormat("zip", "application/zip", write_archive, _archive)
