"""The file of an export as it is posted: opened, and forgotten at the end of the request."""

from werkzeug.datastructures import FileStorage

from surveyapp.foundation.tables.columns import recognised_heads
from surveyapp.foundation.tables.limits import TableLimits
from surveyapp.foundation.tables.opened_table import OpenedTable, UnreadableTable, open_file
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.sampling.columns import COLUMNS

# A host’s limit on uploads may be lower. 10,000 children with 40 columns are about 3 MB of CSV.
LIST_LIMITS = TableLimits(
    "a list of children",
    file_bytes=3_500_000,
    rows=10_000,
    columns=100,
    tags=2_500_000,
    way_on="A list has up to 10,000 children and 3.5 MB. Leave columns out that are not needed.",
)


def open_posted_list(file: object) -> OpenedTable:
    """The table of a posted file. Raises UnreadableTable with a sentence for what is none."""
    if not isinstance(file, FileStorage) or not file.filename:
        raise UnreadableTable("Choose the file of the export")
    content = file.stream.read(LIST_LIMITS.file_bytes + 1)
    # The name of a file may be a child’s: it is used for its ending and not kept.
    name = clean_line(file.filename)[-20:]
    return open_file(content, name, rank=lambda sheet: recognised_heads(sheet, COLUMNS), limits=LIST_LIMITS)
