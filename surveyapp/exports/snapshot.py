"""Everything that an export says, read at one moment: the figures, the returns, and who was asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from surveyapp.answering.concerns.queries import requests_with_concern
from surveyapp.answering.returns.queries import NIL
from surveyapp.collating.figures import Collation, Rule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.defining.question_kinds import Given
from surveyapp.defining.shown_questions import shown
from surveyapp.exports.queries import Asked, agencies_of, all_asked, stored_answers
from surveyapp.exports.return_rows import AgencyFacts, CaseFacts, Returned
from surveyapp.exports.spooled_answers import KeptAside, Stored
from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import cells

# How many returns are read in one statement.
AT_ONCE = 500


@dataclass(frozen=True)
class Reading:
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
    asked: tuple[Asked, ...]
    words: Mapping[int, str]
    # Requests about which a current practice concern stands; what was said of it is in no export.
    with_concern: frozenset[int]
    answers: KeptAside

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.answers.close()

    @property
    def returns_read(self) -> int:
        """How many returns the export is of, nil ones too."""
        return len(self.answers)

    def returns(self) -> Iterator[Returned]:
        """Each return that came in, nil ones too: one at a time, decrypted as it is taken."""
        counted = [each for each in self.asked if each.counts]
        for number, asked in enumerate(counted):
            yield self._returned(asked, self.answers.at(number))

    def nil_returns(self) -> Iterator[Returned]:
        """The returns of agencies that had nothing to audit."""
        counted = [each for each in self.asked if each.counts]
        for number, asked in enumerate(counted):
            if asked.nil_reason:
                yield self._returned(asked, self.answers.at(number))

    def answers_to(self, number: int, question: str) -> tuple[Given, ...]:
        """What one of the returns answered to one question; `number` counts them from 0."""
        return _given(self.answers.at(number, question))

    @property
    def withdrawn(self) -> int:
        """How many of the requests that the filters keep were withdrawn."""
        return sum(each.withdrawn_at is not None for each in self.asked)

    @property
    def concerns(self) -> int:
        """About how many of the requests that the filters keep a current practice concern stands."""
        return sum(each.request_id in self.with_concern for each in self.asked)

    def _returned(self, asked: Asked, stored: list[Stored]) -> Returned:
        agency = self.agencies[asked.agency_id]
        given = _given(stored)
        where = next(
            (each.text or "" for each in given if each.question == NIL and each.item == "whereabouts"), ""
        )
        if asked.nil_reason:
            given = ()
        asked_here = _asked_of(self.definition, agency.kind, given)
        return Returned(
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
def _put_to(definition: AuditForm, agency_kind: str) -> tuple[tuple[Question, ...], frozenset[str], bool]:
    """The questions for a kind of agency, their ids, and whether any of them hangs on another."""
    questions = definition.questions_for(agency_kind)
    return questions, frozenset(each.id for each in questions), any(each.show_if for each in questions)


def _asked_of(definition: AuditForm, agency_kind: str, given: tuple[Given, ...]) -> frozenset[str]:
    questions, names, hanging = _put_to(definition, agency_kind)
    return shown(questions, given) if hanging else names


def _given(stored: Iterable[Stored]) -> tuple[Given, ...]:
    """Answers in clear."""
    opened = keys().fernet.decrypt
    return tuple(
        Given(question, line, option, None if token is None else opened(token).decode())
        for question, line, option, token in stored
    )


def read_audit(audit: Audit, *, filters: Filters, rule: Rule, now: datetime) -> Reading:
    """Read all that an export of this audit says, in few statements; nothing is decrypted yet.

    On PostgreSQL the caller's transaction sees one moment only after `at_one_moment`.
    """
    asked = all_asked(audit, filters)
    counted = [each for each in asked if each.counts]
    answers = KeptAside()
    try:
        for first in range(0, len(counted), AT_ONCE):
            chunk = counted[first : first + AT_ONCE]
            found = stored_answers([each.revision_id for each in chunk if each.revision_id is not None])
            for each in chunk:
                answers.add(found.get(each.revision_id or 0, ()))
        return Reading(
            audit_id=audit.id,
            title=audit.title,
            read_at=now,
            definition=form_of(audit),
            collation=collate(audit, filters=filters, rule=rule, now=now),
            cases={case.id: CaseFacts.of(case) for case in audit.cases},
            agencies={agency.id: AgencyFacts(agency.name, agency.kind) for agency in agencies_of(audit)},
            asked=tuple(asked),
            words={cell.request_id: cell.word for cell in cells(audit)},
            with_concern=frozenset(requests_with_concern(audit)),
            answers=answers,
        )
    except BaseException:
        answers.close()
        raise


def at_one_moment() -> None:
    """Let the transaction that begins now see the database as it is now, whatever comes in meanwhile.

    SQLite does so by itself.
    """
    if engine().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
