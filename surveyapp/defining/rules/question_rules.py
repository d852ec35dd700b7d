"""Rules for each question of a form by itself."""

from datetime import date

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.question_parts import TODAY, Option
from surveyapp.defining.rules.partial_form import PartialForm, RuleProblems, question_location, sorted_names
from surveyapp.defining.strict_yaml import Loc
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.typed_dates import stored_date

MAX_SCALE_STEPS = 20
# Names that the web form needs for itself, or that our pages post beside the answers.
RESERVED_IDS = frozenset(
    {
        "action",
        "shown_by",
        "is_number_scale",
        "is_short",
        "option_hints",
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
        "form_sections",
        "given",
        "hidden_tag",
        "is_submitted",
        "meta",
        "opens_comment",
        "populate_obj",
        "post_process",
        "process",
        "questions",
        "refused",
        "room_for_text",
        "seen_version",
        "storable",
        "submission_id",
        "validate",
        "validate_on_submit",
        "version",
    }
)


def _ids_and_numbers(draft: PartialForm) -> RuleProblems:
    ids: dict[str, int] = {}
    numbers: dict[int, str] = {}
    for index, question in draft.questions.items():
        if question.id in ids:
            yield (
                question_location(index, "id"),
                f'question "{question.id}" is there already, as number {ids[question.id]}',
            )
        if question.number in numbers:
            yield (
                question_location(index, "number"),
                f'number {question.number} is question "{numbers[question.number]}" already',
                f"two questions have the number {question.number}",
            )
        if question.id in RESERVED_IDS or question.id.startswith(("validate_", "filter_")):
            yield (
                question_location(index, "id"),
                f'"{question.id}" is a name the page needs itself; choose another id',
            )
        ids.setdefault(question.id, question.number)
        numbers.setdefault(question.number, question.id)


