"""What in a brief or a report looks as if it told who somebody is, in every text that people typed."""

import re
from collections.abc import Iterable, Iterator

from surveyapp.answering.returns.privacy_hints import DETAIL_KINDS_IN_WORDS
from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS
from surveyapp.foundation.personal_details.finder import find_personal_details

_Span = tuple[int, int]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# A month with its year, or a day with its month: short of a date of birth, and with ten children enough.
_BORN = re.compile(
    r"\b(?:born|birth(?:day|date)?|d\.?o\.?b\.?|(?:baby|child|birth)\s+(?:is|was)?\s*(?:due|expected))[\s:,(]{1,3}"
    r"(?:(?:in|on|around|is|was|early|mid|late|the)[\s-]+){0,3}"
    rf"(?P<when>(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_MONTH}(?:\s+(?:of\s+)?(?:19|20)\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|\d{{1,2}}[/.-](?:19|20)\d{{2}})",
    re.IGNORECASE,
)
# An owner of an action stands there by name and role. Beside one of these words it is somebody’s family.
_FAMILY = re.compile(
    r"\b(?:(?:grand|step|foster )?(?:mother|father|mum|dad|parent)s?|(?:foster )?carers?|mam|nan|aunt(?:ie)?"
    r"|uncle|(?:half-|step)?brother|(?:half-|step)?sister|son|daughter|niece|nephew|husband|wife|girlfriend"
    r"|boyfriend)(?:\s+(?:of|to|for)\b|\s*[,.()–-]|\s*$)",
    re.IGNORECASE,
)
_SHORTEST_ALONE = 3
_A_CHILD = r"(?:child|case|baby|sibling|boy|girl)"


def personal_detail_flags(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Whatever looks like a name, a date of birth, a number, or a way to reach somebody.

    An organisation of the audit is no person; the theme excuses nobody, as people type it.
    """
    ours = _names_pattern([facts.partnership, *(each.name for each in facts.organisations)])
    few = _names_pattern(each.name for each in facts.organisations if each.kind in UNNAMED_KINDS)
    called = _pseudonym_patterns(facts.pseudonyms)
    for sentence in texts:
        excused = [each.span() for each in ours.finditer(sentence.text)] if ours else []
        taken: list[_Span] = []
        for detail in find_personal_details(sentence.text):
            span = (detail.start, detail.end)
            if any(start <= span[0] and span[1] <= end for start, end in excused):
                continue
            taken.append(span)
            if detail.kind == "name" and _is_owner_or_author(sentence):
                continue
            says = f"“{detail.wording}” looks like {DETAIL_KINDS_IN_WORDS[detail.kind]}. Nobody is named in what leaves."
            yield sentence.flag("personal_detail", detail.wording, says)
        for found in _BORN.finditer(sentence.text):
            if not _overlaps(found.span("when"), taken):
                says = f"“{found['when']}” looks like when a child was born. Say an age in years, or none."
                yield sentence.flag("personal_detail", found["when"], says)
        yield from _agencies_knowing_few(sentence, few)
        for found in (found for pattern in called for found in pattern.finditer(sentence.text)):
            if not _overlaps(found.span(), taken):
                taken.append(found.span())
                yield sentence.flag("personal_detail", found[0], _pseudonym_message(found[0]))


def _agencies_knowing_few(sentence: Sentence, known: re.Pattern[str] | None) -> Iterator[Flag]:
    """Schools and the like by name: a brief and the public version count them, as each knows few children."""
    if known and sentence.kind != "label":
        for found in known.finditer(sentence.text):
            says = f"“{found[0]}” may tell which child it is: say what kind of agency it is."
            yield sentence.flag("personal_detail", found[0], says)


def _is_owner_or_author(sentence: Sentence) -> bool:
    """Whether a name is that of whoever owns an action or wrote the report, as “Ann Lee, named nurse” is.

    A plan with eight owners would otherwise have eight findings that say nothing.
    """
    return sentence.kind == "owner" and not _FAMILY.search(sentence.text)


def _pseudonym_message(wording: str) -> str:
    return f"“{wording}” is what a child is called in this audit: those who answered know which child it is."


def _overlaps(span: _Span, taken: Iterable[_Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    known = sorted({each.strip() for each in names} - {""}, key=len, reverse=True)
    words = "|".join(map(re.escape, known))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if known else None


def _pseudonym_patterns(pseudonyms: Iterable[str]) -> list[re.Pattern[str]]:
    """How a text speaks of the children by their pseudonyms, also of “children 3 and 7”."""
    patterns, ends = [], []
    for each in pseudonyms:
        words = each.split()
        # Also “Child #7” and “child number 7”.
        spaced = re.sub(r"\\s\+(?=\d)", r"(?:\\s*#?\\s*|\\s+number\\s+)", r"\s+".join(map(re.escape, words)))
        alone = len(words) == 1 and (len(each) < _SHORTEST_ALONE or each.isdecimal())
        spaced = rf"{_A_CHILD}\s+{spaced}" if alone else spaced
        # A pseudonym that is a word, such as Blue, is one with its capital alone.
        small = re.IGNORECASE if alone or re.search(r"\d", each) else re.NOFLAG
        # “A child 7 years old” is a child of that age.
        patterns.append(re.compile(rf"(?<!\w){spaced}(?![\w-]|\s+(?:years?|months?|weeks?)\b)", small))
        ends += words[-1:] if alone or re.fullmatch(_A_CHILD, words[0], re.IGNORECASE) else []
    if ends:
        end = "|".join(sorted(map(re.escape, ends), key=len, reverse=True))
        several = rf"(?<!\w)(?i:children|cases)\s+(?:{end})(?:(?:,\s*|,?\s+and\s+|\s*&\s*)(?:{end}))+"
        patterns.insert(0, re.compile(rf"{several}(?![\w-]|\s+(?:years?|months?|weeks?)\b)"))
    return patterns
