"""Bold text: words between double asterisks, in the brief, the report and on pages."""

import re

_BOLD = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")

# A piece of text, and whether it is bold.
Run = tuple[str, bool]


def text_runs(text: str) -> list[Run]:
    """Split text into pieces, each with whether it is bold; any other mark-up stays as typed."""
    runs: list[Run] = []
    position = 0
    for bold in _BOLD.finditer(text):
        runs += [(text[position : bold.start()], False), (bold[1], True)]
        position = bold.end()
    runs.append((text[position:], False))
    return [run for run in runs if run[0]]


def without_marks(text: str) -> str:
    """The text without asterisks, for output that cannot be bold."""
    return "".join(words for words, _ in text_runs(text))
