"""What looks as if it named somebody, question by question, until the writer edits it or keeps it.

It never blocks (docs/personal-details.md). What is kept is remembered as a keyed digest of its wording.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from surveyapp.answering.models import Return
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.personal_details.finder import DetailKind, find_personal_details
from surveyapp.foundation.store.keys import derive_key, keys

DETAIL_KINDS_IN_WORDS: dict[DetailKind, str] = {
    "name": "a person’s name",
    "nhs_number": "an NHS number",
    "date_of_birth": "a date of birth",
    "postcode": "a postcode",
    "telephone": "a telephone number",
    "email": "an email address",
}
# How many wordings one return may keep: a page may send anything.
MOST_KEPT = 500
_LABEL = "surveyapp/kept-wording/v1"
_MARK_LENGTH = 32
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class DetailHint:
    """One wording in an answer: what it looks like, its box, and the mark by which it is kept."""

    question: Question
    field: str
    wording: str
    looks_like: str
    mark: str


def detail_hints(
    definition: AuditForm, given: Iterable[GivenAnswer], kept: Return | None
) -> tuple[DetailHint, ...]:
    """What looks like a personal detail in these answers, each wording once for its box.

    Left out are wordings that were kept, and answers to a question that asks for a person on purpose.
    """
    questions = {each.id: each for each in definition.questions}
    marks = set(kept.kept_wordings) if kept else set()
    found: dict[tuple[str, str], DetailHint] = {}
    for each in given:
        question = questions.get(each.question)
        if question is None or not each.text or question.kind == "contact":
            continue
        field = f"{question.id}-{COMMENT}" if each.item == COMMENT else question.id
        for detail in find_personal_details(each.text):
            made = [_wording_digest(detail.wording, key) for key in keys().link]
            if marks.isdisjoint(made):
                words = DETAIL_KINDS_IN_WORDS[detail.kind]
                out = DetailHint(question, field, detail.wording, words, made[0])
                found.setdefault((field, out.mark), out)
    return tuple(found.values())


def keep_wordings(kept: Return, marks: Iterable[str]) -> None:
    """Point these wordings out no more on this return; what is no mark is dropped."""
    right = [each for each in marks if len(each) == _MARK_LENGTH and _HEX.issuperset(each)]
    new = [each for each in dict.fromkeys(right) if each not in kept.kept_wordings]
    if new:
        # A new list: the column notices no change within the old one.
        kept.kept_wordings = [*kept.kept_wordings, *new][-MOST_KEPT:]


def _wording_digest(wording: str, key: bytes) -> str:
    plain = " ".join(wording.casefold().split())
    return hmac.new(derive_key(key, _LABEL), plain.encode(), sha256).hexdigest()[:_MARK_LENGTH]
