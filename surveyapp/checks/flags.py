"""The sentences of a brief or a report that are checked before release, and the flags that checks raise."""

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
# Prose is checked for everything. A plan sets targets, whose percentages have no count yet. The owner of an
# action may be named. A label is checked for personal details alone.
TextKind = Literal["prose", "plan", "owner", "label"]
# “Mr.” or “d.o.b.” does not end a sentence, or the name or date after it would be a sentence of its own.
_SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bProf\.)(?<!\b[Bb]\.)\s+"
)


@dataclass(frozen=True)
class Flag:
    """Words that an approver should look at: where they are and why.

    `context` is the sentence that holds the words: editing it makes a new flag, which needs a new
    answer. `section` is the key of its section in a report, for the link to where its words are changed.
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
        """Identifies a flag by its block, its sentence and its words; case and spacing make no difference."""
        parts = (self.check, self.block, self.wording, self.says, self.context)
        return "\n".join(" ".join(part.casefold().split()) for part in parts)


@dataclass(frozen=True)
class Sentence:
    """A sentence, point or table cell of a text to be released: where it is, and its kind of text."""

    block: str
    heading: str
    text: str
    kind: TextKind = "prose"
    section: str = ""

    def flag(self, check: Check, wording: str, says: str) -> Flag:
        """Make a flag about words of this sentence."""
        return Flag(check, self.block, self.heading, wording, says, self.text, self.section)


def split_sentences(
    block: str, heading: str, text: str, kind: TextKind = "prose", *, section: str = ""
) -> Iterator[Sentence]:
    """Split a text into its sentences, without the marks for bold."""
    for sentence in _SENTENCE_END.split(text.replace("**", "")):
        if sentence.strip():
            yield Sentence(block, heading, sentence.strip(), kind, section)


def distinct_flags(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Drop repeated flags; figures and facts come first, then small numbers, then personal details."""
    order = list(CHECKS)
    # Equal flags are dropped before their keys are built: a key is as long as its sentence.
    by_key = {flag.key: flag for flag in dict.fromkeys(flags)}
    return tuple(sorted(by_key.values(), key=lambda flag: order.index(flag.check)))
