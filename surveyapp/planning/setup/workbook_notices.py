"""What the reader of a workbook points out: hidden rows, and numbers where text belongs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from surveyapp.foundation.tables.cells import NumberCell, Sheet
from surveyapp.foundation.tables.hidden_parts import hidden_parts
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.planning.setup.workbook_document import SheetMistake

_AS_TEXT = "Format the column as Text and type it again"
# Of the numbers in one column, a notice shows these.
_MOST_SHOWN = 10


class NumbersAsText:
    """Collects the numbers that stand where text belongs, and what is said about them."""

    def __init__(self) -> None:
        """Begin without any."""
        self._numbers: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._notices: list[SheetMistake] = []

    def problem(self, sheet: str, row: int, column: str, cell: object) -> str:
        """Why the text that somebody typed into this cell cannot be told from it; empty if it can."""
        if isinstance(cell, NumberCell):
            if cell.is_rounded:
                return f"{column} is a number of which a workbook keeps only 15 digits. {_AS_TEXT}"
            self._numbers[sheet, column].append((row, cell))
        elif isinstance(cell, date):
            return f"{column} is a date in this workbook, {day_in_words(cell)}. {_AS_TEXT}"
        return ""

    def notice(self, sheet: str, row: int, words: str) -> None:
        """Note another notice."""
        self._notices.append(SheetMistake(sheet, row, 1, words))

    def notices(self) -> Iterator[SheetMistake]:
        """The notices: one for each column, at its first number, with what the workbook shows."""
        for (sheet, column), numbers in self._numbers.items():
            row = numbers[0][0]
            shown = [number for _, number in numbers[:_MOST_SHOWN]]
            more = len(numbers) - len(shown)
            words = list_in_words([*shown, f"{more} more"] if more else shown)
            holds = "is a number" if len(numbers) == 1 else "are numbers"
            if_wrong = "If a nought in front is missing, format the column as Text and type it again"
            yield SheetMistake(sheet, row, 1, f"{column} {words} {holds}, taken as shown. {if_wrong}")
        yield from self._notices


def hidden_notices(sheets: Mapping[str, Sheet]) -> Iterator[SheetMistake]:
    """Notices of what somebody who looks at the workbook does not see, and what is taken all the same."""
    for name, sheet in sheets.items():
        yield from (SheetMistake(name, 0, 1, words) for words in hidden_parts(sheet))
