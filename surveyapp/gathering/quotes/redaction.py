"""Taking words out of a text for print, and pointing out wordings that may identify somebody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.answering.returns.privacy_hints import DETAIL_KINDS_IN_WORDS
from surveyapp.foundation.personal_details.finder import find_personal_details

# Replaces words that are taken out.
REDACTION_MARK = "[…]"
_SEVERAL_MARKS = re.compile(r"\[…\](?:\s*\[…\])+")


@dataclass(frozen=True)
class IdentifyingWording:
    """A wording that may identify somebody, and what it looks like, such as “a person’s name”."""

    wording: str
    looks_like: str


def redact_words(text: str, words: Iterable[str]) -> str:
    """Replace these words by REDACTION_MARK wherever they stand as whole words, in any case.

    Neighbouring marks become one. Words that are not in the text are ignored.
    """
    for phrase in sorted({" ".join(word.split()) for word in words} - {""}, key=len, reverse=True):
        # The text may have several spaces or line ends between the words of a phrase.
        spaced = r"\s+".join(map(re.escape, phrase.split()))
        text = re.sub(rf"(?<!\w){spaced}(?!\w)", REDACTION_MARK, text, flags=re.IGNORECASE)
    return _SEVERAL_MARKS.sub(REDACTION_MARK, text)


def identifying_wordings(text: str) -> tuple[IdentifyingWording, ...]:
    """The wordings of a text that look like a name, date of birth, number or address; each wording once."""
    wordings = {detail.wording: DETAIL_KINDS_IN_WORDS[detail.kind] for detail in find_personal_details(text)}
    return tuple(IdentifyingWording(wording, looks_like) for wording, looks_like in wordings.items())


def contains_words(text: str, part: str) -> bool:
    """Whether a text contains a part word for word, whatever its white space and quotation marks."""
    return _plain(part) in _plain(text)


def _plain(text: str) -> str:
    """A text with single spaces and straight quotation marks, for comparison."""
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(curly, straight)
    return " ".join(text.split())
