"""Changes to a form that is being made: its questions added, moved and removed, and ids made from words."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import count
from unicodedata import combining

from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.form_schema import WrittenQuestion
from surveyapp.defining.rules.question_rules import RESERVED_IDS
from surveyapp.foundation.normal_form import normal_form

LONGEST_ID = 60
_WORDS_OF_AN_ID = 6


def id_from(words: str, taken: Collection[str], *, otherwise: str) -> str:
    """An id made of the first words of a text, with a number if it is taken; `otherwise` for no words."""
    plain = "".join(sign for sign in normal_form("NFKD", words.casefold()) if not combining(sign))
    first = re.findall(r"[a-z0-9]+", plain.replace("’", "").replace("'", ""))[:_WORDS_OF_AN_ID]
    name = "_".join(first)[: LONGEST_ID - 4].strip("_")
    if not name or not name[0].isalpha():
        name = f"{otherwise}_{name}".strip("_")
    numbered = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(name for name in numbered if name not in taken)


def question_id(words: str, draft: FormDraft) -> str:
    """A free id for a new question with these words."""
    taken = {question.id for question in draft.questions} | RESERVED_IDS
    made = id_from(words, taken, otherwise="question")
    return f"question_{made}" if made.startswith(("validate_", "filter_")) else made


def with_question(draft: FormDraft, question: WrittenQuestion) -> FormDraft:
    """The form with a question in the place of the one with its id; a new one is put at the end."""
    others = [other for other in draft.questions if other.id != question.id]
    if len(others) == len(draft.questions):
        return with_questions(draft, [*draft.questions, question])
    return with_questions(
        draft, [question if other.id == question.id else other for other in draft.questions]
    )


def without_question(draft: FormDraft, name: str) -> FormDraft:
    """The form without a question; the heading that the question began passes to the next one of its part."""
    parts = [
        (heading, [question for question in questions if question.id != name])
        for heading, questions in _parts(draft.questions)
    ]
    return with_questions(draft, _joined(parts))


def moved_question(draft: FormDraft, name: str, by: int) -> FormDraft:
    """The form with a question one place earlier (`by` -1) or later (1); past a heading, into another part.

    The heading of the first part is left behind only where the part keeps a question.
    """
    parts = [(heading, list(questions)) for heading, questions in _parts(draft.questions)]
    for place, (_, questions) in enumerate(parts):
        position = next((index for index, question in enumerate(questions) if question.id == name), None)
        if position is None:
            continue
        target, next_part = position + by, place + by
        if 0 <= target < len(questions):
            questions.insert(target, questions.pop(position))
        elif 0 <= next_part < len(parts):
            into = parts[next_part][1]
            into.insert(0 if by > 0 else len(into), questions.pop(position))
        break
    return with_questions(draft, _joined(parts))


def with_questions(draft: FormDraft, questions: Iterable[WrittenQuestion]) -> FormDraft:
    """The form with these questions, numbered from 1 in their order."""
    numbered = tuple(
        question if question.number == number else question.model_copy(update={"number": number})
        for number, question in enumerate(questions, 1)
    )
    return draft.model_copy(update={"questions": numbered})


def _parts(questions: Sequence[WrittenQuestion]) -> list[tuple[str | None, list[WrittenQuestion]]]:
    """The questions by part of the form: each heading with the questions below it."""
    parts: list[tuple[str | None, list[WrittenQuestion]]] = []
    for question in questions:
        if question.section or not parts:
            parts.append((question.section, []))
        parts[-1][1].append(question)
    return parts


def _joined(parts: Iterable[tuple[str | None, Sequence[WrittenQuestion]]]) -> list[WrittenQuestion]:
    return [
        question.model_copy(update={"section": heading if place == 0 else None})
        for heading, questions in parts
        for place, question in enumerate(questions)
    ]
