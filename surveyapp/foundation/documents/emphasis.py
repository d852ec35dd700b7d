"""Words with two stars on each side are set in bold: one rule for the brief, the report and the pages."""

import re

_BOLD = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")

# A piece of text, and whether it is bold.
Run = tuple[str, bool]


def text_runs(text: str) -> list[Run]:
    """Text in pieces, each with whether it is bold; whatever else looks like mark-up stays text."""
    found: list[Run] = []
    at = 0
    for each in _BOLD.finditer(text):
        found += [(text[at : each.start()], False), (each[1], True)]
        at = each.end()
    found.append((text[at:], False))
    return [run for run in found if run[0]]


def without_marks(text: str) -> str:
    """The words alone, where nothing can be bold."""
    return "".join(words for words, _ in text_runs(text))
