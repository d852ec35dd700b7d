"""Numbers so small that they may tell who a child is (STORIES 4.9, J2): pointed out, never taken away."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from surveyapp.foundation.counting import counted
from surveyapp.foundation.wording import listed
from surveyapp.reporting.brief import Brief, BriefFacts, Child, Organisation
from surveyapp.reporting.brief_numbers import NUMBER, in_words, number_in
from surveyapp.reporting.checks import Flag, Sentence, sentences

_CHILDREN = (
    r"(?:child(?:ren)?|boys?|girls?|bab(?:y|ies)|infants?|toddlers?|teenagers?|siblings?|brothers?|sisters?"
    r"|young people|young person)"
)
_KINDS_OF = (
    r"(?:(?:young|younger|older|youngest|oldest|eldest|little|pre-?school|school-?age|unborn|disabled|female|male"
    r"|teenage|other|different|single)\s+){0,2}"
)
_COUNT = re.compile(
    rf"(?P<number>{NUMBER})\s+(?:of\s+(?:the|these|those|our)\s+)?(?:{NUMBER}\s+)?{_KINDS_OF}{_CHILDREN}\b"
    rf"|(?P<part>{NUMBER})\s+of\s+(?:them|these|those|whom)\b"
    rf"|(?P<part_2>{NUMBER})\s+cases?\b"
    # “Five are girls”, “3 have a child in need plan”.
    rf"|(?P<part_3>{NUMBER})\s+(?:is|are|was|were)\s+(?:an?\s+)?(?:boys?|girls?)\b"
    rf"|(?P<part_4>{NUMBER})\s+(?:has|have|had)\s+(?:an?\s+)?(?:[\w-]+\s+){{0,4}}plans?\b",
    re.IGNORECASE,
)
# In the block about the children a number alone is one of children: “three have a child in need plan”.
_COUNT_ALONE = re.compile(rf"(?P<number>{NUMBER})\s+(?:is|are|has|have|was|were)\b", re.IGNORECASE)
_BUT = re.compile(rf"\ball\s+(?:but|except)\s+(?P<number>{NUMBER})\b", re.IGNORECASE)
_WITHOUT_A_NUMBER = re.compile(
    rf"\b(?:the only|a single|just the one)\s+{_KINDS_OF}{_CHILDREN}\b"
    rf"|\bboth\s+(?:of\s+)?(?:the\s+)?{_KINDS_OF}{_CHILDREN}\b|\btwins\b|\btriplets\b",
    re.IGNORECASE,
)


def small_numbers(brief: Brief, facts: BriefFacts) -> Iterator[Flag]:
    """Every number, or combination of facts, behind which fewer children stand than the threshold."""
    for sentence in sentences(brief):
        yield from _counts_of_children(sentence, facts)
        yield from _agency_cells(sentence, facts)
        yield from _combinations(sentence, facts)
    yield from _rare(brief, facts)


def _counts_of_children(sentence: Sentence, facts: BriefFacts) -> Iterator[Flag]:
    """Counts of children under the threshold, and counts that leave so few."""
    total = len(facts.children)
    patterns = [_COUNT, _BUT] + ([_COUNT_ALONE] if sentence.block == "children" else [])
    seen: set[int] = set()
    for pattern in patterns:
        for found in pattern.finditer(sentence.text):
            number = number_in(next(filter(None, found.groupdict().values())))
            if found.start() in seen:
                continue
            seen.add(found.start())
            if 0 < number < facts.threshold and number != total:
                says = f"{counted(number, 'child', 'children')}: under {facts.threshold}."
                yield sentence.flag("small_number", found[0], says)
            elif 0 < total - number < facts.threshold:
                left = counted(total - number, "child", "children")
                says = f"That leaves {left} of {in_words(total)}, a number under {facts.threshold}."
                yield sentence.flag("small_number", found[0], says)
    for found in _WITHOUT_A_NUMBER.finditer(sentence.text):
        yield sentence.flag(
            "small_number", found[0], f"It speaks of so few children that they are under {facts.threshold}."
        )


_CELL = re.compile(
    rf"(?P<count>{NUMBER})\s*(?:/|\s(?:out\s+)?of(?:\s+(?:the|its|their))?\s)\s*(?P<of>{NUMBER})"
    rf"|(?P<alone>{NUMBER})\s+(?:returns?|answers?|files?|records?)\b",
    re.IGNORECASE,
)


def _agency_cells(sentence: Sentence, facts: BriefFacts) -> Iterator[Flag]:
    """Figures of one agency under the threshold, or that leave so few (STORIES 4.9)."""
    named = [each for each in facts.organisations if each.name.casefold() in sentence.text.casefold()]
    # The list of all that audited holds no figure of one.
    if not named or sentence.block == "organisations":
        return
    for found in _CELL.finditer(sentence.text):
        numbers = [number_in(each) for each in (found["count"], found["of"], found["alone"]) if each]
        left = numbers[1] - numbers[0] if found["of"] else 0
        if any(0 < each < facts.threshold for each in (*numbers, left)):
            who = listed([each.name for each in named])
            says = f"A figure of {who} alone, under {facts.threshold}."
            yield sentence.flag("small_number", found[0], says)


_GENDERS = {"female": r"\bgirls?\b|\bsisters?\b|\bdaughters?\b", "male": r"\bboys?\b|\bbrothers?\b|\bsons?\b"}
_AGE = re.compile(
    rf"(?P<number>{NUMBER})[ -](?P<unit>year|month)s?[ -]old"
    rf"|\baged?\s+(?P<aged>{NUMBER})\b(?!\s*(?:to|and|–|-)\s*\d)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\bsiblings?\b|\bbrothers?\b|\bsisters?\b|\btwins?\b|\beldest\b|\byoungest\b|\boldest\b", re.IGNORECASE
)
_RANGE = re.compile(rf"\b{NUMBER}(?:\s+(?:years?|months?))?\s+to\s+{NUMBER}", re.IGNORECASE)

_Fits = Callable[[Child], bool]


# These speak of all children at once.
_OF_ALL = frozenset({"title", "about", "children", "organisations", "links"})
# Without one of these a sentence is about practice, not about a child.
_OF_ONE = frozenset({"age", "gender", "place among brothers and sisters"})


def _combinations(sentence: Sentence, facts: BriefFacts) -> Iterator[Flag]:
    """Facts that together fit fewer children than the threshold, as “a 13-year-old girl” does."""
    if sentence.block in _OF_ALL or _RANGE.search(sentence.text):
        return
    kinds = dict(_said_of_a_child(sentence.text, facts))
    if len(kinds) < 2 or _OF_ONE.isdisjoint(kinds):  # noqa: PLR2004 — one fact is no combination
        return
    fitting = sum(all(fits(child) for fits in kinds.values()) for child in facts.children)
    if 0 < fitting < facts.threshold:
        fit = counted(fitting, "child", "children")
        says = f"What it says together ({listed(list(kinds))}) fits {fit} of this audit."
        yield sentence.flag("small_number", sentence.text, says)


def _said_of_a_child(text: str, facts: BriefFacts) -> Iterator[tuple[str, _Fits]]:
    age = _AGE.search(text)
    if age:
        number = number_in(age["number"] or age["aged"])
        yield "age", _of_age(number, in_months=(age["unit"] or "").lower() == "month")
    for gender, words in _GENDERS.items():
        if re.search(words, text, re.IGNORECASE):
            yield "gender", lambda child, gender=gender: child.gender == gender  # type: ignore[misc]
    for name in ("category", "plan"):
        for value in sorted({str(getattr(each, name)) for each in facts.children} - {""}):
            if re.search(rf"\b{re.escape(value)}\b", text, re.IGNORECASE):
                yield name, lambda child, name=name, value=value: getattr(child, name) == value  # type: ignore[misc]
    for need in sorted({need for each in facts.children for need in each.needs}):
        if re.search(rf"\b{re.escape(need)}\b", text, re.IGNORECASE):
            yield need, lambda child, need=need: need in child.needs  # type: ignore[misc]
    if _ANOTHER.search(text):
        yield "place among brothers and sisters", lambda _child: True


def _of_age(number: int, *, in_months: bool) -> _Fits:
    def fits(child: Child) -> bool:
        return (
            child.age_months is not None
            and (child.age_months if in_months else child.age_months // 12) == number
        )

    return fits


def _rare(brief: Brief, facts: BriefFacts) -> Iterator[Flag]:
    """Needs, and organisations printed by name, that stand for one child alone."""
    for sentence in sentences(brief):
        needs = Counter(need for each in facts.children for need in set(each.needs))
        once = sorted(need for need, count in needs.items() if count == 1 and need in sentence.text)
        if sentence.block == "children" and once and len(facts.children) > 1:
            says = "Each of one child alone: beside the rest of the page it may tell which child."
            yield sentence.flag("small_number", listed(once), says)
        if sentence.block == "organisations":
            alone = [each.name for each in facts.audited if each.returns == 1 and _is_named(each, sentence)]
            if alone and len(facts.children) > 1:
                says = "Each audited one child alone: its name may tell which child."
                yield sentence.flag("small_number", listed(alone), says)


def _is_named(organisation: Organisation, sentence: Sentence) -> bool:
    return organisation.name in sentence.text
