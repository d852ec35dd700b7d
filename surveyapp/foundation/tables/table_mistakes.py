"""Mistakes in a table and notices about it, each with its row and its column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.words.dates_and_lists import list_in_words

# A page lists as many mistakes; more cannot be read at once.
MOST_LISTED = 200
# Of rows with the same notice, so many are named.
_MOST_ROWS_NAMED = 10


@dataclass(frozen=True, order=True)
class TableMistake:
    """A mistake or a notice: its row as the spreadsheet counts, its column if it has one, and the words."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        """The sentence to show, without its full stop: Row 3, Email address: “x” is not an email address."""
        place = ", ".join(filter(None, (f"Row {self.row}" if self.row else "", self.column)))
        return f"{place}: {self.message}" if place else self.message


class TableMistakes(SurveyError):
    """A table cannot be used; `listed` holds every reason, in the order of the rows, or the first of them."""

    way_on = "Nothing was stored."

    def __init__(self, mistakes: Iterable[TableMistake]) -> None:
        """Keep each mistake once, sorted."""
        self.mistakes = sorted(set(mistakes))
        self.listed = [str(mistake) for mistake in self.mistakes[:MOST_LISTED]]
        more = len(self.mistakes) - len(self.listed)
        if more:
            self.listed.append(f"There are {more:,} more mistakes")
        super().__init__("; ".join(self.listed))


def gathered_notices(notices: Iterable[TableMistake]) -> list[str]:
    """Notices in the order of rows, those with the same words together: Rows 3 and 5: taken as years."""
    rows: dict[tuple[str, str], list[int]] = {}
    for notice in sorted(notices):
        rows.setdefault((notice.column, notice.message), []).append(notice.row)
    return [_gathered(column, message, numbers) for (column, message), numbers in rows.items()]


def _gathered(column: str, message: str, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return str(TableMistake(numbers[0], column, message))
    return f"Rows {numbers_in_words(numbers)}{f', {column}' if column else ''}: {message}"


def numbers_in_words(numbers: Sequence[int]) -> str:
    """The numbers of rows, or the first of them and how many more there are: 3, 5 and 8."""
    named = [str(number) for number in numbers[:_MOST_ROWS_NAMED]]
    more = len(numbers) - len(named)
    return list_in_words([*named, f"{more:,} more"] if more else named)
