"""Numbers so small that they may tell who a child is (stories 4.9, J2): pointed out, never taken away."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveyapp.checks.audit_facts import AuditFacts, Organisation
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.checks.identifying_combinations import identifying_combinations
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.number_words import (
    AMOUNT,
    NOT_A_LABEL,
    NUMBER,
    number_in_words,
    parse_amount,
    parse_number,
)
from surveyapp.foundation.words.shares import counted

# A children’s home, a child protection conference and a family court are no children.
_NO_PEOPLE = (
    r"(?!['’]?s?['’]?\s+(?:services?|homes?|centres?|hospitals?|hubs?|schools?|clinics?|wards?|teams?|workers?"
    r"|social|guardians?|boards?|panels?|courts?|groups?|members?|mental|nurses?|doctors?|therap\w*|psych\w*"
    r"|referral|premium|support|intervention|practitioners?|partnerships?|safeguarding|development|approach"
    r"|protection\s+(?:conference|review|team|chair|meeting|process|procedure|medical)s?)\b)"
)
_SEVERAL = (
    r"(?:(?:school)?children|(?:school)?boys|(?:school)?girls|babies|infants|toddlers|newborns|teenagers|teens"
    r"|adolescents|minors|youths|youngsters|kids|pupils|students|siblings|brothers|sisters|sons|daughters"
    r"|young\s+(?:wo)?men|young\s+carers"
    r"|young people|families|[\w-]+[\s-]year[\s-]olds)"
)
_ONE = (
    r"(?:(?:school)?child|(?:school)?boy|(?:school)?girl|baby|infant|toddler|newborn|teenager|adolescent"
    r"|youngster|kid|pupil|student|sibling|brother|sister|son|daughter|young\s+(?:person|carer|(?:wo)?man)|family)"
)
_CHILDREN = rf"(?:{_SEVERAL}|{_ONE})\b{_NO_PEOPLE}"
# Also “unaccompanied”, “missing” or “primary-aged” children.
_KINDS_OF = (
    r"(?:(?:young|younger|older|youngest|oldest|eldest|little|pre-?school|primary|secondary|school-?age|unborn"
    r"|female|male|teenage|pregnant|other|different|single|looked[- ]after|vulnerable|black|white|asian|roma"
    r"|new|small"
    r"|(?!(?:meet|hear|train|sett|build|brief)ing\b)[\w-]{3,20}(?:ed|ing|ish|ese|ian|ic))\s+){0,2}"
)
_OF = r"(?:(?:out\s+)?of\s+(?:(?:the|these|those|our|their|all)\s+){0,2})"
_CASES = (
    r"cases?\b(?!\s+(?:conference|holder|stud|file|note|audit|manage|meeting|discussion|review|worker|record"
    r"|law|summar|example|map))"
)
# What numbers of children do, and what happens to children and to nothing else.
_DID = r"(?:is|are|was|were|has|have|had|did|do|does|went|live[sd]?|came|moved|waited|missed|ran|said|told)\b"
_HAPPENED = (
    r"(?:seen|(?:found|left)\s+(?:alone|at)|hurt|hit|harmed|injured|abused|assaulted|pregnant|born|adopted|excluded"
    r"|in\s+care|looked\s+after|removed|missing\s+from|killed)\b"
)
_COUNT = re.compile(
    rf"{NOT_A_LABEL}(?:(?P<number>{AMOUNT})\s+{_OF}?(?:{NUMBER}\s+)?{_KINDS_OF}{_CHILDREN}"
    rf"|(?P<part>{AMOUNT})\s+of\s+(?:them|these|those|whom)\b"
    rf"|(?P<part_2>{AMOUNT})\s+(?:{_OF}(?:{NUMBER}\s+)?)?{_CASES}"
    # “Five are girls”, “two were sisters”, “3 have a child in need plan”.
    rf"|(?P<part_3>{NUMBER})\s+(?:is|are|was|were)\s+(?:an?\s+|the\s+)?{_KINDS_OF}{_CHILDREN}"
    rf"|(?P<part_4>{NUMBER})\s+(?:has|have|had)\s+(?:an?\s+)?(?:[\w-]+\s+){{0,4}}plans?\b"
    # “Of whom two went missing”, “only 2 were seen”.
    rf"|\bof\s+whom,?\s+(?P<part_5>{AMOUNT})\b"
    rf"|\b(?:only|just)\s+(?P<part_6>{AMOUNT})\s+(?:is|are|was|were|has|have|had|did)\b"
    # “Several children, 4, were missed”; “a girl, 13, was missed” is an age.
    rf"|\b{_SEVERAL}\s*[,(:–—]\s*(?P<part_7>{AMOUNT})(?=\s*(?:[,);.:–—]|$|(?:out\s+)?of\s))"
    # “Of the ten children, two had moved”, “of the ten, two had”.
    rf"|\bof\s+(?:(?:the|these|those|our|all)\s+){{0,2}}(?:(?:{NUMBER}\s+)?{_KINDS_OF}(?:{_CHILDREN}|{_CASES}),?"
    rf"|{NUMBER},)\s+(?:only\s+)?(?P<part_8>{AMOUNT})(?=\s*(?:$|[,.;:)])|\s+{_DID})"
    rf"|(?P<part_9>{AMOUNT})\s+(?:is|are|was|were|had\s+been|ha(?:s|ve)\s+been)\s+(?:not\s+)?{_HAPPENED})",
    re.IGNORECASE,
)
# In the block about the children a number alone is one of children: “three have a child in need plan”.
_COUNT_ALONE = re.compile(rf"(?P<number>{NUMBER})\s+(?:is|are|has|have|was|were)\b", re.IGNORECASE)
_BUT = re.compile(
    r"\b(?:(?:all|every(?:one|body|\s+child)|each|none|nobody)\s+(?:but|except(?:\s+for)?|bar|save|apart\s+from)"
    rf"|exception\s+of)\s+(?P<number>{AMOUNT})\b"
    r"(?!\s+(?:of\s+)?(?:the\s+)?(?:agenc|organis|meeting|visit|return|record|file|audit|answer|question|service"
    r"|worker|professional|week|month|day|year))",
    re.IGNORECASE,
)
_WITHOUT_A_NUMBER = re.compile(
    rf"\b(?:the only|a single|just the one)\s+{_KINDS_OF}{_CHILDREN}"
    rf"|\bboth\s+(?:of\s+)?(?:the\s+)?{_KINDS_OF}{_CHILDREN}|\btwins\b|\btriplets\b"
    rf"|\b(?:a\s+handful\s+of|very\s+few|hardly\s+any)\s+(?:of\s+)?(?:the\s+)?{_KINDS_OF}{_CHILDREN}",
    re.IGNORECASE,
)
# Of others than those of the audit; its own live in the area, so “in the area” excuses nothing.
_ELSEWHERE = (
    r"(?P<elsewhere>\s+(?:nationally|in\s+(?:England|Wales|Scotland|Britain|the\s+(?:UK|country)))\b)?"
)
# “2/15 children”, “1 in 15 children”.
_SHARE = re.compile(
    rf"(?P<count>{NUMBER}|(?<![\d.,/-])\d{{1,3}}(?=/))\s*(?:/|\b(?:in|per|out\s+of)\s+(?:every\s+)?)\s*"
    rf"(?P<of>{NUMBER}|(?<=/)\d{{1,3}}(?![\d/]))\s+{_OF}?{_KINDS_OF}(?:{_CHILDREN}|{_CASES}){_ELSEWHERE}",
    re.IGNORECASE,
)
_PARTS = {"hal": 2, "thir": 3, "quarter": 4, "fif": 5, "six": 6, "eigh": 8, "ten": 10}
_FRACTION = re.compile(
    r"\b(?:(?P<half>half)\s+(?:of\s+)?"
    r"|(?P<how_many>an?|one|two|three|four)[\s-](?P<part>third|quarter|fifth|sixth|eighth|tenth)s?\s+of\s+)"
    rf"(?:(?:the|these|those|our|all)\s+){{0,2}}(?:{_KINDS_OF}{_CHILDREN}|them\b|{_CASES}){_ELSEWHERE}",
    re.IGNORECASE,
)


def small_number_flags(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Every number, or combination of facts, behind which fewer children stand than the threshold."""
    for sentence in texts:
        if sentence.kind == "label":
            continue
        yield from _counts_of_children(sentence, facts)
        if sentence.kind == "prose":
            # “Northside Police audits two files a month” is a plan, no figure.
            yield from _agency_cells(sentence, facts)
        yield from identifying_combinations(sentence, facts)
        yield from _single_child_facts(sentence, facts)


