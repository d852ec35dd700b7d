"""Flags numbers so small that they may identify a child (stories 4.9, J2)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveyapp.checks.agency_figures import agency_figure_flags
from surveyapp.checks.audit_facts import AuditFacts, Organisation
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.checks.identifying_combinations import identifying_combinations
from surveyapp.checks.small_number_patterns import (
    ALL_BUT,
    COUNT,
    COUNT_ALONE,
    DENOMINATORS,
    FEW_WITHOUT_A_NUMBER,
    FRACTION,
    SHARE,
)
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.number_words import number_in_words, parse_amount, parse_number
from surveyapp.foundation.words.shares import counted


def small_number_flags(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Flag every number, and every combination of facts, that covers fewer children than the threshold."""
    for sentence in texts:
        if sentence.kind == "label":
            continue
        yield from _counts_of_children(sentence, facts)
        if sentence.kind == "prose":
            # “Northside Police audits two files a month” in a plan is a target, not a figure.
            yield from agency_figure_flags(sentence, facts)
        yield from identifying_combinations(sentence, facts)
        yield from _single_child_facts(sentence, facts)


@dataclass(frozen=True)
class _ChildCount:
    """A number of children and the words that give it; `is_estimate` if it was worked out and rounded."""

    wording: str
    number: int
    is_estimate: bool = False


def _counts_of_children(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag counts of children under the threshold, and counts that leave so few."""
    total = len(facts.children)
    for count in _child_counts(sentence, facts):
        children = ("family", "families") if "famil" in count.wording.lower() else ("child", "children")
        prefix = "About " if count.is_estimate else ""
        if 0 < count.number < facts.threshold and count.number != total:
            says = f"{prefix}{counted(count.number, *children)}: under {facts.threshold}."
            yield sentence.flag("small_number", count.wording, says)
        elif 0 < total - count.number < facts.threshold:
            remainder = counted(total - count.number, "child", "children")
            says = f"That leaves {remainder} of {number_in_words(total)}, a number under {facts.threshold}."
            yield sentence.flag("small_number", count.wording, says)
    for match in FEW_WITHOUT_A_NUMBER.finditer(sentence.text):
        yield sentence.flag(
            "small_number", match[0], f"It speaks of so few children that they are under {facts.threshold}."
        )


def _child_counts(sentence: Sentence, facts: AuditFacts) -> Iterator[_ChildCount]:
    """The numbers of children in a sentence; words that an earlier pattern matched are not read again."""
    counted_characters = bytearray(len(sentence.text))
    patterns = [ALL_BUT, SHARE, FRACTION, COUNT] + ([COUNT_ALONE] if sentence.block == "children" else [])
    for pattern in patterns:
        for match in pattern.finditer(sentence.text):
            if any(counted_characters[match.start() : match.end()]):
                continue
            counted_characters[match.start() : match.end()] = b"x" * len(match[0])
            count = _parsed_count(match, facts)
            if count is not None:
                yield count


def _parsed_count(match: re.Match[str], facts: AuditFacts) -> _ChildCount | None:
    """The number of children that a match gives; None for a share of other children than the audit's."""
    if match.re not in {SHARE.compiled, FRACTION.compiled}:
        return _ChildCount(match[0], parse_amount(next(filter(None, match.groupdict().values()))))
    if match["elsewhere"]:
        return None
    total = len(facts.children)
    if match.re == SHARE.compiled:
        count, whole = _figure(match["count"]), _figure(match["of"])
    else:
        how_many = (match["how_many"] or "one").lower()
        count = 1 if how_many in {"a", "an"} else parse_number(how_many)
        part = (match["part"] or "half").lower()
        whole = next(denominator for word, denominator in DENOMINATORS.items() if part.startswith(word))
    if match.re == SHARE.compiled and not (count <= whole < min(total, facts.cases)):
        return _ChildCount(match[0], count)
    if not total:
        return None
    # Half up, as every share is rounded here.
    return _ChildCount(
        match[0], (2 * count * total + whole) // (2 * whole), is_estimate=count * total % whole != 0
    )


def _figure(words: str) -> int:
    return int(words) if words.isdecimal() else parse_number(words)


def _single_child_facts(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag needs of one child alone, and named organisations that audited one child alone."""
    if len(facts.children) <= 1:
        return
    if sentence.block == "children":
        needs = Counter(need for child in facts.children for need in set(child.needs))
        once = sorted(need for need, count in needs.items() if count == 1 and need in sentence.text)
        if once:
            says = "Each of one child alone: beside the rest of the page it may tell which child."
            yield sentence.flag("small_number", list_in_words(once), says)
    if sentence.block == "organisations":
        alone = [
            organisation.name
            for organisation in facts.audited
            if organisation.returns == 1 and _is_named(organisation, sentence)
        ]
        if alone:
            says = "Each audited one child alone: its name may tell which child."
            yield sentence.flag("small_number", list_in_words(alone), says)


def _is_named(organisation: Organisation, sentence: Sentence) -> bool:
    return name_key(organisation.name) in name_key(sentence.text)
