"""One page of the comments that a filter selects, each with its judgement and its context."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import selectinload

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer
from surveyapp.collating.chosen_answers import chosen_answers
from surveyapp.defining.definition import Question
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import digest_of, is_digest_of
from surveyapp.gathering.comment_index import all_comments, has_comments, matches_read_comment
from surveyapp.gathering.comments.comment_filter import NEITHER, CommentFilter
from surveyapp.gathering.models import Quote, ReadComment
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# Few enough that staff save often.
COMMENTS_PER_PAGE = 20


@dataclass(frozen=True)
class CommentToRead:
    """One comment with its context and its judgement; `number` counts from 1 over the whole audit."""

    number: int
    request_id: int
    question: Question
    case: str
    agency: str
    agency_kind: str
    answer: tuple[str, ...]
    text: str
    read: ReadComment | None
    # The number of quotes chosen from it.
    quotes: int = 0

    @property
    def digest(self) -> str:
        """Keyed digest of the text shown."""
        return digest_of(self.text)

    @property
    def is_changed(self) -> bool:
        """Whether its text has changed since it was read."""
        return self.read is not None and not is_digest_of(self.read.digest, self.text)

    @property
    def judgement(self) -> str:
        """A key of JUDGEMENTS, NEITHER, or the empty text while it is unread."""
        return "" if self.read is None else self.read.judgement or NEITHER

    @property
    def theme_ids(self) -> frozenset[int]:
        """The ids of its themes."""
        return frozenset(theme.id for theme in self.read.themes) if self.read else frozenset()


@dataclass(frozen=True)
class CommentsToRead:
    """One page of the comments that a filter selects.

    `found` counts all of them, and `position` is the place among them of the first one shown, from 1;
    `previous` and `next` are the numbers at which the pages beside it begin.
    """

    shown: tuple[CommentToRead, ...]
    found: int
    position: int
    previous: int | None
    next: int | None


def comments_to_read(
    audit: Audit,
    comment_filter: CommentFilter | None = None,
    *,
    first: int | None = 1,
    most: int = COMMENTS_PER_PAGE,
    changed: frozenset[int] = frozenset(),
) -> CommentsToRead:
    """At most `most` of the comments that a filter selects, from number `first` on. Four statements.

    Without a number they begin with the first unread one, or with the first of all if every one is read.
    A comment keeps its number while others are judged, so that a reader keeps their place. `changed` is the
    result of `changed_since_read`, needed for the filter CHANGED only. Only texts of the page are decrypted.
    """
    comment_filter = comment_filter or CommentFilter()
    comments = all_comments(audit)
    rows = session.execute(
        select(comments.c.number, comments.c.answer_id, ReadComment.id)
        .outerjoin(ReadComment, matches_read_comment(comments))
        .where(comment_filter.condition(comments, changed))
        .order_by(comments.c.number)
    ).all()
    numbers = [row[0] for row in rows]
    if first is None:
        first = next((number for number, _answer, read_id in rows if read_id is None), 1)
    begin = bisect_left(numbers, first)
    numbers_of_page = {row[1]: row[0] for row in rows[begin : begin + most]}
    return CommentsToRead(
        shown=_comments_of_page(audit, numbers_of_page),
        found=len(rows),
        position=begin + 1,
        previous=numbers[max(0, begin - most)] if begin else None,
        next=numbers[begin + most] if begin + most < len(numbers) else None,
    )


def questions_with_comments(audit: Audit) -> list[Question]:
    """The questions of an audit that take a comment, in the form's order."""
    return [question for question in form_of(audit).questions if has_comments(question)]


def _comments_of_page(audit: Audit, numbers: dict[int, int]) -> tuple[CommentToRead, ...]:
    """Read the comments whose numbers are given by the ids of their answers."""
    if not numbers:
        return ()
    comments = all_comments(audit)
    statement: Any = (
        select(Answer, AuditRequest.id, Case.pseudonym, Agency.name, Agency.kind, ReadComment, _quote_count())
        .select_from(AuditRequest)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(comments, comments.c.request_id == AuditRequest.id)
        .join(Answer, Answer.id == comments.c.answer_id)
        .outerjoin(ReadComment, matches_read_comment(comments))
        .where(comments.c.answer_id.in_(numbers))
        .order_by(comments.c.number)
        .options(selectinload(ReadComment.themes))
    )
    rows = session.execute(statement).all()
    questions = {question.id: question for question in form_of(audit).questions}
    answers = chosen_answers(
        [questions[name] for name in {row[0].question for row in rows}], {row[0].revision_id for row in rows}
    )
    return tuple(
        CommentToRead(
            number=numbers[answer.id],
            request_id=request_id,
            question=questions[answer.question],
            case=case,
            agency=agency,
            agency_kind=AGENCY_KINDS.get(kind, kind),
            answer=answers.get((answer.revision_id, answer.question), ()),
            text=answer.text or "",
            read=read,
            quotes=quotes,
        )
        for answer, request_id, case, agency, kind, read, quotes in rows
    )


def _quote_count() -> ScalarSelect[int]:
    """The number of quotes chosen from a read comment."""
    return (
        select(func.count())
        .where(Quote.read_comment_id == ReadComment.id)
        .correlate(ReadComment)
        .scalar_subquery()
    )
