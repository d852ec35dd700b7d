"""The rules across a form’s questions: what cannot work, and what reads as if it were not meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, Option, Question
from surveyapp.defining.question_kinds import QUESTION_KINDS
from surveyapp.defining.strict_yaml import Loc

MAX_SCALE_STEPS = 20
# Names that a web form needs for itself, or that pages of ours post beside the answers.
RESERVED_IDS = frozenset(
    {
        "action",
        "shown_by",
        "is_short",
        "hint_for",
        "comment_hint",
        "drawn_blank",
        "keep_drawn",
        "concern_after",
        "concern_shown_by",
        "answers",
        "asked_elsewhere",
        "check_draft",
        "check_return",
        "csrf_token",
        "data",
        "definition",
        "errors",
        "form_errors",
        "given",
        "hidden_tag",
        "is_submitted",
        "meta",
        "populate_obj",
        "post_process",
        "process",
        "questions",
        "room_for_text",
        "seen_version",
        "submission_id",
        "validate",
        "validate_on_submit",
        "version",
    }
)
RuleProblems = Iterator[tuple[Loc, str]]


@dataclass(frozen=True)
class PartialForm:
    """What of a form file can be understood, so that one mistake does not hide another."""

    themes: frozenset[str]
    lists: dict[str, tuple[Option, ...]]
    questions: dict[int, Question]
    lists_used: dict[int, str]
    # What was written but could not be read: it exists, so nobody is told that it does not.
    lost_ids: frozenset[str] = field(default_factory=frozenset)
    lost_lists: frozenset[str] = field(default_factory=frozenset)

    @property
    def by_id(self) -> dict[str, tuple[int, Question]]:
        """Each readable question and where it stands; the first of those that share an id."""
        found: dict[str, tuple[int, Question]] = {}
        for index, question in self.questions.items():
            found.setdefault(question.id, (index, question))
        return found

    def lacks_list(self, index: int) -> bool:
        """Whether a question's list of answers is not there or unreadable, which is told where it stands."""
        return index in self.lists_used and self.lists_used[index] not in self.lists


def _question_location(index: int, *rest: int | str) -> Loc:
    return ("questions", index, *rest)


def _ids_and_numbers(draft: PartialForm) -> RuleProblems:
    ids: dict[str, int] = {}
    numbers: dict[int, str] = {}
    for index, question in draft.questions.items():
        if question.id in ids:
            yield (
                _question_location(index, "id"),
                f'question "{question.id}" is there already, as number {ids[question.id]}',
            )
        if question.number in numbers:
            yield (
                _question_location(index, "number"),
                f'number {question.number} is question "{numbers[question.number]}" already',
            )
        if question.id in RESERVED_IDS or question.id.startswith(("validate_", "filter_")):
            yield (
                _question_location(index, "id"),
                f'"{question.id}" is a name the page needs itself; choose another id',
            )
        ids.setdefault(question.id, question.number)
        numbers.setdefault(question.number, question.id)


