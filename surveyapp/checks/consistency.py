"""Whether a brief agrees with its audit: numbers of children, ages, per cents, cases and organisations."""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS
from surveyapp.foundation.words.number_words import NOT_A_LABEL, NUMBER, parse_number
from surveyapp.foundation.words.shares import Share, counted
from surveyapp.planning.cases.ages import Age

_CHILDREN = r"(?:children|young people|cases|records)"
# What counts all of them: “the nine children”, “ten cases were audited”, “two of the ten”.
_ALL_OF_THEM = re.compile(
    rf"\b(?:the|all|these|those|records of)\s+(?P<the>{NUMBER})\s+(?P<noun>{_CHILDREN})\b"
    rf"|(?P<audited>{NUMBER})\s+(?P<noun_2>{_CHILDREN})\s+(?:(?:was|were|are|have been)\s+)?"
    r"(?:audited|reviewed|chosen|selected|included|in (?:this|the) audit)"
    rf"|\bof\s+(?:the|these|those)\s+(?P<of>{NUMBER})\b"
    # “Eleven of the fourteen chairs” are no children.
    r"(?!\s+(?:returns|requests|agenc|organis|answers|chairs|meetings|conferences|visits|files|sets|minutes"
    r"|workers|practitioners|professionals|staff|schools|groups|months|weeks|days|years|questions))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"{NOT_A_LABEL}(?P<number>{NUMBER})\s+(?P<noun>{_CHILDREN}|of\s+them)\b", re.IGNORECASE
)
_SMALL_PART = 5


