"""Taking words out of what prints, and pointing out what may still tell who somebody is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.answering.returns.privacy_hints import DETAIL_KINDS_IN_WORDS
from surveyapp.foundation.personal_details.finder import find_personal_details

# What stands in the place of words that were taken out.
REDACTION_MARK = "[…]"
_TWICE = re.compile(r"\[…\](?:\s*\[…\])+")


@dataclass(frozen=True)
class IdentifyingWording:
    """One wording that looks as if it told who somebody is, and what it looks like."""

    wording: str
    looks_like: str


def redact_words(text: str, words: Iterable[str]) -> str:
    """A text with these words replaced by GONE wherever they stand as whole words, in capitals or not.

    Several of them beside each other leave one GONE. Words that are not in the text change nothing.
    """
    for each in sorted({" ".join(word.split()) for word in words} - {""}, key=len, reverse=True):
        # However many spaces or line ends stand between the words of it.
        spaced = r"\s+".join(map(re.escape, each.split()))
        text = re.sub(rf"(?<!\w){spaced}(?!\w)", REDACTION_MARK, text, flags=re.IGNORECASE)
    return _TWICE.sub(REDACTION_MARK, text)


def identifying_wordings(text: str) -> tuple[IdentifyingWording, ...]:
    """What in a text looks like a name, a date of birth, a number or an address; each wording once."""
    found = {each.wording: DETAIL_KINDS_IN_WORDS[each.kind] for each in find_personal_details(text)}
    return tuple(IdentifyingWording(wording, looks_like) for wording, looks_like in found.items())


def contains_words(text: str, part: str) -> bool:
    """Whether a part stands in a text as it was written, but for spaces, line ends and curly apostrophes."""
    return _plain(part) in _plain(text)


def _plain(text: str) -> str:
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(curly, straight)
    return " ".join(text.split())