def _themes(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.theme not in draft.themes:
            yield (
                _question_location(index, "theme"),
                f'there is no theme "{question.theme}"; the themes are {_listed(draft.themes)}',
            )


def _lists(draft: PartialForm) -> RuleProblems:
    for index, name in draft.lists_used.items():
        if name not in draft.lists and name not in draft.lost_lists:
            known = _listed(draft.lists) or "none"
            yield (
                _question_location(index, "answers"),
                f'there is no list of answers "{name}"; the lists are {known}',
            )
    for name, options in draft.lists.items():
        yield from _repeats(("answers", name), options)
    for index, question in draft.questions.items():
        if index not in draft.lists_used and question.answers and question.lowest is None:
            yield from _repeats(_question_location(index, "answers"), question.answers)


def _repeats(loc: Loc, options: tuple[Option, ...]) -> RuleProblems:
    values: set[str] = set()
    labels: set[str] = set()
    if len(options) == 1:
        yield loc, "one answer is no choice; give two or more"
    for place, option in enumerate(options):
        if option.value in values:
            yield (*loc, place, "value"), f'answer "{option.value}" is in this list already'
        if option.label in labels:
            yield (*loc, place, "label"), f"another answer of this list reads “{option.label}” too"
        values.add(option.value)
        labels.add(option.label)


def _offers(draft: PartialForm) -> RuleProblems:
    """What each kind needs and cannot have."""
    for index, question in draft.questions.items():
        offers, kind = QUESTION_KINDS[question.kind].offers, question.kind
        has_list = bool(question.answers) or index in draft.lists_used
        half_a_scale = (question.lowest is None) != (question.highest is None)
        if offers == "answers" and not has_list and not half_a_scale:
            wanted = '"lowest" and "highest", or "answers"' if kind == "scale" else '"answers"'
            yield _question_location(index), f'question "{question.id}" is a {kind} and needs {wanted}'
        if offers == "items" and not question.items:
            yield _question_location(index), f'question "{question.id}" is a checklist and needs "items"'
        if offers != "answers" and has_list:
            yield _question_location(index, "answers"), f'a {kind} has no "answers"'
        if offers != "items" and question.items:
            yield _question_location(index, "items"), f'a {kind} has no "items"; only a checklist has'
        if kind != "checklist" and question.none_of_these:
            yield (
                _question_location(index, "none_of_these"),
                f'a {kind} has no "none_of_these"; only a checklist has',
            )
        if question.comment and not QUESTION_KINDS[kind].takes_comment:
            yield _question_location(index, "comment"), f"a {kind} is written already and has no comment"


def _statements(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        seen: set[str] = set()
        for place, each in enumerate(question.items):
            if each.id in {COMMENT, NONE_OF_THESE}:
                yield (
                    _question_location(index, "items", place, "id"),
                    f'"{each.id}" is a name we need ourselves; choose another id',
                )
            if each.id in seen:
                yield (
                    _question_location(index, "items", place, "id"),
                    f'line "{each.id}" is in this checklist already',
                )
            seen.add(each.id)


def _bounds(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        lowest, highest, kind = question.lowest, question.highest, question.kind
        if kind not in {"scale", "number"}:
            named = next(
                (name for name in ("lowest", "highest") if getattr(question, name) is not None), None
            )
            if named:
                yield (
                    _question_location(index, named),
                    f'a {kind} has no "{named}"; only a scale and a number have',
                )
        elif kind == "scale" and (lowest is None) != (highest is None):
            yield _question_location(index), f'question "{question.id}" needs both "lowest" and "highest"'
        elif lowest is not None and highest is not None:
            if lowest >= highest:
                yield (
                    _question_location(index, "highest"),
                    f"the highest, {highest}, is not above the lowest, {lowest}",
                )
            elif kind == "scale" and lowest < 0:
                yield _question_location(index, "lowest"), "a scale begins at 0 or above"
            elif kind == "scale" and highest - lowest > MAX_SCALE_STEPS:
                yield (
                    _question_location(index, "highest"),
                    f"a scale has at most {MAX_SCALE_STEPS + 1} steps; ask for a number instead",
                )


def _comments(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.comment_when and not question.comment:
            yield (
                _question_location(index, "comment_when"),
                f'question "{question.id}" has comment_when but no "comment" to write in',
            )
        if draft.lacks_list(index):
            continue
        for place, choice in enumerate(question.comment_when):
            if choice not in question.choice_values:
                has_none = f'but question "{question.id}" has no such option'
                message = f'option "{choice}" is used in comment_when {has_none}'
                yield _question_location(index, "comment_when", place), message


def _concerns(draft: PartialForm) -> RuleProblems:
    """One form has one box for a current concern."""
    beside = [index for index, question in draft.questions.items() if question.concern_beside]
    for index in beside[1:]:
        first = draft.questions[beside[0]]
        yield (
            _question_location(index, "concern_beside"),
            f'question "{first.id}" has concern_beside already; only one question may',
        )


def _conditions(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        rule, loc = question.show_if, _question_location(index, "show_if", "question")
        if rule is None or rule.question in draft.lost_ids:
            continue
        if rule.question not in draft.by_id:
            yield loc, f'there is no question "{rule.question}" to show this one by'
            continue
        place, before = draft.by_id[rule.question]
        if place >= index:
            yield loc, f'question "{rule.question}" comes later; show_if looks back only'
        elif not QUESTION_KINDS[before.kind].offers:
            yield (
                loc,
                f'question "{rule.question}" is a {before.kind}; show_if needs one with answers to choose',
            )
        elif not draft.lacks_list(place):
            yield from _rule_options(index, rule.options, before)
        if before.only_for and not set(question.only_for or ("",)) <= set(before.only_for):
            yield loc, f'question "{before.id}" is only for {_listed(before.only_for)}, this one for more'


def _rule_options(index: int, options: tuple[str, ...], before: Question) -> RuleProblems:
    for choice in options:
        if choice not in before.choice_values:
            yield (
                _question_location(index, "show_if"),
                f'option "{choice}" is used in show_if but question "{before.id}" has no such option',
            )


def _across_agencies(draft: PartialForm) -> RuleProblems:
    """What is said of answers that cannot all be true."""
    for index, question in draft.questions.items():
        named = [name for name in ("conflicts", "role") if getattr(question, name)]
        if named and QUESTION_KINDS[question.kind].offers != "answers":
            message = f'a {question.kind} has no "{named[0]}"; what has "answers" to choose from may have'
            yield _question_location(index, named[0]), message
        elif not draft.lacks_list(index):
            yield from _conflicts(index, question)
            yield from _role(index, question)


def _conflicts(index: int, question: Question) -> RuleProblems:
    seen: set[frozenset[str]] = set()
    for place, pair in enumerate(question.conflicts):
        loc = _question_location(index, "conflicts", place)
        if len(pair) != 2:  # noqa: PLR2004 — a pair
            yield loc, "a conflict is a pair of answers, such as [yes, no]"
            continue
        if pair[0] == pair[1]:
            yield loc, f'"{pair[0]}" stands on both sides; for what only one agency can do, say "role"'
        elif frozenset(pair) in seen:
            yield loc, f'the pair "{pair[0]}" and "{pair[1]}" is there already'
        seen.add(frozenset(pair))
        for side, choice in enumerate(pair):
            yield from _check_option_exists((*loc, side), question, choice, "conflicts")


def _role(index: int, question: Question) -> RuleProblems:
    if question.role is None:
        return
    own, another = question.role.own, question.role.another
    if own == another:
        yield _question_location(index, "role"), f'"{own}" cannot mean both the agency itself and another one'
    for name, choice in (("own", own), ("another", another)):
        yield from _check_option_exists(_question_location(index, "role", name), question, choice, "role")


def _check_option_exists(loc: Loc, question: Question, choice: str, word: str) -> RuleProblems:
    if question.option(choice) is None:
        yield loc, f'option "{choice}" is used in {word} but question "{question.id}" has no such option'


def _same(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.same_as is None or question.same_as in draft.lost_ids:
            continue
        if question.same_as not in draft.by_id:
            yield (
                _question_location(index, "same_as"),
                f'there is no question "{question.same_as}" that this one repeats',
            )
        elif draft.by_id[question.same_as][0] >= index:
            yield (
                _question_location(index, "same_as"),
                f'question "{question.same_as}" does not come before this one',
            )


def _asked_twice(draft: PartialForm) -> RuleProblems:
    seen: dict[str, Question] = {}
    for index, question in draft.questions.items():
        words = " ".join(question.ask.casefold().split()).rstrip("?.: ")
        if words in seen and question.same_as is None:
            first = seen[words]
            way_on = f'if the source does, say "same_as: {first.id}"'
            yield (
                _question_location(index, "ask"),
                f"question {question.number} repeats question {first.number}; {way_on}",
            )
        seen.setdefault(words, question)


def _no_none_of_these(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.kind == "checklist" and not question.none_of_these:
            message = (
                f'checklist "{question.id}" has no "none_of_these": no tick cannot be told from no answer'
            )
            yield _question_location(index), message


def _no_dont_know(draft: PartialForm) -> RuleProblems:
    places: dict[str, Loc] = {}
    for index, question in draft.questions.items():
        if question.kind != "choice" or any(option.counts_as == "dont_know" for option in question.answers):
            continue
        name = draft.lists_used.get(index)
        places.setdefault(
            name or question.id, ("answers", name) if name else _question_location(index, "answers")
        )
    for name, loc in places.items():
        yield (
            loc,
            f'the answers of "{name}" have no “Don’t know”: whoever cannot tell guesses or leaves it blank',
        )


def _unused(draft: PartialForm) -> RuleProblems:
    for theme in sorted(draft.themes - {question.theme for question in draft.questions.values()}):
        yield ("themes", theme), f'no question belongs to theme "{theme}"'
    for name in draft.lists:
        if name not in draft.lists_used.values():
            yield ("answers", name), f'no question uses the list of answers "{name}"'


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


MISTAKES = (
    _ids_and_numbers,
    _themes,
    _lists,
    _offers,
    _statements,
    _bounds,
    _comments,
    _conditions,
    _concerns,
    _across_agencies,
    _same,
)
WARNINGS = (_asked_twice, _no_none_of_these, _no_dont_know, _unused)
