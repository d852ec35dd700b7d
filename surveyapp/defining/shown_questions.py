"""What the answers given so far mean for the rest: what is asked, what is answered, what wants a comment."""

from collections.abc import Iterable

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer


def is_answered(given: Iterable[GivenAnswer]) -> bool:
    """Whether these answers to one question answer it; a comment alone does not."""
    return any(each.item != COMMENT for each in given)


def chosen_values(given: Iterable[GivenAnswer]) -> frozenset[str]:
    """What was chosen in one question: option values, or the ids of the lines ticked, or “None of these”."""
    answers = [each for each in given if each.option]
    lines = [each for each in answers if each.item]
    if not lines:
        return frozenset(each.option for each in answers)
    return frozenset(each.item for each in lines if each.option == "yes") or frozenset({NONE_OF_THESE})


def choice_needing_comment(question: Question, given: Iterable[GivenAnswer]) -> str | None:
    """What was chosen that asks for a comment, if anything."""
    picked = chosen_values(given)
    return next((choice for choice in question.comment_when if choice in picked), None)


def answers_by_question(given: Iterable[GivenAnswer]) -> dict[str, tuple[GivenAnswer, ...]]:
    """The answers of each question, in the order given."""
    found: dict[str, tuple[GivenAnswer, ...]] = {}
    for each in given:
        found[each.question] = (*found.get(each.question, ()), each)
    return found


def shown_question_ids(questions: Iterable[Question], given: Iterable[GivenAnswer]) -> frozenset[str]:
    """The ids of the questions these answers let be asked.

    Where the question it hangs on is still blank, one that was answered all the same stays.
    """
    answers = answers_by_question(given)
    found: set[str] = set()
    for question in questions:
        rule, own = question.show_if, answers.get(question.id, ())
        if rule is None:
            found.add(question.id)
        elif rule.question in found:
            before = answers.get(rule.question, ())
            if rule.holds(chosen_values(before)) or (not is_answered(before) and own):
                found.add(question.id)
    return frozenset(found)


def answered_and_asked(
    definition: AuditForm, agency_kind: str | None, given: Iterable[GivenAnswer]
) -> tuple[int, int]:
    """How many questions are answered, and out of how many: the "9 of 14" of a draft."""
    questions, given = definition.questions_for(agency_kind), tuple(given)
    asked, answers = shown_question_ids(questions, given), answers_by_question(given)
    return sum(is_answered(answers.get(each, ())) for each in asked), len(asked)


def when_to_answer(definition: AuditForm, question: Question) -> str:
    """Say in words when a question is to be answered; empty when always."""
    rule = question.show_if
    if rule is None:
        return ""
    before = definition.question(rule.question)
    names = [f"“{before.name_of(choice)}”" for choice in rule.options]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    other = "anything but " if rule.is_not is not None else ""
    return f"Answer this if your answer to question {before.number} is {other}{listed}."
