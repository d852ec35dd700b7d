"""Finds where agencies' answers about one child cannot all be true, or where no agency knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from surveyapp.defining.definition import Question
from surveyapp.foundation.words.dates_and_lists import list_in_words

# The weight of a pair of agencies, in halves: 1 where both cannot be right, a half where one does not know.
CONFLICT_WEIGHT, NOT_KNOWING_WEIGHT = 2, 1

CONFLICT = "The answers cannot all be true"
NOBODY_RESPONSIBLE = "Nobody says it is the one that does it"
NOBODY_KNOWS = "Nobody knows"


@dataclass(frozen=True)
class AgencyAnswer:
    """The options one agency chose about one child in one question; empty for a blank."""

    agency: str
    options: frozenset[str]


@dataclass(frozen=True)
class Disagreement:
    """How the agencies of one child disagree in one question.

    `strength` is the weighted share of pairs of agencies that disagree, from 1 to 100. `answered` is how many
    agencies it is worked out from.
    """

    question: Question
    strength: int
    why: str
    sentence: str
    answered: int

    @property
    def remark(self) -> str:
        """Why this is a disagreement, if `sentence` does not show it; empty if two answers conflict."""
        return "" if self.why == CONFLICT else f"{self.why}."


def disagreement(
    question: Question, answers: Iterable[AgencyAnswer], *, all_returned: bool
) -> Disagreement | None:
    """How agencies disagree about one child in one question; None where they agree or fewer than two answer.

    `all_returned` is True once every agency asked has returned, nil or not. Until then an agency that is
    still to answer may be the one that the others call responsible.
    """
    comparable = comparable_answers(question, answers)
    pairs = list(combinations(comparable, 2))
    if not pairs:
        return None
    no_holder = all_returned and _no_agency_has_role(question, comparable)
    if any(_cannot_both_be_right(question, one, other) for one, other in pairs):
        why = CONFLICT
    elif no_holder:
        why = NOBODY_RESPONSIBLE
    elif all(_does_not_know(question, answer) for answer in comparable):
        why = NOBODY_KNOWS
    else:
        return None
    halves = sum(_weight(question, one, other, no_holder=no_holder) for one, other in pairs)
    # 100 times the sum of the weights out of all pairs, rounded half up in whole numbers.
    strength = (100 * halves + len(pairs)) // (2 * len(pairs))
    sentence = disagreement_in_words(question, comparable)
    return Disagreement(question, max(1, strength), why, sentence, len(comparable))


def comparable_answers(question: Question, answers: Iterable[AgencyAnswer]) -> list[AgencyAnswer]:
    """The answers that can be compared, by agency; none for a question without conflicts or role.

    Blanks are left out, and “not applicable” unless the form lists it in a conflict.
    """
    if not question.is_comparable:
        return []
    conflicting = {value for pair in question.conflicts for value in pair}
    silent = {
        option.value
        for option in question.answers
        if option.counts_as == "not_applicable" and option.value not in conflicting
    }
    return sorted((answer for answer in answers if answer.options - silent), key=lambda answer: answer.agency)


def disagreement_in_words(question: Question, answers: Iterable[AgencyAnswer]) -> str:
    """The agencies by their answers: Health says another agency does it; Police and Youth don’t know."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for answer in sorted(answers, key=lambda answer: answer.agency):
        options = tuple(option.value for option in question.answers if option.value in answer.options)
        groups.setdefault(options, []).append(answer.agency)
    order = [option.value for option in question.answers]
    unknown = {option.value for option in question.answers if option.counts_as == "dont_know"}
    # Agencies that do not know come last.
    in_order = sorted(
        groups,
        key=lambda options: (not unknown.isdisjoint(options), [order.index(value) for value in options]),
    )
    return "; ".join(_group_in_words(question, options, groups[options]) for options in in_order) + "."


def _group_in_words(question: Question, options: tuple[str, ...], agencies: list[str]) -> str:
    who, many = list_in_words(agencies), len(agencies) > 1
    first, role = question.option(options[0]) if options else None, question.role
    if first is not None and first.counts_as == "dont_know":
        return f"{who} {'don’t' if many else 'doesn’t'} know"
    says = "say" if many else "says"
    if role is not None and options == (role.own,):
        return f"{who} each say they do it themselves" if many else f"{who} says it does it itself"
    if role is not None and options == (role.another,):
        return f"{who} {says} another agency does it"
    return f"{who} {says} {list_in_words([f'“{question.name_of(value)}”' for value in options])}"


def _weight(question: Question, one: AgencyAnswer, other: AgencyAnswer, *, no_holder: bool) -> int:
    """The weight of a pair of agencies, in halves; 0 where both know and can both be right."""
    if _cannot_both_be_right(question, one, other):
        return CONFLICT_WEIGHT
    if no_holder and question.role is not None and question.role.another in one.options | other.options:
        return CONFLICT_WEIGHT
    if _does_not_know(question, one) or _does_not_know(question, other):
        return NOT_KNOWING_WEIGHT
    return 0


def _cannot_both_be_right(question: Question, one: AgencyAnswer, other: AgencyAnswer) -> bool:
    return any(
        question.are_contradictory(option, other_option)
        for option in one.options
        for other_option in other.options
    )


def _does_not_know(question: Question, answer: AgencyAnswer) -> bool:
    return any(
        option.counts_as == "dont_know" for option in question.answers if option.value in answer.options
    )


def _no_agency_has_role(question: Question, answers: list[AgencyAnswer]) -> bool:
    if question.role is None:
        return False
    options = {value for answer in answers for value in answer.options}
    return question.role.another in options and question.role.own not in options
