"""What a brief is looked through for before it leaves, sentence by sentence, and what is found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from surveyapp.answering.personal_details import found_in
from surveyapp.answering.pointing_out import LOOKS_LIKE
from surveyapp.reporting.brief import Brief, BriefFacts, Section

Check = Literal["consistency", "small_number", "personal_detail"]
CHECKS: dict[Check, str] = {
    "consistency": "Figures and facts",
    "small_number": "Small numbers",
    "personal_detail": "Personal details",
}
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True)
class Flag:
    """One thing to look at: the words it is about, where they stand, and what is the matter with them.

    `context` is the sentence that holds the words: edited, it is another flag and is answered anew.
    """

    check: Check
    block: str
    heading: str
    wording: str
    says: str
    context: str

    @property
    def key(self) -> str:
        """The same for the same words in the same sentence of the same block, whatever stands around it."""
        words = (self.check, self.block, self.wording, self.says, self.context)
        return "\n".join(" ".join(each.casefold().split()) for each in words)


@dataclass(frozen=True)
class Sentence:
    """One sentence or point of a brief, and where it stands."""

    block: str
    heading: str
    text: str

    def flag(self, check: Check, wording: str, says: str) -> Flag:
        """A flag about words of this sentence."""
        return Flag(check, self.block, self.heading, wording, says, self.text)


def sentences(brief: Brief) -> Iterator[Sentence]:
    """Every sentence that people read in a brief, in reading order; marks for bold are left out."""
    yield Sentence("title", "Title", brief.title)
    for section in brief.sections:
        for text in _texts(section):
            for each in _SENTENCE_END.split(text.replace("**", "")):
                if each.strip():
                    yield Sentence(section.name, section.heading, each.strip())


def _texts(section: Section) -> Iterable[str]:
    # The bars of a chart are counted by the program, out of all returns.
    return (text for text in section.texts if section.chart is None)


def personal_details(brief: Brief, facts: BriefFacts) -> Iterator[Flag]:
    """Whatever looks like a name, a date of birth, an NHS number, or a way to reach somebody."""
    ours = " ".join([facts.partnership, facts.theme, *(each.name for each in facts.organisations)])
    for sentence in sentences(brief):
        for detail in found_in(sentence.text):
            # Sirona is no person, where an organisation of the audit has that name.
            if detail.wording not in ours:
                says = f"“{detail.wording}” looks like {LOOKS_LIKE[detail.kind]}"
                yield sentence.flag(
                    "personal_detail", detail.wording, f"{says}. No child is named in a brief."
                )
