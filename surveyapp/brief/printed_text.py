"""Text as the PDF and the slide of a brief print it: runs, long words, hosts of links."""

import re
from urllib.parse import urlsplit

from surveyapp.brief.brief import Brief, Resource
from surveyapp.foundation.documents.emphasis import Run, text_runs

# Letters; a longer word may be wider than a column, so it may break after every so many letters.
_LONGEST_WORD = 36
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_LONGEST_TITLE = 110


def breakable_runs(text: str) -> list[Run]:
    """Split a text into runs, bold or not, in which words longer than a column may break."""
    return [(breakable(words), bold) for words, bold in text_runs(text)]


def breakable(text: str) -> str:
    """Let words longer than a column break, by zero-width spaces."""
    return _LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


def site_name(resource: Resource) -> str:
    """The host of a resource's address, printed for readers on paper."""
    return urlsplit(resource.address).netloc.removeprefix("www.") or resource.address


def is_long_title(brief: Brief) -> bool:
    """Whether the title is too long for the usual size, in both kinds of file."""
    return len(brief.title) > _LONGEST_TITLE
