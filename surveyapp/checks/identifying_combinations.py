"""Flags facts in one sentence that together may identify a child, such as “a 13-year-old girl”."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product

from surveyapp.checks.audit_facts import AuditFacts, Child
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.late_pattern import LatePattern
from surveyapp.foundation.words.number_words import NUMBER, parse_number
from surveyapp.foundation.words.shares import counted

_Fits = Callable[[Child], bool]

_GENDERS = {
    "female": r"\bgirls?\b|\bsisters?\b|\bdaughters?\b|\bfemale\b|\byoung wom[ae]n\b|\bpregnant\b",
    "male": r"\bboys?\b|\bbrothers?\b|\bsons?\b|\bmale\b|\byoung m[ae]n\b",
}
_GENDER_ALONE = re.compile(
    r"\b(?:girls?|boys?|daughters?|sons?|(?:fe)?male|young (?:wo)?m[ae]n|pregnant)\b", re.IGNORECASE
)
# “Girls and boys” means all children, and a range of ages is not the age of one child.
_OF_EVERYBODY = LatePattern(
    r"\bbrothers (?:and|or) sisters\b|\bgirls?(?:,| and| or|/)\s*boys?\b|\bboys?(?:,| and| or|/)\s*girls?\b"
    rf"|\b{NUMBER}(?:\s+(?:years?|months?|weeks?))?(?:\s+to\s+|\s*[–-]\s*){NUMBER}"
    r"(?:\s+years?)?(?:[ -]olds?)?",
)
_A_CHILD = (
    r"(?:child|girl|boy|baby|infant|toddler|teenager|pupil|sister|brother|sibling|son|daughter|young person)"
)
_AGE = LatePattern(
    rf"(?P<number>{NUMBER})[ -]?(?:(?P<unit>year|yr|month|week)s?[ -](?:old|of\s+age)|y/?o)\b"
    rf"|\baged?\s+(?:of\s+|just\s+|only\s+)?(?P<aged>{NUMBER})\b(?!\s*(?:to|and|–|-)\s*\d)"
    # “The girl was 13 and waited”, “a girl, 13, waited”, “his sister (13)”.
    rf"|\b{_A_CHILD}\s+(?:(?:who|that)\s+)?(?:is|was|had\s+turned|has\s+turned|turned)\s+(?:just\s+|only\s+|then\s+)?"
    rf"(?P<being>{NUMBER})(?=\s*(?:$|[,.;:)])|\s+(?:and|but|when|at|then|who|years?\b(?!\s+(?:in|after|before))))"
    rf"|\b{_A_CHILD}\s*[,(]\s*(?P<beside>{NUMBER})\s*[,)]"
    # “A boy of 13 and his mother”; “a child of two alcoholics” gives no age.
    rf"|\b{_A_CHILD}\s+of\s+(?P<of>{NUMBER})(?=\s*(?:$|[,.;:)])|\s+(?:and|who|was|is|had|has|when|with|in|at)\b)"
    r"|\byear\s+(?P<class>\d{1,2})\b(?!\s+of\b)",
)
_SAYS_AGE = ("number", "aged", "being", "beside", "of", "class")
_ANOTHER = re.compile(
    r"\bsiblings?\b|\bbrothers?\b|\bsisters?\b|\btwins?\b|\beldest\b|\byoungest\b|\boldest\b", re.IGNORECASE
)
_SIBLING_ORDER = "place among brothers and sisters"
# Without one of these a sentence is about practice, not about a child.
_FACTS_OF_ONE_CHILD = frozenset({"age", "gender", _SIBLING_ORDER})
# A bound on the work for a sentence with very many facts.
_MOST_COMBINED = 200
_MONTHS_IN_A_YEAR, _DAYS_IN_A_MONTH, _DAYS_IN_A_WEEK = 12, 30, 7


def identifying_combinations(sentence: Sentence, facts: AuditFacts) -> Iterator[Flag]:
    """Flag a sentence whose facts together fit fewer children than the threshold, but not all children.

    “A girl aged 13 and her brother” is about two children, so each age is tried with each gender.
    """
    if sentence.block == "organisations":
        return
    tests = _child_facts(_OF_EVERYBODY.sub(" ", sentence.text), facts)
    if len(tests) < 2 or _FACTS_OF_ONE_CHILD.isdisjoint(tests) or _is_one_word(tests, sentence.text):  # noqa: PLR2004 — one fact is no combination
        return
    combinations = islice(product(*tests.values()), _MOST_COMBINED)
    counts = [
        sum(all(fits(child) for fits in combination) for child in facts.children)
        for combination in combinations
    ]
    few = [count for count in counts if 0 < count < facts.threshold and count < len(facts.children)]
    kinds = list_in_words(list(tests))
    if few:
        says = f"What it says together ({kinds}) fits {counted(min(few), 'child', 'children')} of this audit."
        yield sentence.flag("small_number", sentence.text, says)
    elif not any(counts) and any(fits(child) for fits in tests.get("age", ()) for child in facts.children):
        # The record of the child of this age may lack a fact that the sentence gives away.
        says = f"What it says together ({kinds}) fits no child as recorded here: does it tell who one is?"
        yield sentence.flag("small_number", sentence.text, says)


def _is_one_word(kinds: Iterable[str], text: str) -> bool:
    """Whether one word such as “sister” gives both the gender and that there are siblings."""
    return set(kinds) == {"gender", _SIBLING_ORDER} and not _GENDER_ALONE.search(text)


def _child_facts(text: str, facts: AuditFacts) -> dict[str, list[_Fits]]:
    """The kinds of fact that a text gives, each with a test of a child for every value of it."""
    tests: defaultdict[str, list[_Fits]] = defaultdict(list)
    for age in _AGE.finditer(text):
        number = parse_number(next(age[group] for group in _SAYS_AGE if age[group]))
        # Pupils in Year 8 are 12 or 13.
        ages = (number + 4, number + 5) if age["class"] else (number,)
        tests["age"] += [_of_age(number, (age["unit"] or "year").lower()) for number in ages]
    for gender, words in _GENDERS.items():
        if re.search(words, text, re.IGNORECASE):
            tests["gender"].append(_with_value("gender", gender))
    for name in ("category", "plan"):
        for value in sorted({str(getattr(child, name)) for child in facts.children} - {""}):
            if _says(value, text):
                tests[name].append(_with_value(name, value))
    for need in sorted({need for child in facts.children for need in child.needs}):
        if _says(need, text):
            tests[need].append(_with_need(need))
    if _ANOTHER.search(text):
        tests[_SIBLING_ORDER].append(lambda _child: True)
    return tests


def _says(value: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(value)}\b", text, re.IGNORECASE) is not None


def _with_value(name: str, value: str) -> _Fits:
    return lambda child: getattr(child, name) == value


def _with_need(need: str) -> _Fits:
    return lambda child: need in child.needs


def _of_age(number: int, unit: str) -> _Fits:
    """A test for children of this age; `unit` is "year", "month" or "week"."""

    def fits(child: Child) -> bool:
        if child.age_months is None:
            return False
        if unit == "month":
            return child.age_months == number
        if unit == "week":
            return child.age_months == number * _DAYS_IN_A_WEEK // _DAYS_IN_A_MONTH
        return child.age_months // _MONTHS_IN_A_YEAR == number

    return fits
