"""Finds names of people in a text by capitals, lists of names and the surrounding words."""

import re
from collections.abc import Iterator, Sequence

from surveyapp.foundation.personal_details.text_words import Word, words_in
from surveyapp.foundation.personal_details.word_lists import (
    ABSTRACT,
    ALWAYS_NAMES,
    AUXILIARY_VERBS,
    BEFORE_NO_PERSON,
    BEFORE_PLACES,
    DAYS,
    FIRST_NAMES,
    HOUSEHOLD,
    INTRODUCING,
    KIN,
    LOWER_CASE_PLACE_ENDINGS,
    LOWER_CASE_TITLES,
    NAMES,
    NAMES_OR_PLACES,
    NAMES_OR_WORDS,
    NO_NAMES,
    NOT_OWNED_BY_PEOPLE,
    PARTICLES,
    PERSON_VERBS,
    PLACE_ENDINGS,
    PLACES_OR_SURNAMES,
    ROLES,
    SURNAMES,
    TITLES,
    TITLES_IN_CAPITALS,
)

_AGE_AFTER = re.compile(r",? \(?aged?\b")
_MOST_SURNAMES = 3
_SHORTEST_WITHOUT_CAPITAL = 4  # in lower case or all capitals, shorter names are too often other words


def person_name_spans(text: str) -> Iterator[tuple[int, int]]:
    """The start and end of each name, in order, including a title and excluding a possessive “’s”.

    The time is linear in the length of the text: each word is compared with only a few beside it.
    """
    words = tuple(words_in(text))
    at = 0
    while at < len(words):
        after, is_name = _name_at(text, words, at)
        if is_name:
            yield words[at].start, words[after - 1].end
        at = after


def _name_at(text: str, words: Sequence[Word], at: int) -> tuple[int, bool]:
    """The index of the next word to examine, and whether the words from `at` up to it are a name."""
    word = words[at]
    if _is_title(word):
        after = _surnames(words, at + 1, after_title=True)
        if after > at + 1 and not _is_place(words, at, after):
            return after, True
    if not word.capitalised:
        return at + 1, _is_lower_case_name(word)
    if word.folded in NO_NAMES and word.folded not in NAMES_OR_PLACES and word.folded not in NAMES_OR_WORDS:
        return at + 1, False
    after = at + 1 if word.possessive else _surnames(words, at + 1)
    if (
        word.begins_sentence
        and word.folded in NAMES_OR_WORDS
        and after > at + 1
        and words[at + 1].folded in FIRST_NAMES
    ):
        return at + 1, False  # "Will Liam be seen": the name is the next word
    if _is_place(words, at, after):
        return after, False
    return (after, True) if _is_person(text, words, at, after) else (at + 1, False)


def _is_person(text: str, words: Sequence[Word], at: int, after: int) -> bool:
    word = words[at]
    if len(word.text) == 1:
        return False
    if word.in_capitals:
        known = word.first_part in ALWAYS_NAMES and len(word.text) >= _SHORTEST_WITHOUT_CAPITAL
        return known or (word.folded in FIRST_NAMES and after > at + 1 and words[at + 1].folded in SURNAMES)
    if _is_introduced(words, at) or _is_household(words, at, after):
        return word.folded not in NO_NAMES or _names_somebody(words, at, after)
    if _AGE_AFTER.match(text, words[after - 1].end) and word.folded not in NO_NAMES:
        return True
    return _is_listed(words, at, after)


def _is_listed(words: Sequence[Word], at: int, after: int) -> bool:
    """Whether the lists make this capitalised word a name in its context."""
    word = words[at]
    if word.folded in NAMES_OR_PLACES:
        return _names_somebody(words, at, after) or _is_beside_kin(words, at)
    if word.folded in NAMES_OR_WORDS and word.begins_sentence:
        return _names_somebody(words, at, after) or _does_something(words, at, after)
    return word.first_part in NAMES or (after > at + 1 and words[after - 1].folded in SURNAMES)


def _names_somebody(words: Sequence[Word], at: int, after: int) -> bool:
    """Whether a surname or a possessive follows; months have possessives too, as in "April's figures"."""
    return after > at + 1 or (words[at].possessive and words[at].folded not in DAYS)


