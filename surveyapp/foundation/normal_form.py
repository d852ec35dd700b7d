"""Unicode normal forms of a text, in a time that grows no faster than its length."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

# UAX #15, Stream-Safe Text Format: no language puts more marks on one letter. Putting a run of marks into
# order costs the square of its length.
MOST_MARKS = 30
INVISIBLE = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
# Only a run of this length can hold too many marks, since no character stands for more than three of them.
_MAY_HOLD_TOO_MANY = re.compile(f"[\u00a0-\U0010ffff]{{{MOST_MARKS // 3 + 1},}}")
_IS_INVISIBLE = re.compile(f"[{INVISIBLE}]")


def normal_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Text in a Unicode normal form, with at most 30 combining marks on a letter; further marks are left out.

    The time is linear in the length of the text. Everything that normalises text calls this function.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _MAY_HOLD_TOO_MANY.sub(_without_surplus_marks, text))  # noqa: TID251 — the one place that does


def _without_surplus_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        trailing_marks, is_mark = _marks_of(character)
        if is_mark:
            marks += trailing_marks
            if marks > MOST_MARKS:
                continue
        elif not _IS_INVISIBLE.match(character):
            # Marks on both sides of an invisible character are one run: the character may be removed later.
            marks = trailing_marks
        kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=2048)
def _marks_of(character: str) -> tuple[int, bool]:
    """How many marks a character ends with when it is decomposed, and whether it is nothing else."""
    decomposed = unicodedata.normalize("NFKD", character)  # noqa: TID251 — of one character
    count = 0
    while count < len(decomposed) and unicodedata.combining(decomposed[-1 - count]):
        count += 1
    return count, count == len(decomposed)
