"""Rules for questions of a form that refer to each other, and for answers of several agencies."""

from surveyapp.defining.definition import Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.rules.partial_form import PartialForm, RuleProblems, question_location, sorted_names
from surveyapp.defining.strict_yaml import Loc


def _concerns(draft: PartialForm) -> RuleProblems:
    """Refuse a second place for the box for a current concern."""
    beside = [index for index, question in draft.questions.items() if question.concern_beside]
    for index in beside[1:]:
        first = draft.questions[beside[0]]
        yield (
            question_location(index, "concern_beside"),
            f'question "{first.id}" has concern_beside already; only one question may',
            f"the box for a concern stands below question {first.number} already; only one question has it",
        )


def _conditions(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        rule, loc = question.show_if, question_location(index, "show_if", "question")
        if rule is None or rule.question in draft.lost_ids:
            continue
        if rule.question not in draft.by_id:
            yield (
                loc,
                f'there is no question "{rule.question}" to show this one by',
                "the question that this one depends on is no longer in the form",
            )
            continue
        place, earlier = draft.by_id[rule.question]
        if place >= index:
            yield (
                loc,
                f'question "{rule.question}" comes later; show_if looks back only',
                f"it depends on question {earlier.number}, which comes later; move that one above it",
            )
        elif not QUESTION_KINDS[earlier.kind].offers:
            yield (
                loc,
                f'question "{rule.question}" is a {earlier.kind}; show_if needs one with answers to choose',
                f"it depends on question {earlier.number}, which has no answers to choose",
            )
        elif not draft.lacks_list(place):
            yield from _rule_options(index, rule.options, earlier)
        if earlier.only_for and not set(question.only_for or ("",)) <= set(earlier.only_for):
            yield (
                loc,
                f'question "{earlier.id}" is only for {sorted_names(earlier.only_for)}, this one for more',
                f"it depends on question {earlier.number}, which fewer kinds of agency are asked",
            )


def _rule_options(index: int, options: tuple[str, ...], earlier: Question) -> RuleProblems:
    for choice in options:
        if choice not in earlier.choice_values:
            yield (
                question_location(index, "show_if"),
                f'option "{choice}" is used in show_if but question "{earlier.id}" has no such option',
                f"it depends on an answer that question {earlier.number} does not offer",
            )


def _across_agencies(draft: PartialForm) -> RuleProblems:
    """Refuse conflicts and roles that a kind cannot have, or whose options do not exist."""
    for index, question in draft.questions.items():
        named = [name for name in ("conflicts", "role") if getattr(question, name)]
        if named and QUESTION_KINDS[question.kind].offers != "answers":
            message = f'a {question.kind} has no "{named[0]}"; what has "answers" to choose from may have'
            yield question_location(index, named[0]), message, "this kind has no answers to compare"
        elif not draft.lacks_list(index):
            yield from _conflicts(index, question)
            yield from _role(index, question)


def _conflicts(index: int, question: Question) -> RuleProblems:
    earlier: set[frozenset[str]] = set()
    for position, pair in enumerate(question.conflicts):
        loc = question_location(index, "conflicts", position)
        if len(pair) != 2:  # noqa: PLR2004 — a pair
            yield loc, "a conflict is a pair of answers, such as [yes, no]"
            continue
        if pair[0] == pair[1]:
            yield (
                loc,
                f'"{pair[0]}" stands on both sides; for what only one agency can do, say "role"',
                f"“{question.label_of(pair[0])}” stands on both sides of a pair",
            )
        elif frozenset(pair) in earlier:
            yield (
                loc,
                f'the pair "{pair[0]}" and "{pair[1]}" is there already',
                f"the pair “{question.label_of(pair[0])}” and “{question.label_of(pair[1])}” is there twice",
            )
        earlier.add(frozenset(pair))
        for side, choice in enumerate(pair):
            yield from _check_option_exists((*loc, side), question, choice, "conflicts")


def _role(index: int, question: Question) -> RuleProblems:
    if question.role is None:
        return
    own, another = question.role.own, question.role.another
    if own == another:
        yield (
            question_location(index, "role"),
            f'"{own}" cannot mean both the agency itself and another one',
            f"“{question.label_of(own)}” cannot mean both the agency itself and another one",
        )
    for name, choice in (("own", own), ("another", another)):
        yield from _check_option_exists(question_location(index, "role", name), question, choice, "role")


def _check_option_exists(loc: Loc, question: Question, choice: str, key: str) -> RuleProblems:
    if question.option(choice) is None:
        yield (
            loc,
            f'option "{choice}" is used in {key} but question "{question.id}" has no such option',
            "it compares an answer that is no longer offered",
        )


def _same(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.same_as is None or question.same_as in draft.lost_ids:
            continue
        if question.same_as not in draft.by_id:
            yield (
                question_location(index, "same_as"),
                f'there is no question "{question.same_as}" that this one repeats',
                "the question that this one repeats is no longer in the form",
            )
        elif draft.by_id[question.same_as][0] >= index:
            yield (
                question_location(index, "same_as"),
                f'question "{question.same_as}" does not come before this one',
                "the question that this one repeats does not come before it",
            )


CROSS_QUESTION_RULES = (_conditions, _concerns, _across_agencies, _same)
