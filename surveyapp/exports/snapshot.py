"""An audit read at one moment for export: its figures, its requests and its returns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Self

from surveyapp.answering.concerns.queries import requests_with_concern
from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.collating.figures import Collation, DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import shown_question_ids
from surveyapp.exports.queries import TEXT_PLACE, RequestRow, agencies_of, request_rows, stored_answers
from surveyapp.exports.return_rows import AgencyFacts, CaseFacts, ReturnRow
from surveyapp.exports.spooled_answers import SpooledAnswers, StoredAnswer
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.encrypted_text import decrypt_text
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.tracking.status_queries import request_cells

# The number of returns read in one statement.
RETURNS_PER_QUERY = 500


@dataclass(frozen=True)
class AuditSnapshot:
    """One audit at one moment; close it when the file is built.

    `asked` holds the requests that the filters select, `answers` the answers of those that count, in the same
    order, and `words` the state of each request in words, by its id.
    """

    audit_id: int
    title: str
    read_at: datetime
    definition: AuditForm
    collation: Collation
    cases: Mapping[int, CaseFacts]
    agencies: Mapping[int, AgencyFacts]
    asked: tuple[RequestRow, ...]
    words: Mapping[int, str]
    # Ids of requests with a current practice concern; the text of a concern is in no export.
    with_concern: frozenset[int]
    answers: SpooledAnswers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.answers.close()

    @property
    def returns_read(self) -> int:
        """The number of returns in the export, including nil returns."""
        return len(self.answers)

    @cached_property
    def counted(self) -> tuple[RequestRow, ...]:
        """The requests whose returns are in the export."""
        return tuple(request_row for request_row in self.asked if request_row.counts)

    def returns(self) -> Iterator[ReturnRow]:
        """The returns, including nil returns, each decrypted as it is taken."""
        for number, request_row in enumerate(self.counted):
            yield self._return_row(request_row, self.answers.at(number))

    def nil_returns(self) -> Iterator[ReturnRow]:
        """The nil returns, each decrypted as it is taken."""
        for number, request_row in enumerate(self.counted):
            if request_row.nil_reason:
                yield self._return_row(request_row, self.answers.at(number))

    def answers_to(self, number: int, question: str) -> tuple[GivenAnswer, ...]:
        """The answers of one return to one question; `number` is the index of the return in `counted`."""
        return _decrypted_answers(self.answers.at(number, question))

    @property
    def withdrawn(self) -> int:
        """The number of selected requests that were withdrawn."""
        return sum(request_row.withdrawn_at is not None for request_row in self.asked)

    @property
    def concerns(self) -> int:
        """The number of selected requests with a current practice concern."""
        return sum(request_row.request_id in self.with_concern for request_row in self.asked)

    def _return_row(self, request_row: RequestRow, stored: list[StoredAnswer]) -> ReturnRow:
        """Decrypt one return, without answers to questions that it was not asked."""
        agency = self.agencies[request_row.agency_id]
        answers = _decrypted_answers(stored)
        whereabouts = next(
            (
                answer.text or ""
                for answer in answers
                if answer.question == NIL_RETURN_QUESTION and answer.item == "whereabouts"
            ),
            "",
        )
        if request_row.nil_reason:
            answers = ()
        asked_ids = _question_ids_asked(self.definition, agency.kind, answers)
        return ReturnRow(
            case=self.cases[request_row.case_id],
            agency=agency,
            reference=request_row.reference,
            returned_at=request_row.returned_at or self.read_at,
            is_late=request_row.is_late,
            nil_reason=request_row.nil_reason,
            whereabouts=whereabouts if request_row.nil_reason else "",
            # An answer may remain to a question that a later answer hid again.
            given=tuple(answer for answer in answers if answer.question in asked_ids),
            not_asked=frozenset(
                question.id for question in self.definition.questions if question.id not in asked_ids
            ),
            received_by=request_row.received_by,
        )


@lru_cache(maxsize=64)
def _questions_for_kind(
    definition: AuditForm, agency_kind: str
) -> tuple[tuple[Question, ...], frozenset[str], bool]:
    """The questions for a kind of agency, their ids, and whether any of them depends on another's answer."""
    questions = definition.questions_for(agency_kind)
    return (
        questions,
        frozenset(question.id for question in questions),
        any(question.show_if for question in questions),
    )


def _question_ids_asked(
    definition: AuditForm, agency_kind: str, answers: tuple[GivenAnswer, ...]
) -> frozenset[str]:
    """The ids of the questions that an agency of this kind was asked, given its answers."""
    questions, ids, has_conditions = _questions_for_kind(definition, agency_kind)
    return shown_question_ids(questions, answers) if has_conditions else ids


def _decrypted_answers(stored: Iterable[StoredAnswer]) -> tuple[GivenAnswer, ...]:
    """Decrypt stored answers."""
    return tuple(
        GivenAnswer(question, line, option, None if token is None else decrypt_text(token, TEXT_PLACE))
        for question, line, option, token in stored
    )


def read_audit(audit: Audit, *, filters: Filters, rule: DenominatorRule, now: datetime) -> AuditSnapshot:
    """Read an audit for export in few statements, without decrypting anything.

    On PostgreSQL, call `begin_repeatable_read` first, so that all statements see one moment.
    """
    asked = request_rows(audit, filters)
    counted = [request_row for request_row in asked if request_row.counts]
    answers = SpooledAnswers()
    try:
        for first in range(0, len(counted), RETURNS_PER_QUERY):
            chunk = counted[first : first + RETURNS_PER_QUERY]
            revision_ids = [row.revision_id for row in chunk if row.revision_id is not None]
            by_revision = stored_answers(revision_ids)
            for request_row in chunk:
                answers.add(by_revision.get(request_row.revision_id or 0, ()))
        return AuditSnapshot(
            audit_id=audit.id,
            title=audit.title,
            read_at=now,
            definition=form_of(audit),
            collation=collate(audit, filters=filters, rule=rule, now=now),
            cases={case.id: CaseFacts.of(case) for case in audit.cases},
            agencies={agency.id: AgencyFacts(agency.name, agency.kind) for agency in agencies_of(audit)},
            asked=tuple(asked),
            words={cell.request_id: cell.word for cell in request_cells(audit)},
            with_concern=frozenset(requests_with_concern(audit)),
            answers=answers,
        )
    except BaseException:
        answers.close()
        raise


def begin_repeatable_read() -> None:
    """Make this transaction repeatable read on PostgreSQL, so that all its statements see one moment.

    On SQLite every transaction does so already.
    """
    if engine().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
