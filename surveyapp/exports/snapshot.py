"""Everything that an export says, read at one moment: the figures, the returns, and who was asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from surveyapp.answering.concerns.queries import requests_with_concern
from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.collating.figures import Collation, DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import shown_question_ids
from surveyapp.exports.queries import RequestRow, agencies_of, request_rows, stored_answers
from surveyapp.exports.return_rows import AgencyFacts, CaseFacts, ReturnRow
from surveyapp.exports.spooled_answers import SpooledAnswers, StoredAnswer
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.tracking.status_queries import request_cells

# How many returns are read in one statement.
RETURNS_PER_QUERY = 500


@dataclass(frozen=True)
class AuditSnapshot:
    """One audit as it stood at one moment; close it when the file is built.

    `asked` are the requests that the filters keep; `answers` belong to those of them that count, in order.
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
    # Requests about which a current practice concern stands; what was said of it is in no export.
    with_concern: frozenset[int]
    answers: SpooledAnswers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.answers.close()

    @property
    def returns_read(self) -> int:
        """How many returns the export is of, nil ones too."""
        return len(self.answers)

    def returns(self) -> Iterator[ReturnRow]:
        """Each return that came in, nil ones too: one at a time, decrypted as it is taken."""
        counted = [each for each in self.asked if each.counts]
        for number, asked in enumerate(counted):
            yield self._returned(asked, self.answers.at(number))

    def nil_returns(self) -> Iterator[ReturnRow]:
        """The returns of agencies that had nothing to audit."""
        counted = [each for each in self.asked if each.counts]
        for number, asked in enumerate(counted):
            if asked.nil_reason:
                yield self._returned(asked, self.answers.at(number))

    def answers_to(self, number: int, question: str) -> tuple[GivenAnswer, ...]:
        """What one of the returns answered to one question; `number` counts them from 0."""
        return _decrypted_answers(self.answers.at(number, question))

    @property
    def withdrawn(self) -> int:
        """How many of the requests that the filters keep were withdrawn."""
        return sum(each.withdrawn_at is not None for each in self.asked)

    @property
    def concerns(self) -> int:
        """About how many of the requests that the filters keep a current practice concern stands."""
        return sum(each.request_id in self.with_concern for each in self.asked)

    def _returned(self, asked: RequestRow, stored: list[StoredAnswer]) -> ReturnRow:
        agency = self.agencies[asked.agency_id]
        given = _decrypted_answers(stored)
        where = next(
            (
                each.text or ""
                for each in given
                if each.question == NIL_RETURN_QUESTION and each.item == "whereabouts"
            ),
            "",
        )
        if asked.nil_reason:
            given = ()
        asked_here = _question_ids_asked(self.definition, agency.kind, given)
        return ReturnRow(
            case=self.cases[asked.case_id],
            agency=agency,
            reference=asked.reference,
            returned_at=asked.returned_at or self.read_at,
            is_late=asked.is_late,
            nil_reason=asked.nil_reason,
            whereabouts=where if asked.nil_reason else "",
            # What was answered before another answer took its question away counts for nothing.
            given=tuple(each for each in given if each.question in asked_here),
            not_asked=frozenset(each.id for each in self.definition.questions if each.id not in asked_here),
        )


@lru_cache(maxsize=64)
def _questions_for_kind(
    definition: AuditForm, agency_kind: str
) -> tuple[tuple[Question, ...], frozenset[str], bool]:
    """The questions for a kind of agency, their ids, and whether any of them hangs on another."""
    questions = definition.questions_for(agency_kind)
    return questions, frozenset(each.id for each in questions), any(each.show_if for each in questions)


def _question_ids_asked(
    definition: AuditForm, agency_kind: str, given: tuple[GivenAnswer, ...]
) -> frozenset[str]:
    questions, names, hanging = _questions_for_kind(definition, agency_kind)
    return shown_question_ids(questions, given) if hanging else names


def _decrypted_answers(stored: Iterable[StoredAnswer]) -> tuple[GivenAnswer, ...]:
    """Answers in clear."""
    opened = keys().fernet.decrypt
    return tuple(
        GivenAnswer(question, line, option, None if token is None else opened(token).decode())
        for question, line, option, token in stored
    )


def read_audit(audit: Audit, *, filters: Filters, rule: DenominatorRule, now: datetime) -> AuditSnapshot:
    """Read all that an export of this audit says, in few statements; nothing is decrypted yet.

    On PostgreSQL the caller's transaction sees one moment only after `begin_repeatable_read`.
    """
    asked = request_rows(audit, filters)
    counted = [each for each in asked if each.counts]
    answers = SpooledAnswers()
    try:
        for first in range(0, len(counted), RETURNS_PER_QUERY):
            chunk = counted[first : first + RETURNS_PER_QUERY]
            found = stored_answers([each.revision_id for each in chunk if each.revision_id is not None])
            for each in chunk:
                answers.add(found.get(each.revision_id or 0, ()))
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
    """Let the transaction that begins now see the database as it is now, whatever comes in meanwhile.

    SQLite does so by itself.
    """
    if engine().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
