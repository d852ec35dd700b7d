"""The checks of a brief before its release."""

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
    """Flag what an approver should look at: figures and facts, then small numbers, then personal details."""
    sentences = tuple(brief_sentences(brief))
    return distinct_flags(
        (
            *consistency_flags(sentences, facts),
            *organisations_left_out(sentences, facts),
            *small_number_flags(sentences, facts),
            *personal_detail_flags(sentences, facts),
        )
    )


def brief_sentences(brief: Brief) -> Iterator[Sentence]:
    """Every sentence of a brief in reading order, and the words in the addresses of its links."""
    yield Sentence("title", "Title", brief.title)
    for section in brief.sections:
        for text in _texts(section):
            yield from split_sentences(section.name, section.heading, text)
        for link in section.links:
            yield from split_sentences(section.name, section.heading, _words_of(link.address), "label")


def _texts(section: BriefSection) -> Iterable[str]:
    # A chart has no typed text: its figures are counted over all returns.
    return (text for text in section.texts if section.chart is None)


def _words_of(address: str) -> str:
    """The words of an address after its host, which is an organisation’s name."""
    parts = urlsplit(address)
    rest = unquote(f"{parts.path} {parts.query} {parts.fragment}")
    return " ".join(re.split(r"[/_.?=&+\s-]+", rest)).strip()