@dataclass(frozen=True)
class _ChildCount:
    """A number of children that a text says, in the words that say it; `about` where it was worked out."""

    wording: str
    number: int
    about: bool = False


def _counts_of_children(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Counts of children under the threshold, and counts that leave so few."""
    total = len(facts.children)
    for said in _child_counts(sentence, facts):
        children = ("family", "families") if "famil" in said.wording.lower() else ("child", "children")
        about = "About " if said.about else ""
        if 0 < said.number < facts.threshold and said.number != total:
            says = f"{about}{counted(said.number, *children)}: under {facts.threshold}."
            yield sentence.flag("small_number", said.wording, says)
        elif 0 < total - said.number < facts.threshold:
            left = counted(total - said.number, "child", "children")
            says = f"That leaves {left} of {number_in_words(total)}, a number under {facts.threshold}."
            yield sentence.flag("small_number", said.wording, says)
    for found in _WITHOUT_A_NUMBER.finditer(sentence.text):
        yield sentence.flag(
            "small_number", found[0], f"It speaks of so few children that they are under {facts.threshold}."
        )


def _child_counts(sentence: Sentence, facts: AuditFacts) -> Iterator[_ChildCount]:
    """Each number of children, once for the same words."""
    taken = bytearray(len(sentence.text))
    patterns = [_BUT, _SHARE, _FRACTION, _COUNT] + ([_COUNT_ALONE] if sentence.block == "children" else [])
    for pattern in patterns:
        for found in pattern.finditer(sentence.text):
            if any(taken[found.start() : found.end()]):
                continue
            taken[found.start() : found.end()] = b"x" * len(found[0])
            said = _parsed_count(found, facts)
            if said is not None:
                yield said


def _parsed_count(found: re.Match[str], facts: AuditFacts) -> _ChildCount | None:
    """What a match says in children; None for a share of others than those of the audit."""
    total = len(facts.children)
    if found.re is _COUNT or found.re is _BUT or found.re is _COUNT_ALONE:
        return _ChildCount(found[0], parse_amount(next(filter(None, found.groupdict().values()))))
    if found["elsewhere"]:
        return None
    if found.re is _SHARE:
        count, of = _figure(found["count"]), _figure(found["of"])
    else:
        how_many = (found["how_many"] or "one").lower()
        count = 1 if how_many in {"a", "an"} else parse_number(how_many)
        of = next(
            parts for word, parts in _PARTS.items() if (found["part"] or "half").lower().startswith(word)
        )
    if found.re is _SHARE and not (count <= of < min(total, facts.cases)):
        return _ChildCount(found[0], count)
    if not total:
        return None
    # Half up, as every share is rounded here.
    return _ChildCount(found[0], (2 * count * total + of) // (2 * of), about=count * total % of != 0)


def _figure(words: str) -> int:
    return int(words) if words.isdecimal() else parse_number(words)


_CELL = re.compile(
    rf"(?P<count>{NUMBER})\s*(?:/|\s(?:out\s+)?of(?:\s+(?:the|its|their))?\s)\s*(?P<of>{NUMBER})"
    rf"|(?P<alone>{NUMBER})\s+(?:returns?|answers?|files?|records?)\b",
    re.IGNORECASE,
)


def _agency_cells(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Figures of one agency under the threshold, or that leave so few (stories 4.9)."""
    named = [each for each in facts.organisations if each.name.casefold() in sentence.text.casefold()]
    # The list of all that audited holds no figure of one.
    if not named or sentence.block == "organisations":
        return
    for found in _CELL.finditer(sentence.text):
        numbers = [parse_number(each) for each in (found["count"], found["of"], found["alone"]) if each]
        left = numbers[1] - numbers[0] if found["of"] else 0
        if any(0 < each < facts.threshold for each in (*numbers, left)):
            who = list_in_words([each.name for each in named])
            says = f"A figure of {who} alone, under {facts.threshold}."
            yield sentence.flag("small_number", found[0], says)


def _single_child_facts(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Needs, and organisations printed by name, that stand for one child alone."""
    if len(facts.children) <= 1:
        return
    if sentence.block == "children":
        needs = Counter(need for each in facts.children for need in set(each.needs))
        once = sorted(need for need, count in needs.items() if count == 1 and need in sentence.text)
        if once:
            says = "Each of one child alone: beside the rest of the page it may tell which child."
            yield sentence.flag("small_number", list_in_words(once), says)
    if sentence.block == "organisations":
        alone = [each.name for each in facts.audited if each.returns == 1 and _is_named(each, sentence)]
        if alone:
            says = "Each audited one child alone: its name may tell which child."
            yield sentence.flag("small_number", list_in_words(alone), says)


def _is_named(organisation: Organisation, sentence: Sentence) -> bool:
    return organisation.name in sentence.text
