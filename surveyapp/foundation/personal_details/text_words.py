"""Words of a text with their positions, folded to compare them with word lists."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from surveyapp.foundation.normal_form import normal_form

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
# Letters, hyphens and apostrophes alternate without ambiguity, so that matching never backtracks.
_WORD = re.compile(rf"{_LETTER}+(?:[’'\-]{_LETTER}+)*")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "’": None, "'": None})
_SENTENCE_END = re.compile(r"[.!?:;\n\r•]")


class Word(NamedTuple):
    """A word, its position, and the text between it and the word before."""

    text: str
    folded: str
    start: int
    end: int
    gap: str
    possessive: bool

    @property
    def begins_sentence(self) -> bool:
        """Whether the word begins a sentence, a line or a bullet point, where any word has a capital."""
        return self.start == len(self.gap) or bool(_SENTENCE_END.search(self.gap))

    @property
    def in_capitals(self) -> bool:
        """Whether the word is longer than one letter and all in capitals."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def capitalised(self) -> bool:
        """Whether each hyphenated part begins with a capital: "Lola-Mae", not "Rose-tinted"."""
        if "-" not in self.text:
            return self.text[0].isupper()
        return all(part[:1].isupper() for part in self.text.split("-"))

    @property
    def adjoins(self) -> bool:
        """Whether only a space separates the word from the one before."""
        return self.gap in {" ", "  ", "\N{NO-BREAK SPACE}"}

    @property
    def first_part(self) -> str:
        """The folded word up to its first hyphen."""
        return self.folded.split("-", 1)[0]


def words_in(text: str) -> Iterator[Word]:
    """The words of a text, in order; a possessive “’s” is removed and noted."""
    last = 0
    for match in _WORD.finditer(text):
        word, end = match[0], match.end()
        possessive = word.endswith(("'s", "’s", "'S", "’S"))
        if possessive:
            word, end = word[:-2], end - 2
        yield Word(word, folded_word(word), match.start(), end, text[last : match.start()], possessive)
        last = match.end()


def folded_word(word: str) -> str:
    """A word in lower case without accents and apostrophes."""
    if word.isascii():
        return word.lower().replace("'", "")
    decomposed = normal_form("NFKD", word.casefold().translate(_UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
