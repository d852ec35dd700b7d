"""Where agencies answer about one child in ways that cannot all be true, or where nobody knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from surveyapp.defining.definition import Question
from surveyapp.foundation.words.dates_and_lists import list_in_words

# What a pair of agencies weighs, in halves: 1 where both cannot be right, a half where one does not know.
CONFLICT_WEIGHT, NOT_KNOWING_WEIGHT = 2, 1

CONFLICT = "The answers cannot all be true"
NOBODY_RESPONSIBLE = "Nobody says it is the one that does it"
NOBODY_KNOWS = "Nobody knows"


@dataclass(frozen=True)
class AgencyAnswer:
    """What one agency chose about one child in one question; nothing chosen is a blank."""

    agency: str
    options: frozenset[str]


@dataclass(frozen=True)
class Disagreement:
    """How the agencies of one child disagree in one question.

    `strength` goes from 1 to 100, the share of pairs of agencies that are apart; `answered` is how many
    agencies it is worked out from.
    """

    question: Question
    strength: int
    why: str
    sentence: str
    answered: int

    @property
    def remark(self) -> str:
        """What the sentence of who says what does not say by itself; empty where two answers clash."""
        return "" if self.why == CONFLICT else f"{self.why}."


def disagreement(
    question: Question, answers: Iterable[AgencyAnswer], *, all_returned: bool
) -> Disagreement | None:
    """How agencies disagree about one child in one question; None where they do not, or only one answers.

    `all_returned` says whether every agency asked has returned, nil or not: until then whoever is still to
    answer may be the one that the others mean.
    """
    heard = comparable_answers(question, answers)
    pairs = list(combinations(heard, 2))
    if not pairs:
        return None
    unheld = all_returned and _nobody_holds(question, heard)
    if any(_cannot_both_be_right(question, one, other) for one, other in pairs):
        why = CONFLICT
    elif unheld:
        why = NOBODY_RESPONSIBLE
    elif all(_does_not_know(question, each) for each in heard):
        why = NOBODY_KNOWS
    else:
        return None
    halves = sum(_weight(question, one, other, unheld=unheld) for one, other in pairs)
    # 100 times the sum of the weights out of all pairs, rounded half up in whole numbers.
    strength = (100 * halves + len(pairs)) // (2 * len(pairs))
    return Disagreement(question, max(1, strength), why, disagreement_in_words(question, heard), len(heard))


def comparable_answers(question: Question, answers: Iterable[AgencyAnswer]) -> list[AgencyAnswer]:
    """The answers that can be held against each other, by agency; none where the form names no such answers.

    A blank says nothing, and neither does “not applicable” where the form does not set it against another.
    """
    if not question.is_comparable:
        return []
    named = {value for pair in question.conflicts for value in pair}
    silent = {
        option.value
        for option in question.answers
        if option.counts_as == "not_applicable" and option.value not in named
    }
    return sorted((each for each in answers if each.options - silent), key=lambda each: each.agency)


def disagreement_in_words(question: Question, heard: Iterable[AgencyAnswer]) -> str:
    """Who says what: Health says another agency does it; Police and Youth don’t know."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for each in sorted(heard, key=lambda each: each.agency):
        said = tuple(option.value for option in question.answers if option.value in each.options)
        groups.setdefault(said, []).append(each.agency)
    order = [option.value for option in question.answers]
    unknown = {option.value for option in question.answers if option.counts_as == "dont_know"}
    said_first = sorted(
        groups, key=lambda said: (not unknown.isdisjoint(said), [order.index(each) for each in said])
    )
    return "; ".join(_says(question, said, groups[said]) for said in said_first) + "."


def _says(question: Question, said: tuple[str, ...], agencies: list[str]) -> str:
    who, many = list_in_words(agencies), len(agencies) > 1
    first, role = question.option(said[0]) if said else None, question.role
    if first is not None and first.counts_as == "dont_know":
        return f"{who} {'don’t' if many else 'doesn’t'} know"
    says = "say" if many else "says"
    if role is not None and said == (role.own,):
        return f"{who} each say they do it themselves" if many else f"{who} says it does it itself"
    if role is not None and said == (role.another,):
        return f"{who} {says} another agency does it"
    return f"{who} {says} {list_in_words([f'“{question.name_of(each)}”' for each in said])}"


def _weight(question: Question, one: AgencyAnswer, other: AgencyAnswer, *, unheld: bool) -> int:
    """What a pair of agencies weighs, in halves; 0 where both may be right and know."""
    if _cannot_both_be_right(question, one, other):
        return CONFLICT_WEIGHT
    if unheld and question.role is not None and question.role.another in one.options | other.options:
        return CONFLICT_WEIGHT
    if _does_not_know(question, one) or _does_not_know(question, other):
        return NOT_KNOWING_WEIGHT
    return 0


def _cannot_both_be_right(question: Question, one: AgencyAnswer, other: AgencyAnswer) -> bool:
    return any(question.are_contradictory(mine, yours) for mine in one.options for yours in other.options)


def _does_not_know(question: Question, answer: AgencyAnswer) -> bool:
    return any(
        option.counts_as == "dont_know" for option in question.answers if option.value in answer.options
    )


def _nobody_holds(question: Question, heard: list[AgencyAnswer]) -> bool:
    if question.role is None:
        return False
    said = {value for each in heard for value in each.options}
    return question.role.another in said and question.role.own not in said
