"""The options that a return chose, in the words of the form, to print beside its comments."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from surveyapp.answering.models import Answer
from surveyapp.defining.definition import Question
from surveyapp.foundation.store.db import session


def chosen_answers(
    questions: Iterable[Question], revision_ids: Iterable[int]
) -> dict[tuple[int, str], tuple[str, ...]]:
    """The options that each revision chose in each question, in the form's words and order; one statement.

    Keys are the ids of revision and question; there is no entry where nothing was chosen.
    """
    by_id = {question.id: question for question in questions}
    rows = session.execute(
        select(Answer.revision_id, Answer.question, Answer.item, Answer.option)
        .where(Answer.revision_id.in_(list(revision_ids)), Answer.question.in_(by_id), Answer.option != "")
        .order_by(Answer.revision_id, Answer.id)
    )
    choices: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for revision_id, question_id, item, option in rows:
        choices.setdefault((revision_id, question_id), []).append((item, option))
    return {key: _in_words(by_id[key[1]], pairs) for key, pairs in choices.items()}


def _in_words(question: Question, choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    if question.kind != "checklist":
        return tuple(question.name_of(option) for _line, option in choices)
    ticked = {line for line, option in choices if option == "yes"}
    return tuple(line.name for line in question.items if line.id in ticked) or (
        question.none_of_these or "None of these",
    )
