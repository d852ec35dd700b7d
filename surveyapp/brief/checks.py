"""Everything that a brief is checked for before it leaves."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from surveyapp.brief.brief import Brief, BriefSection
from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.consistency import consistency_flags, organisations_left_out
from surveyapp.checks.flags import Flag, Sentence, distinct_flags, split_sentences
from surveyapp.checks.personal_details import personal_detail_flags
from surveyapp.checks.small_numbers import small_number_flags


def brief_flags(brief: Brief, facts: AuditFacts) -> tuple[Flag, ...]:
    """What there is to look at, each thing once: figures and facts first, then numbers, then details."""
    texts = tuple(brief_sentences(brief))
    return distinct_flags(
        (
            *consistency_flags(texts, facts),
            *organisations_left_out(texts, facts),
            *small_number_flags(texts, facts),
            *personal_detail_flags(texts, facts),
        )
    )


def brief_sentences(brief: Brief) -> Iterator[Sentence]:
    """Every sentence that people read in a brief, in reading order, and the words of its addresses."""
    yield Sentence("title", "Title", brief.title)
    for section in brief.sections:
        for text in _texts(section):
            yield from split_sentences(section.name, section.heading, text)
        for link in section.links:
            yield from split_sentences(section.name, section.heading, _words_of(link.address), "label")


def _texts(section: BriefSection) -> Iterable[str]:
    # The bars of a chart are counted by the program, out of all returns.
    return (text for text in section.texts if section.chart is None)


def _words_of(address: str) -> str:
    """What an address says behind its site, as words: its site is an organisation’s."""
    parts = urlsplit(address)
    behind = unquote(f"{parts.path} {parts.query} {parts.fragment}")
    return " ".join(re.split(r"[/_.?=&+\s-]+", behind)).strip()
