"""Finds the wording of a question that asks two things at once: “Was it seen and recorded?”."""

import re


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = re.compile(r"[\w’'-]+|[,.;:?!()]")
_ENDS = frozenset(",.;:?!()")
_SENTENCE_ENDS = frozenset(".;?!")
# How many words after “and” are looked at.
_WORDS_AHEAD = 6
# Words that may stand between “and” and the verb that it joins.
_BETWEEN = frozenset({"also", "then", "it", "they", "he", "she", "clearly", "fully", "properly", "so"})
# Verbs that begin a second question of their own, and words that begin a second thing to tell.
_BEGINNINGS = _word_set(
    "is are was were be been did do does has have had can could should will would may might"
    " how whether what when where why who whose which"
)
# Verbs that are no nouns, in the form that follows “did”, “to” or “and”.
_VERBS = _word_set(
    "act adapt agree analyse ask assess attend bring carry check choose complete consider continue contribute"
    " convene decide describe discuss escalate evidence explain find follow gather get give go hear help hold"
    " identify inform involve keep know learn listen make meet monitor observe obtain offer prepare prevent"
    " protect provide put receive recognise refer reflect respond say see seek send set share show speak take"
    " talk tell think try understand use weigh write"
)
# Verbs that are nouns too: they are taken for verbs only before a word such as “the”.
_NOUN_VERBS = _word_set(
    "answer challenge change contact feedback flag name note plan record report review support update"
    " visit work"
)
# Participles without the ending -ed.
_PARTICIPLES = _word_set(
    "begun brought chosen done drawn found given gone heard held kept known made met put read said seen sent"
    " set shown spoken taken told understood written"
)
_DETERMINERS = _word_set("a an all any each every her his its no our that the their these this those your")
_AFTER_A_PARTICIPLE = _DETERMINERS | _word_set(
    "about after against and as at before by during for from in into of on or over to up when where with"
    " within"
)


def asks_two_things(wording: str) -> bool:
    """Whether a question seems to ask two things: “and” between two verbs, or “, and” before a second clause.

    It reads no grammar, so it warns and never refuses. A comma before “and” begins a clause unless the
    sentence has an earlier comma, as a list has.
    """
    words = _WORDS.findall(wording.casefold())
    commas = 0
    for place, word in enumerate(words):
        if word == "and" and place > 0:
            begins_a_clause = words[place - 1] == "," and commas == 1
            if begins_a_clause or _begins_with_a_verb(words[place + 1 : place + 1 + _WORDS_AHEAD]):
                return True
        commas = 0 if word in _SENTENCE_ENDS else commas + (word == ",")
    return False


def _begins_with_a_verb(words: list[str]) -> bool:
    """Whether words that follow an “and” begin with a verb of their own."""
    following = [word for word in words if word not in _BETWEEN]
    if not following:
        return False
    word, after = following[0], following[1] if len(following) > 1 else "."
    if word in _NOUN_VERBS:
        return after in _DETERMINERS
    if word in _PARTICIPLES or word.endswith("ed"):
        return after in _ENDS or after in _AFTER_A_PARTICIPLE
    return word in _BEGINNINGS or word in _VERBS
