"""Hints at likely personal details in answers, until the writer edits the wording or chooses to keep it.

A hint never blocks (docs/personal-details.md). Wordings that were kept are stored as keyed digests.
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
# The most kept wordings that one return stores, since a page may send any number.
MOST_KEPT = 500
_LABEL = "surveyapp/kept-wording/v1"
_MARK_LENGTH = 32
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class DetailHint:
    """One wording in an answer: its question and box, what it looks like, and its digest."""

    question: Question
    field: str
    wording: str
    looks_like: str
    mark: str


def detail_hints(
    definition: AuditForm, answers: Iterable[GivenAnswer], audit_return: Return | None
) -> tuple[DetailHint, ...]:
    """Likely personal details in these answers, each wording once for its box.

    Without the wordings that were kept, and without answers to questions that ask for a person.
    """
    questions = {question.id: question for question in definition.questions}
    kept_digests = set(audit_return.kept_wordings) if audit_return else set()
    hints: dict[tuple[str, str], DetailHint] = {}
    for answer in answers:
        question = questions.get(answer.question)
        if question is None or not answer.text or question.kind == "contact":
            continue
        field = f"{question.id}-{COMMENT}" if answer.item == COMMENT else question.id
        for detail in find_personal_details(answer.text):
            digests = [_wording_digest(detail.wording, key) for key in keys().link]
            if kept_digests.isdisjoint(digests):
                words = DETAIL_KINDS_IN_WORDS[detail.kind]
                hint = DetailHint(question, field, detail.wording, words, digests[0])
                hints.setdefault((field, hint.mark), hint)
    return tuple(hints.values())


def keep_wordings(audit_return: Return, marks: Iterable[str]) -> None:
    """Stop pointing out the wordings with these digests on this return; anything malformed is dropped."""
    valid = [mark for mark in marks if len(mark) == _MARK_LENGTH and _HEX.issuperset(mark)]
    added = [mark for mark in dict.fromkeys(valid) if mark not in audit_return.kept_wordings]
    if added:
        # A new list, because the column does not notice a change within the old one.
        audit_return.kept_wordings = [*audit_return.kept_wordings, *added][-MOST_KEPT:]


def _wording_digest(wording: str, key: bytes) -> str:
    plain = " ".join(wording.casefold().split())
    return hmac.new(derive_key(key, _LABEL), plain.encode(), sha256).hexdigest()[:_MARK_LENGTH]
