"""Taking words out of what prints, and pointing out what may still tell who somebody is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.answering.returns.privacy_hints import LOOKS_LIKE
from surveyapp.foundation.personal_details.finder import found_in

# What stands in the place of words that were taken out.
GONE = "[…]"
_TWICE = re.compile(r"\[…\](?:\s*\[…\])+")


@dataclass(frozen=True)
class MayIdentify:
    """One wording that looks as if it told who somebody is, and what it looks like."""

    wording: str
    looks_like: str


def take_out(text: str, words: Iterable[str]) -> str:
    """A text with these words replaced by GONE wherever they stand as whole words, in capitals or not.

    Several of them beside each other leave one GONE. Words that are not in the text change nothing.
    """
    for each in sorted({" ".join(word.split()) for word in words} - {""}, key=len, reverse=True):
        # However many spaces or line ends stand between the words of it.
        spaced = r"\s+".join(map(re.escape, each.split()))
        text = re.sub(rf"(?<!\w){spaced}(?!\w)", GONE, text, flags=re.IGNORECASE)
    return _TWICE.sub(GONE, text)


def may_identify(text: str) -> tuple[MayIdentify, ...]:
    """What in a text looks like a name, a date of birth, a number or an address; each wording once."""
    found = {each.wording: LOOKS_LIKE[each.kind] for each in found_in(text)}
    return tuple(MayIdentify(wording, looks_like) for wording, looks_like in found.items())


def holds(text: str, part: str) -> bool:
    """Whether a part stands in a text as it was written, but for spaces, line ends and curly apostrophes."""
    return _plain(part) in _plain(text)


def _plain(text: str) -> str:
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(curly, straight)
    return " ".join(text.split())