def _does_something(words: Sequence[Word], at: int, after: int) -> bool:
    """Whether a verb for people follows: yes in "Grace told us", no in "Hope was expressed"."""
    if after >= len(words) or not words[after].adjoins:
        return False
    verb = words[after].folded
    return verb in PERSON_VERBS or (verb in AUXILIARY_VERBS and words[at].folded not in ABSTRACT)


def _surnames(words: Sequence[Word], at: int, *, after_title: bool = False) -> int:
    """The index after the surnames that begin at `at`, with initials and particles such as "van" or "bin"."""
    begin = after = at
    while at < len(words) and at - begin < _MOST_SURNAMES + 1:
        word = words[at]
        joined = word.adjoins or (word.gap == ". " and (after_title and at == begin))
        joined = joined or (word.gap == ". " and len(words[at - 1].text) == 1 and at > begin)
        if not joined or (at > begin and words[at - 1].possessive):
            break
        if len(word.text) == 1 and word.text.isupper() and word.text != "I":
            at += 1  # an initial counts only if a surname follows
        elif word.folded in PARTICLES and not word.in_capitals and at + 1 < len(words):
            at += 1
        elif _is_surname(word, in_capitals=words[begin - 1].in_capitals and not after_title):
            at += 1
            after = at
        else:
            break
    return after


def _is_surname(word: Word, *, in_capitals: bool) -> bool:
    if not word.capitalised or word.folded in NO_NAMES or len(word.text) == 1:
        return False
    return word.in_capitals == in_capitals


def _is_title(word: Word) -> bool:
    if word.folded not in TITLES or word.possessive:
        return False
    if word.folded in TITLES_IN_CAPITALS:
        return word.in_capitals
    return word.capitalised or word.folded in LOWER_CASE_TITLES


def _is_lower_case_name(word: Word) -> bool:
    return word.folded in ALWAYS_NAMES and word.text.islower() and len(word.text) >= _SHORTEST_WITHOUT_CAPITAL


def _is_place(words: Sequence[Word], at: int, after: int) -> bool:
    """Whether the words from `at` to `after` are part of the name of a place, a service or a law."""
    before = words[at - 1] if at else None
    joined = before is not None and (words[at].adjoins or words[at].gap == ". ")
    if before is not None and joined and before.capitalised and before.folded in BEFORE_NO_PERSON:
        return True
    last, following = words[after - 1], words[after] if after < len(words) else None
    if following is not None and following.adjoins:
        if last.possessive:
            return following.capitalised and following.folded in NOT_OWNED_BY_PEOPLE
        if following.folded in (PLACE_ENDINGS if following.capitalised else LOWER_CASE_PLACE_ENDINGS):
            return True
    placed = before is not None and before.folded in BEFORE_PLACES
    placed = placed or words[at].folded in NAMES_OR_PLACES
    return placed and after > at + 1 and last.folded in PLACES_OR_SURNAMES


def _is_introduced(words: Sequence[Word], at: int) -> bool:
    """Whether the words before introduce a name: "called X", "known as X", "his brother X"."""
    if not at:
        return False
    before, gap = words[at - 1].folded, words[at].gap
    earlier = words[at - 2].folded if at > 1 else ""
    introduces = before in INTRODUCING or (earlier, before) in {
        ("known", "as"),
        ("goes", "by"),
        ("name", "is"),
        ("name", "was"),
        ("call", "him"),
        ("call", "her"),
        ("call", "them"),
    }
    if introduces:
        return gap.strip(" “”‘’'\"") == ""
    return before in KIN and words[at].adjoins and not words[at - 1].possessive


def _is_beside_kin(words: Sequence[Word], at: int) -> bool:
    """Whether a relation or role comes directly before, as in "her sister, April" or "her sister (April"."""
    return (
        bool(at)
        and (words[at - 1].folded in KIN or words[at - 1].folded in ROLES)
        and words[at].gap in {" ", ", ", " ("}
    )


def _is_household(words: Sequence[Word], at: int, after: int) -> bool:
    """Whether the words are in "the X family" or "the X children"."""
    if not at or after >= len(words) or words[at].possessive:
        return False
    following = words[after]
    return words[at - 1].folded == "the" and following.adjoins and following.text in HOUSEHOLD