def _themes(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.theme not in draft.themes:
            yield (
                question_location(index, "theme"),
                f'there is no theme "{question.theme}"; the themes are {sorted_names(draft.themes)}',
                "choose a theme of this form",
            )


def _kinds_of_agency(draft: PartialForm) -> RuleProblems:
    """A kind that does not exist would be asked nothing, and nobody would notice."""
    for index, question in draft.questions.items():
        for position, kind in enumerate(question.only_for):
            if kind not in AGENCY_KINDS:
                yield (
                    question_location(index, "only_for", position),
                    f'there is no kind of agency "{kind}"; the kinds are {", ".join(AGENCY_KINDS)}',
                )


def _lists(draft: PartialForm) -> RuleProblems:
    for index, name in draft.lists_used.items():
        if name not in draft.lists and name not in draft.lost_lists:
            known = sorted_names(draft.lists) or "none"
            yield (
                question_location(index, "answers"),
                f'there is no list of answers "{name}"; the lists are {known}',
                "its list of answers is not in the form",
            )
    for name, options in draft.lists.items():
        yield from _repeats(("answers", name), options)
    for index, question in draft.questions.items():
        if index not in draft.lists_used and question.answers and question.lowest is None:
            yield from _repeats(question_location(index, "answers"), question.answers)


def _repeats(loc: Loc, options: tuple[Option, ...]) -> RuleProblems:
    values: set[str] = set()
    labels: set[str] = set()
    if len(options) == 1:
        yield loc, "one answer is no choice; give two or more"
    for position, option in enumerate(options):
        if option.value in values:
            yield (
                (*loc, position, "value"),
                f'answer "{option.value}" is in this list already',
                f"“{option.label}” is stored under the same name as another answer; take one of them out",
            )
        if option.label in labels:
            yield (*loc, position, "label"), f"another answer of this list reads “{option.label}” too"
        values.add(option.value)
        labels.add(option.label)


def _offers(draft: PartialForm) -> RuleProblems:
    """Keys that each kind needs, and keys that it cannot have."""
    for index, question in draft.questions.items():
        rules, kind = QUESTION_KINDS[question.kind], question.kind
        offers = rules.offers
        has_list = bool(question.answers) or index in draft.lists_used
        half_a_scale = (question.lowest is None) != (question.highest is None)
        if offers == "answers" and not has_list and not half_a_scale:
            wanted = '"lowest" and "highest", or "answers"' if rules.bounds_give_answers else '"answers"'
            scale = "give the lowest and the highest number, or the answers to choose from"
            yield (
                question_location(index),
                f'question "{question.id}" is a {kind} and needs {wanted}',
                scale if rules.bounds_give_answers else "add the answers to choose from",
            )
        if offers == "items" and not question.items:
            yield (
                question_location(index),
                f'question "{question.id}" is a checklist and needs "items"',
                "add the lines to tick",
            )
        if offers != "answers" and has_list:
            yield (
                question_location(index, "answers"),
                f'a {kind} has no "answers"',
                "this kind has no answers to choose; take them out",
            )
        if offers != "items" and question.items:
            yield (
                question_location(index, "items"),
                f'a {kind} has no "items"; only a checklist has',
                "this kind has no lines to tick; take them out",
            )
        if offers != "items" and question.none_of_these:
            yield (
                question_location(index, "none_of_these"),
                f'a {kind} has no "none_of_these"; only a checklist has',
                "only a list to tick has “None of these”",
            )
        if question.comment and not rules.takes_comment:
            yield question_location(index, "comment"), f"a {kind} is written already and has no comment"


def _statements(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        earlier: set[str] = set()
        for position, line in enumerate(question.items):
            if line.id in {COMMENT, NONE_OF_THESE}:
                yield (
                    question_location(index, "items", position, "id"),
                    f'"{line.id}" is a name we need ourselves; choose another id',
                )
            if line.id in earlier:
                yield (
                    question_location(index, "items", position, "id"),
                    f'line "{line.id}" is in this checklist already',
                )
            earlier.add(line.id)


def _bounds(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        lowest, highest, rules = question.lowest, question.highest, QUESTION_KINDS[question.kind]
        is_scale = rules.bounds_give_answers
        if not rules.takes_bounds:
            name = "lowest" if lowest is not None else "highest" if highest is not None else ""
            if name:
                message = f'a {question.kind} has no "{name}"; only a scale and a number have'
                yield question_location(index, name), message, f"only a scale and a number have a {name}"
        elif is_scale and (lowest is None) != (highest is None):
            yield (
                question_location(index),
                f'question "{question.id}" needs both "lowest" and "highest"',
                "give both the lowest and the highest number",
            )
        elif lowest is not None and highest is not None:
            if lowest >= highest:
                yield (
                    question_location(index, "highest"),
                    f"the highest, {highest}, is not above the lowest, {lowest}",
                )
            elif is_scale and lowest < 0:
                yield question_location(index, "lowest"), "a scale begins at 0 or above"
            elif is_scale and highest - lowest > MAX_SCALE_STEPS:
                yield (
                    question_location(index, "highest"),
                    f"a scale has at most {MAX_SCALE_STEPS + 1} steps; ask for a number instead",
                )


def _days(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        days: dict[str, date] = {}
        for name in ("earliest", "latest"):
            bound, loc = getattr(question, name), question_location(index, name)
            if bound and not QUESTION_KINDS[question.kind].takes_days:
                yield (
                    loc,
                    f'a {question.kind} has no "{name}"; only a date has',
                    "only a date has a first and a last day",
                )
            elif bound and bound != TODAY:
                day = stored_date(bound)
                if day is None:
                    yield loc, f'{bound} is no day; write one like 2020-09-01, or "{TODAY}"'
                else:
                    days[name] = day
        if len(days) == 2 and days["earliest"] > days["latest"]:  # noqa: PLR2004 — both
            loc = question_location(index, "latest")
            yield loc, f"the latest, {question.latest}, is before the earliest, {question.earliest}"


def _comments(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if question.comment_when and not question.comment:
            yield (
                question_location(index, "comment_when"),
                f'question "{question.id}" has comment_when but no "comment" to write in',
                "an answer needs a comment, and there is no comments box",
            )
        if draft.lacks_list(index):
            continue
        for position, choice in enumerate(question.comment_when):
            if choice not in question.choice_values:
                has_none = f'but question "{question.id}" has no such option'
                message = f'option "{choice}" is used in comment_when {has_none}'
                words = "an answer that needs a comment is no longer offered"
                yield question_location(index, "comment_when", position), message, words


QUESTION_RULES = (
    _ids_and_numbers,
    _themes,
    _kinds_of_agency,
    _lists,
    _offers,
    _statements,
    _bounds,
    _days,
    _comments,
)
