"""Warnings about a form that works but may not be as intended."""

from surveyapp.defining.definition import Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.defining.rules.double_barrelled import asks_two_things
from surveyapp.defining.rules.partial_form import PartialForm, RuleProblems, question_location
from surveyapp.defining.strict_yaml import Loc


def _asked_twice(draft: PartialForm) -> RuleProblems:
    first_questions: dict[str, Question] = {}
    for index, question in draft.questions.items():
        words = " ".join(question.ask.casefold().split()).rstrip("?.: ")
        if words in first_questions and question.same_as is None:
            first = first_questions[words]
            way_on = f'if the source does, say "same_as: {first.id}"'
            yield (
                question_location(index, "ask"),
                f"question {question.number} repeats question {first.number}; {way_on}",
                f"question {question.number} repeats question {first.number}",
            )
        first_questions.setdefault(words, question)


def _no_none_of_these(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if QUESTION_KINDS[question.kind].offers == "items" and not question.none_of_these:
            message = (
                f'checklist "{question.id}" has no "none_of_these": no tick cannot be told from no answer'
            )
            words = "there is no “None of these”: no tick cannot be told from no answer"
            yield question_location(index), message, words


def _no_dont_know(draft: PartialForm) -> RuleProblems:
    places: dict[str, Loc] = {}
    for index, question in draft.questions.items():
        if question.kind != "choice" or any(option.counts_as == "dont_know" for option in question.answers):
            continue
        name = draft.lists_used.get(index)
        places.setdefault(
            name or question.id, ("answers", name) if name else question_location(index, "answers")
        )
    for name, loc in places.items():
        yield (
            loc,
            f'the answers of "{name}" have no “Don’t know”: whoever cannot tell guesses or leaves it blank',
            "there is no “Don’t know”: whoever cannot tell guesses or leaves it blank",
        )


def _two_things_at_once(draft: PartialForm) -> RuleProblems:
    for index, question in draft.questions.items():
        if asks_two_things(question.ask):
            way_on = "ask each by itself, so that one answer cannot stand for both"
            message = f"question {question.number} seems to ask two things at once; {way_on}"
            words = f"it seems to ask two things at once; {way_on}"
            yield question_location(index, "ask"), message, words


def _no_open_question(draft: PartialForm) -> RuleProblems:
    if draft.questions and not any(question.kind == "long_text" for question in draft.questions.values()):
        message = (
            "no question is a long_text; ask an open one too, on good practice or on what there is to learn"
        )
        words = "no question takes a longer text; ask an open one too, on good practice or on what to learn"
        yield ("questions",), message, words


def _unused(draft: PartialForm) -> RuleProblems:
    for theme in sorted(draft.themes - {question.theme for question in draft.questions.values()}):
        message = f'no question belongs to theme "{theme}"'
        yield ("themes", theme), message, "no question belongs to this theme"
    for name in draft.lists:
        if name not in draft.lists_used.values():
            message = f'no question uses the list of answers "{name}"'
            yield ("answers", name), message, "no question uses this list of answers"


WARNINGS = (
    _asked_twice,
    _two_things_at_once,
    _no_open_question,
    _no_none_of_these,
    _no_dont_know,
    _unused,
)
