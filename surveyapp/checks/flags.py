"""What a brief or a report is looked through for before it leaves, and what is found, by sentence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Check = Literal["consistency", "small_number", "personal_detail"]
CHECKS: dict[Check, str] = {
    "consistency": "Figures and facts",
    "small_number": "Small numbers",
    "personal_detail": "Personal details",
}
# Prose is looked through for everything. A plan says what is to be reached, so that its per cents have no
# count yet. An owner answers for something by name. Of a label only people’s details are asked.
TextKind = Literal["prose", "plan", "owner", "label"]
# A title or “d.o.b.” ends no sentence: the name or the day after it would stand alone.
_SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bProf\.)(?<!\b[Bb]\.)\s+"
)


@dataclass(frozen=True)
class Flag:
    """One thing to look at: the words it is about, where they stand, and what is the matter with them.

    `context` is the sentence that holds the words: edited, it is another flag and is answered anew. `section`
    names the section of a report that it is in, for the page on which its words are changed.
    """

    check: Check
    block: str
    heading: str
    wording: str
    says: str
    context: str
    section: str = ""

    @property
    def key(self) -> str:
        """The same for the same words in the same sentence of the same block, whatever stands around it."""
        words = (self.check, self.block, self.wording, self.says, self.context)
        return "\n".join(" ".join(each.casefold().split()) for each in words)


@dataclass(frozen=True)
class Sentence:
    """One sentence, point or cell of what leaves, where it stands, and which kind of words it is."""

    block: str
    heading: str
    text: str
    kind: TextKind = "prose"
    section: str = ""

    def flag(self, check: Check, wording: str, says: str) -> Flag:
        """A flag about words of this sentence."""
        return Flag(check, self.block, self.heading, wording, says, self.text, self.section)


def split_sentences(
    block: str, heading: str, text: str, kind: TextKind = "prose", *, section: str = ""
) -> Iterator[Sentence]:
    """The sentences of one text; marks for bold are left out."""
    for each in _SENTENCE_END.split(text.replace("**", "")):
        if each.strip():
            yield Sentence(block, heading, each.strip(), kind, section)


def distinct_flags(found: Iterable[Flag]) -> tuple[Flag, ...]:
    """Each thing once: figures and facts first, then numbers, then details."""
    order = list(CHECKS)
    # The same words often stand in one sentence more than once, and a key is as long as its sentence.
    once = {each.key: each for each in dict.fromkeys(found)}
    return tuple(sorted(once.values(), key=lambda each: order.index(each.check)))
