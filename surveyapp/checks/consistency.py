"""Checks that a text agrees with its audit: numbers of children, ages, percentages and organisations."""

import re
from collections.abc import Iterable, Iterator

from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.checks.percentages import percentage_flags, percentages_of_cases
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS
from surveyapp.foundation.words.late_pattern import LatePattern
from surveyapp.foundation.words.number_words import NOT_A_LABEL, NUMBER, parse_number
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.cases.ages import Age

_CHILDREN = r"(?:children|young people|cases|records)"
# Numbers of all the children: “the nine children”, “ten cases were audited”, “two of the ten”.
_ALL_OF_THEM = LatePattern(
    rf"\b(?:the|all|these|those|records of)\s+(?P<the>{NUMBER})\s+(?P<noun>{_CHILDREN})\b"
    rf"|(?P<audited>{NUMBER})\s+(?P<noun_2>{_CHILDREN})\s+(?:(?:was|were|are|have been)\s+)?"
    r"(?:audited|reviewed|chosen|selected|included|in (?:this|the) audit)"
    rf"|\bof\s+(?:the|these|those)\s+(?P<of>{NUMBER})\b"
    # “Eleven of the fourteen chairs” does not count children.
    r"(?!\s+(?:returns|requests|agenc|organis|answers|chairs|meetings|conferences|visits|files|sets|minutes"
    r"|workers|practitioners|professionals|staff|schools|groups|months|weeks|days|years|questions))",
)
_COUNTED = LatePattern(rf"{NOT_A_LABEL}(?P<number>{NUMBER})\s+(?P<noun>{_CHILDREN}|of\s+them)\b")
_SMALL_PART = 5


def consistency_flags(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Flag everything in a text that disagrees with its audit."""
    for sentence in texts:
        if sentence.kind not in {"prose", "plan"}:
            continue
        yield from _numbers_of_children(sentence, facts)
        yield from _ages(sentence, facts)
        yield from percentage_flags(sentence)
        if sentence.kind == "prose":
            yield from percentages_of_cases(sentence)
            yield from _organisations(sentence, facts)


def _numbers_of_children(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag numbers of children that are not the audit's (stories IL7, oddity 22)."""
    children = len(facts.children)
    if not children:
        return
    right, flagged = {children, facts.cases}, set()
    for match in _ALL_OF_THEM.finditer(sentence.text):
        words = match["the"] or match["audited"] or match["of"]
        number = parse_number(words)
        # A small number is a part of the children, which the check of small numbers looks at.
        if number not in right and not (number <= _SMALL_PART and number < children):
            flagged.add(number)
            yield sentence.flag("consistency", match[0], _differs(words, children))
    for match in _COUNTED.finditer(sentence.text):
        number = parse_number(match["number"])
        if number > max(right) and number not in flagged:
            yield sentence.flag("consistency", match[0], _too_many(match, facts))


def _differs(number: str, children: int) -> str:
    return f"It says {number}, and {counted(children, 'child was', 'children were')} audited."


def _too_many(match: re.Match[str], facts: AuditFacts) -> str:
    cases = counted(facts.cases, "case")
    if match["noun"].lower() == "cases" and facts.returns >= parse_number(match["number"]):
        return f"This audit has {cases}: if the figure counts returns, write returns."
    return f"This audit has {cases}, and it says {match['number']}. Is it of another place or time?"


_UNIT = r"(?:[ -](?P<{}>years?|months?|weeks?))?"
_AGE = LatePattern(
    r"(?:\bage[ds]?\s+(?:of\s+|between\s+|from\s+)?|\bbetween\s+)?"
    rf"(?P<first>{NUMBER}){_UNIT.format('unit_1')}"
    rf"(?:,?\s*(?:to|and|or|–|-)\s*(?P<second>{NUMBER}))?{_UNIT.format('unit_2')}"
    r"(?P<old>[ -](?:olds?|of age)\b)?",
)
_AGED = re.compile(r"age[ds]?\b", re.IGNORECASE)
_MONTHS_IN_A_YEAR = 12


def _ages(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag ages outside the range of the sample (stories IL7, oddity 4)."""
    ages = [child.age_months for child in facts.children if child.age_months is not None]
    if not ages:
        return
    youngest = 0 if any(child.unborn for child in facts.children) else min(ages)
    for match in _AGE.finditer(sentence.text):
        if not (_AGED.match(match[0]) or match["old"]):
            continue
        last_unit = match["unit_2"] or match["unit_1"] or "years"
        limits = [(match["first"], match["unit_1"] or last_unit)]
        limits += [(match["second"], last_unit)] if match["second"] else []
        if any(not _is_in(parse_number(number), unit, youngest, max(ages)) for number, unit in limits):
            range_of_ages = f"{Age(youngest) if youngest else 'birth'} to {Age(max(ages))}"
            says = f"No child of this audit has that age: they are from {range_of_ages} old."
            yield sentence.flag("consistency", match[0].strip(), says)


def _is_in(number: int, unit: str, youngest: int, oldest: int) -> bool:
    """Whether an age in years, months or weeks is between these ages in months."""
    if unit.lower().startswith("year"):
        return youngest // _MONTHS_IN_A_YEAR <= number <= oldest // _MONTHS_IN_A_YEAR
    months = number if unit.lower().startswith("month") else number * 7 // 30
    return youngest <= months <= oldest


def _is_mentioned(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _organisations(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag organisations that are named but returned no answers (stories C7, IL7)."""
    for organisation in facts.organisations_without_returns:
        if _is_mentioned(organisation.name, sentence.text):
            says = f"{organisation.name} was asked and has returned no answers."
            yield sentence.flag("consistency", organisation.name, says)


def organisations_left_out(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Flag organisations that returned answers but are not in a brief's list."""
    listed = " ".join(sentence.text for sentence in texts if sentence.block == "organisations")
    for organisation in facts.audited:
        name = UNNAMED_KINDS.get(organisation.kind, organisation.name)
        if not _is_mentioned(name, listed):
            says = f"{organisation.name} returned answers and is not listed among the organisations."
            yield Flag("consistency", "organisations", "Organisations that audited", name, says, "")
