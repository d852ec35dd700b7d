"""Flags words that look like a name, a date of birth, a number or a pseudonym that identifies somebody."""

import re
from collections.abc import Iterable, Iterator

from surveyapp.answering.returns.privacy_hints import DETAIL_KINDS_IN_WORDS
from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.checks.flags import Flag, Sentence
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS
from surveyapp.foundation.personal_details.finder import find_personal_details
from surveyapp.foundation.words.clean_text import name_pattern

_Span = tuple[int, int]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# A month with its year, or a day with its month: not a full date of birth, but enough among ten children.
_BORN = re.compile(
    r"\b(?:born|birth(?:day|date)?|d\.?o\.?b\.?|(?:baby|child|birth)\s+(?:is|was)?\s*(?:due|expected))[\s:,(]{1,3}"
    r"(?:(?:in|on|around|is|was|early|mid|late|the)[\s-]+){0,3}"
    rf"(?P<when>(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_MONTH}(?:\s+(?:of\s+)?(?:19|20)\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|\d{{1,2}}[/.-](?:19|20)\d{{2}})",
    re.IGNORECASE,
)
# The owner of an action is named with a role. Beside one of these words the name is that of a relative.
_FAMILY = re.compile(
    r"\b(?:(?:grand|step|foster )?(?:mother|father|mum|dad|parent)s?|(?:foster )?carers?|mam|nan|aunt(?:ie)?"
    r"|uncle|(?:half-|step)?brother|(?:half-|step)?sister|son|daughter|niece|nephew|husband|wife|girlfriend"
    r"|boyfriend)(?:\s+(?:of|to|for)\b|\s*[,.()–-]|\s*$)",
    re.IGNORECASE,
)
# A shorter pseudonym counts only after a word such as “child”.
_SHORTEST_ALONE = 3
_A_CHILD = r"(?:child|case|baby|sibling|boy|girl)"


def personal_detail_flags(texts: Iterable[Sentence], facts: AuditFacts) -> Iterator[Flag]:
    """Flag whatever looks like a name, a date of birth, an NHS or telephone number, or an address.

    The names of the partnership and of the audit's organisations are allowed. Names in the theme are not,
    since people type the theme.
    """
    allowed = _names_pattern(
        [facts.partnership, *(organisation.name for organisation in facts.organisations)]
    )
    unnamed = _names_pattern(
        organisation.name for organisation in facts.organisations if organisation.kind in UNNAMED_KINDS
    )
    pseudonyms = _pseudonym_patterns(facts.pseudonyms)
    for sentence in texts:
        allowed_spans = [match.span() for match in allowed.finditer(sentence.text)] if allowed else []
        earlier_spans: list[_Span] = []
        for detail in find_personal_details(sentence.text):
            span = (detail.start, detail.end)
            if any(start <= span[0] and span[1] <= end for start, end in allowed_spans):
                continue
            earlier_spans.append(span)
            if detail.kind == "name" and _is_owner_or_author(sentence):
                continue
            kind = DETAIL_KINDS_IN_WORDS[detail.kind]
            says = f"“{detail.wording}” looks like {kind}. Nobody is named in what leaves."
            yield sentence.flag("personal_detail", detail.wording, says)
        for match in _BORN.finditer(sentence.text):
            if not _overlaps(match.span("when"), earlier_spans):
                says = f"“{match['when']}” looks like when a child was born. Say an age in years, or none."
                yield sentence.flag("personal_detail", match["when"], says)
        yield from _unnamed_agencies(sentence, unnamed)
        for match in (match for pattern in pseudonyms for match in pattern.finditer(sentence.text)):
            if not _overlaps(match.span(), earlier_spans):
                earlier_spans.append(match.span())
                yield sentence.flag("personal_detail", match[0], _pseudonym_message(match[0]))


def _unnamed_agencies(sentence: Sentence, names: re.Pattern[str] | None) -> Iterator[Flag]:
    """Flag names of schools and other agencies that each know few children: only their kind is published."""
    if names and sentence.kind != "label":
        for match in names.finditer(sentence.text):
            says = f"“{match[0]}” may tell which child it is: say what kind of agency it is."
            yield sentence.flag("personal_detail", match[0], says)


def _is_owner_or_author(sentence: Sentence) -> bool:
    """Whether a name is that of an action's owner or of the report's author, like “Ann Lee, named nurse”.

    Otherwise a plan with eight owners would raise eight useless flags.
    """
    return sentence.kind == "owner" and not _FAMILY.search(sentence.text)


def _pseudonym_message(wording: str) -> str:
    return f"“{wording}” is what a child is called in this audit: those who answered know which child it is."


def _overlaps(span: _Span, earlier_spans: Iterable[_Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in earlier_spans)


def _names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted({name.strip() for name in names} - {""}, key=len, reverse=True)
    words = "|".join(map(name_pattern, longest_first))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if longest_first else None


def _pseudonym_patterns(pseudonyms: Iterable[str]) -> list[re.Pattern[str]]:
    """Patterns of the children's pseudonyms in a text, including lists such as “children 3 and 7”."""
    patterns, last_words = [], []
    for pseudonym in pseudonyms:
        words = pseudonym.split()
        # Also “Child #7” and “child number 7”.
        spaced = re.sub(
            r"\\s\+(?=\d)", r"(?:\\s*#?\\s*|\\s+number\\s+)", r"\s+".join(map(name_pattern, words))
        )
        needs_noun = len(words) == 1 and (len(pseudonym) < _SHORTEST_ALONE or pseudonym.isdecimal())
        spaced = rf"{_A_CHILD}\s+{spaced}" if needs_noun else spaced
        # A pseudonym that is also a word, such as Blue, is flagged only with its capital.
        case = re.IGNORECASE if needs_noun or re.search(r"\d", pseudonym) else re.NOFLAG
        # “A child 7 years old” gives an age.
        patterns.append(re.compile(rf"(?<!\w){spaced}(?![\w-]|\s+(?:years?|months?|weeks?)\b)", case))
        last_words += words[-1:] if needs_noun or re.fullmatch(_A_CHILD, words[0], re.IGNORECASE) else []
    if last_words:
        last = "|".join(sorted(map(re.escape, last_words), key=len, reverse=True))
        several = rf"(?<!\w)(?i:children|cases)\s+(?:{last})(?:(?:,\s*|,?\s+and\s+|\s*&\s*)(?:{last}))+"
        patterns.insert(0, re.compile(rf"{several}(?![\w-]|\s+(?:years?|months?|weeks?)\b)"))
    return patterns
