"""A regular expression that is compiled at its first use, for patterns that take long to compile."""

import re
from collections.abc import Iterator
from functools import cached_property


class LatePattern:
    """A pattern compiled at its first use instead of at import.

    The patterns that find numbers in words take half a second to compile together, and most commands and
    pages use none of them (docs/decisions/light-start.md). Two threads that are the first to use one may both
    compile it; the results are equal.
    """

    def __init__(self, source: str) -> None:
        """`source` is a regular expression; capital and small letters are alike to it."""
        self.source = source

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled pattern; equal to the `re` of each of its matches."""
        return re.compile(self.source, re.IGNORECASE)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """The matches in a text, from left to right, without overlaps."""
        return self.compiled.finditer(text)

    def sub(self, replacement: str, text: str) -> str:
        """The text with each match replaced."""
        return self.compiled.sub(replacement, text)