def consistency_flags(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Everything that a text says otherwise than its audit."""
    for sentence in texts:
        if sentence.kind not in {"prose", "plan"}:
            continue
        yield from _numbers_of_children(sentence, facts)
        yield from _ages(sentence, facts)
        yield from _per_cents(sentence)
        if sentence.kind == "prose":
            yield from _cases_that_are_returns(sentence)
            yield from _organisations(sentence, facts)


def _numbers_of_children(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Number words that differ from the audit's own (stories IL7, oddity 22)."""
    children = len(facts.children)
    if not children:
        return
    right, seen = {children, facts.cases}, set()
    for found in _ALL_OF_THEM.finditer(sentence.text):
        said = found["the"] or found["audited"] or found["of"]
        number = parse_number(said)
        # A few of them are a part, which the check of small numbers looks at.
        if number not in right and not (number <= _SMALL_PART and number < children):
            seen.add(number)
            yield sentence.flag("consistency", found[0], _differs(said, children))
    for found in _COUNTED.finditer(sentence.text):
        number = parse_number(found["number"])
        if number > max(right) and number not in seen:
            yield sentence.flag("consistency", found[0], _too_many(found, facts))


def _differs(said: str, children: int) -> str:
    return f"It says {said}, and {counted(children, 'child was', 'children were')} audited."


def _too_many(found: re.Match[str], facts: AuditFacts) -> str:
    cases = counted(facts.cases, "case")
    if found["noun"].lower() == "cases" and facts.returns >= parse_number(found["number"]):
        return f"This audit has {cases}: if the figure counts returns, write returns."
    return f"This audit has {cases}, and it says {found['number']}. Is it of another place or time?"


_UNIT = r"(?:[ -](?P<{}>years?|months?|weeks?))?"
_AGE = re.compile(
    r"(?:\bage[ds]?\s+(?:of\s+|between\s+|from\s+)?|\bbetween\s+)?"
    rf"(?P<first>{NUMBER}){_UNIT.format('unit_1')}"
    rf"(?:,?\s*(?:to|and|or|–|-)\s*(?P<second>{NUMBER}))?{_UNIT.format('unit_2')}"
    r"(?P<old>[ -](?:olds?|of age)\b)?",
    re.IGNORECASE,
)
_AGED = re.compile(r"age[ds]?\b", re.IGNORECASE)
_MONTHS_IN_A_YEAR = 12


def _ages(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Ages that no child of the sample has (stories IL7, oddity 4)."""
    known = [each.age_months for each in facts.children if each.age_months is not None]
    if not known:
        return
    youngest = 0 if any(each.unborn for each in facts.children) else min(known)
    for found in _AGE.finditer(sentence.text):
        if not (_AGED.match(found[0]) or found["old"]):
            continue
        unit = found["unit_2"] or found["unit_1"] or "years"
        said = [(found["first"], found["unit_1"] or unit)]
        said += [(found["second"], unit)] if found["second"] else []
        if any(not _is_in(parse_number(number), each, youngest, max(known)) for number, each in said):
            until = f"{Age(youngest) if youngest else 'birth'} to {Age(max(known))}"
            says = f"No child of this audit has that age: they are from {until} old."
            yield sentence.flag("consistency", found[0].strip(), says)


def _is_in(number: int, unit: str, youngest: int, oldest: int) -> bool:
    if unit.lower().startswith("year"):
        return youngest // _MONTHS_IN_A_YEAR <= number <= oldest // _MONTHS_IN_A_YEAR
    months = number if unit.lower().startswith("month") else number * 7 // 30
    return youngest <= months <= oldest


_PER_CENT = re.compile(r"(?<![\d.,])(?P<per_cent>\d{1,3}(?:\.\d{1,2})?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_SHARE = re.compile(
    rf"(?P<count>{NUMBER}|(?<![\d.,])\d{{1,6}})\s*(?:/|\s(?:out\s+)?of(?:\s+the)?\s|\sin\s)\s*"
    rf"(?P<of>{NUMBER}|\d{{1,6}}(?![\d%]|[.,]\d))",
    re.IGNORECASE,
)


# A mean of several places is out of no one number.
_AVERAGE = re.compile(r"\b(?:mean|average|median)\s+(?:of|is|was)\s+$", re.IGNORECASE)


def _per_cents(sentence: Sentence) -> Iterator[Flag]:
    """Per cents that are not their count out of their number, or stand without one (stories IL3).

    In a plan one may stand alone: “90% of visits by June” is what is to be reached.
    """
    shares = [
        Share(parse_number(each["count"]), parse_number(each["of"]))
        for each in _SHARE.finditer(sentence.text)
    ]
    for found in _PER_CENT.finditer(sentence.text):
        said = Decimal(found["per_cent"])
        if not shares and (sentence.kind == "plan" or _AVERAGE.search(sentence.text[: found.start()])):
            continue
        if not shares:
            says = "A per cent says what it is out of: write it like 58 of 70 returns (82.9%)."
            yield sentence.flag("consistency", found[0], says)
        elif not any(_agrees(said, share) for share in shares):
            share = shares[0] if len(shares) == 1 else min(shares, key=lambda each: _distance(said, each))
            says = f"{share.count:,} of {share.of:,} is {share.percent}%, not {found['per_cent']}%."
            if share.percent is None or share.count > share.of:
                says = f"{share.count:,} cannot be out of {share.of:,}."
            yield sentence.flag("consistency", found[0], says)


def _agrees(said: Decimal, share: Share) -> bool:
    exact = share.percent
    if exact is None or share.count > share.of:
        return False
    whole = (Decimal(100) * share.count / share.of).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return said in {exact, whole}


def _distance(said: Decimal, share: Share) -> Decimal:
    return abs(said - share.percent) if share.percent is not None else Decimal(1000)


_PER_CENT_OF_CASES = re.compile(
    r"\d(?:\s?%|\s+per\s?cent)\s+of\s+(?:the\s+|all\s+)?(?:cases|children)\b"
    r"|\bof\s+\d{1,6}\s+(?:cases|children)\s+\(\d{1,3}(?:\.\d)?\s?%\)",
    re.IGNORECASE,
)


def _cases_that_are_returns(sentence: Sentence) -> Iterator[Flag]:
    """“Cases” where the figure counts returns (stories F5, oddity 6): every per cent here is of returns."""
    for found in _PER_CENT_OF_CASES.finditer(sentence.text):
        says = "The figures of an audit are shares of returns, not of cases or children: write returns."
        yield sentence.flag("consistency", found[0], says)


def _is_mentioned(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _organisations(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Organisations that are named and have returned nothing (stories C7, IL7)."""
    for each in facts.organisations_without_returns:
        if _is_mentioned(each.name, sentence.text):
            says = f"{each.name} was asked and has returned no answers."
            yield sentence.flag("consistency", each.name, says)


def organisations_left_out(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Organisations that returned answers and are not listed in a brief."""
    listed = " ".join(each.text for each in texts if each.block == "organisations")
    for each in facts.audited:
        name = UNNAMED_KINDS.get(each.kind, each.name)
        if not _is_mentioned(name, listed):
            says = f"{each.name} returned answers and is not listed among the organisations."
            yield Flag("consistency", "organisations", "Organisations that audited", name, says, "")
