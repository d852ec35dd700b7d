"""How large a table may be that staff upload (promises I2, I3)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableLimits:
    """What one file may hold; `what` names the use that is made of it, such as “a set-up”.

    `file_bytes` is the size of the file, `rows` and `columns` are those read of each sheet. `tags` are the
    marks “<” in the XML of a workbook, counted before it is parsed: four million empty cells are 92 kB of
    zip, and took a minute and 2.5 GB.
    """

    what: str
    file_bytes: int
    rows: int
    columns: int
    tags: int
    way_on: str

    @property
    def too_large(self) -> str:
        """The sentence about a file that is larger than this."""
        return f"The file is larger than {self.file_bytes // 1_000_000} MB. Take pictures out of it."

    @property
    def unpacks_too_large(self) -> str:
        """The sentence about a file that holds more than this, packed into less."""
        return f"This workbook unpacks to far more than {self.what} needs. {self.way_on}"

    @property
    def too_many_rows(self) -> str:
        """The sentence about a table with more rows than this, without its full stop."""
        return f"there are more than {self.rows:,} rows"


# What people paste or upload as one table: agencies, cases or ticks.
IMPORT_LIMITS = TableLimits(
    "an import",
    file_bytes=5_000_000,
    rows=10_000,
    columns=100,
    tags=1_200_000,
    way_on="An import takes 10,000 rows and 5 MB. Divide the file, or copy the cells and paste them.",
)
