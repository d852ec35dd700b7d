"""Words of labels and hints: written so that tools take them as words, and read without marks for tools."""

import re

from surveyapp.foundation.words.clean_text import clean_text

# Nobody sees it, and pyxform and the tools take what it divides for words.
_DIVIDER = "\u200b"
_MEANT_FOR_A_TOOL = re.compile(r"\$(?=\{)|<(?=/?[a-z])|\*(?=\*)", re.IGNORECASE)
_EMPHASIS = re.compile(r"</?[a-z][^>]*>|\*\*", re.IGNORECASE)
_FILLED_IN = re.compile(r"\$\{[^}]*\}")
LONGEST = 2_000


def written_words(words: str) -> str:
    """Words for a cell: “${” would be the answer to another question, “<b” and “**” emphasis."""
    return _MEANT_FOR_A_TOOL.sub(lambda mark: mark[0] + _DIVIDER, words)


def read_words(cell: str) -> str:
    """The words of a cell, without emphasis, and at most as many characters as our forms hold."""
    return clean_text(_EMPHASIS.sub("", cell).replace(_DIVIDER, "")).strip()[:LONGEST]


def has_emphasis(cell: str) -> bool:
    """Whether a cell has bold type, colours or links that only tools draw."""
    return _EMPHASIS.search(cell) is not None


def filled_in(cell: str) -> list[str]:
    """The answers to other questions that a tool fills in among the words, such as ${name}."""
    return _FILLED_IN.findall(cell)


def none_alone_words(none_of_these: str) -> str:
    """What a tool says to somebody who ticks “None of these” and something else."""
    return f"Untick “{none_of_these}”, or the others"
