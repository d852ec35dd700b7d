"""Finds agencies of nearly the same name, about which staff are asked whether they are one or two."""

import re
from collections import defaultdict
from collections.abc import Iterable

from surveyapp.foundation.words.clean_text import name_key

_SAME_WORDS = {"&": "and", "saint": "st", "the": "", "service": "", "services": ""}
# In shorter words, a letter more or less is another word: School A is not School B.
_FEWEST_LETTERS = 4


class NearNames:
    """Names, to be asked for one that is nearly, but not exactly, another."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Index the names; finding one takes the time of its own length, however many there are."""
        self._by_part: defaultdict[str, list[str]] = defaultdict(list)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add another name."""
        for part in _parts(name):
            self._by_part[part].append(name)

    def near(self, name: str) -> str:
        """The first name that is nearly this one, but for a letter, a space, “the” or “&”; empty if none."""
        candidates = (other for part in _parts(name) for other in self._by_part.get(part, ()))
        return next((other for other in candidates if _are_near(name, other)), "")


def _words(name: str) -> tuple[str, ...]:
    plain = re.sub(r"[^\w&]+", " ", name_key(name).replace("'", ""))
    words = (_SAME_WORDS.get(word, word) for word in plain.split())
    return tuple(word for word in words if word)


def _parts(name: str) -> set[str]:
    """What near names have in common: their letters, or their words without one letter of one of them."""
    words = _words(name)
    parts = {"".join(words)}
    for number, word in enumerate(words):
        if _may_have_a_slip(word):
            before, after = words[:number], words[number + 1 :]
            shorter = (word[:at] + word[at + 1 :] for at in range(len(word)))
            parts |= {" ".join((*before, part, *after)) for part in (word, *shorter)}
    return parts


def _may_have_a_slip(word: str) -> bool:
    return word.isalpha() and len(word) >= _FEWEST_LETTERS


def _are_near(first: str, second: str) -> bool:
    if name_key(first) == name_key(second):
        return False
    words, others = _words(first), _words(second)
    if "".join(words) == "".join(others):
        return True
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    return len(words) == len(others) and len(differing) == 1 and all(map(_may_have_a_slip, differing[0]))
