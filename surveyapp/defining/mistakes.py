"""Mistakes in a file, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass

# Lists of mistakes end here, on pages and in commands: one slip may be repeated in thousands of rows.
MOST_LISTED = 200


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file; line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class FormMistakes(Exception):
    """A file cannot be used; `mistakes` lists every reason, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Sort the mistakes, and keep each once."""
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))
