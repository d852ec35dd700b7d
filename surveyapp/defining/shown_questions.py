"""Which questions are shown for the answers so far, which are answered, and which need a comment."""

from collections.abc import Iterable

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer


def is_answered(given: Iterable[GivenAnswer]) -> bool:
    """Whether a question has an answer among these; a comment alone is none."""
    return any(answer.item != COMMENT for answer in given)


def chosen_values(given: Iterable[GivenAnswer]) -> frozenset[str]:
    """The choices in one question: option values, ids of the lines ticked, or “None of these”."""
    answers = [answer for answer in given if answer.option]
    lines = [answer for answer in answers if answer.item]
    if not lines:
        return frozenset(answer.option for answer in answers)
    return frozenset(line.item for line in lines if line.option == "yes") or frozenset({NONE_OF_THESE})


def choice_needing_comment(question: Question, given: Iterable[GivenAnswer]) -> str | None:
    """The first choice that needs a comment, if there is one."""
    chosen = chosen_values(given)
    return next((choice for choice in question.comment_when if choice in chosen), None)


def answers_by_question(given: Iterable[GivenAnswer]) -> dict[str, tuple[GivenAnswer, ...]]:
    """The answers to each question by its id, in their order."""
    by_question: dict[str, tuple[GivenAnswer, ...]] = {}
    for answer in given:
        by_question[answer.question] = (*by_question.get(answer.question, ()), answer)
    return by_question


def shown_question_ids(questions: Iterable[Question], given: Iterable[GivenAnswer]) -> frozenset[str]:
    """The ids of the questions that are shown for these answers.

    A question that is answered stays while the question it depends on is blank.
    """
    answers = answers_by_question(given)
    shown: set[str] = set()
    for question in questions:
        rule = question.show_if
        if rule is None:
            shown.add(question.id)
        elif rule.question in shown:
            gate = answers.get(rule.question, ())
            if rule.holds(chosen_values(gate)) or (not is_answered(gate) and question.id in answers):
                shown.add(question.id)
    return frozenset(shown)


def answered_and_asked(
    definition: AuditForm, agency_kind: str | None, given: Iterable[GivenAnswer]
) -> tuple[int, int]:
    """The numbers of answered and of shown questions, for the “9 of 14” of a draft."""
    questions, given = definition.questions_for(agency_kind), tuple(given)
    asked = len(shown_question_ids(questions, given))
    return asked - len(unanswered_questions(questions, given)), asked


def unanswered_questions(questions: Iterable[Question], given: Iterable[GivenAnswer]) -> tuple[Question, ...]:
    """The questions that are shown for these answers and have none, in the order of the form."""
    questions, given = tuple(questions), tuple(given)
    shown, answers = shown_question_ids(questions, given), answers_by_question(given)
    return tuple(
        question
        for question in questions
        if question.id in shown and not is_answered(answers.get(question.id, ()))
    )


def when_to_answer(definition: AuditForm, question: Question) -> str:
    """A sentence on when to answer a question; empty if it is always asked."""
    rule = question.show_if
    if rule is None:
        return ""
    gate = definition.question(rule.question)
    names = [f"“{gate.name_of(choice)}”" for choice in rule.options]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    other = "anything but " if rule.is_not is not None else ""
    return f"Answer this if your answer to question {gate.number} is {other}{listed}."
