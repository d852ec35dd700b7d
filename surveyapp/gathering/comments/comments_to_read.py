"""Reading comments: those that are wanted, a page at a time, with what was said of each before."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, and_, func, select, true
from sqlalchemy.orm import selectinload

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.answering.models import Answer
from surveyapp.collating.chosen_answers import chosen_answers
from surveyapp.defining.definition import Question
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import digest_of, is_digest_of
from surveyapp.gathering.comments.comment_index import all_comments, has_comments, matches_read_comment
from surveyapp.gathering.models import CONCERN, STRENGTH, Quote, ReadComment, ReadCommentTheme
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

UNREAD, CHANGED, NEITHER = "unread", "changed", "neither"
# Which comments can be asked for, in the words of the page.
COMMENT_FILTERS = {
    "": "All comments",
    UNREAD: "Not read yet",
    STRENGTH: "Strengths",
    CONCERN: "Concerns",
    NEITHER: "Neither",
    CHANGED: "Changed since they were read",
}
# About what somebody reads before they want to know that it is saved.
COMMENTS_PER_PAGE = 20


@dataclass(frozen=True)
class CommentFilter:
    """Which comments are to be read; empty wants all. `shown` is a key of SHOWN, `theme` a theme's number."""

    shown: str = ""
    question: str = ""
    theme: int = 0


@dataclass(frozen=True)
class CommentToRead:
    """One comment with all that helps to judge it; `number` counts from 1 over the whole audit."""

    number: int
    request_id: int
    question: Question
    case: str
    agency: str
    agency_kind: str
    answer: tuple[str, ...]
    text: str
    read: ReadComment | None
    # How many quotes were chosen from it.
    quotes: int = 0

    @property
    def digest(self) -> str:
        """The digest of the words shown."""
        return digest_of(self.text)

    @property
    def is_changed(self) -> bool:
        """Whether it was read, and has other words now."""
        return self.read is not None and not is_digest_of(self.read.digest, self.text)

    @property
    def judgement(self) -> str:
        """What was said of it: a judgement, NEITHER, or nothing while it is unread."""
        return "" if self.read is None else self.read.judgement or NEITHER

    @property
    def theme_ids(self) -> frozenset[int]:
        """The themes it was given."""
        return frozenset(each.id for each in self.read.themes) if self.read else frozenset()


@dataclass(frozen=True)
class CommentsToRead:
    """One page of the comments wanted; `previous` and `next` are the numbers at which other pages begin."""

    shown: tuple[CommentToRead, ...]
    found: int
    previous: int | None
    next: int | None


def comments_to_read(
    audit: Audit,
    wanted: CommentFilter | None = None,
    *,
    first: int = 1,
    most: int = COMMENTS_PER_PAGE,
    changed: frozenset[int] = frozenset(),
) -> CommentsToRead:
    """The comments wanted from number `first` on, `most` of them, by question, case and agency.

    A comment keeps its number while others are judged, so that nobody loses their place. `changed` is what
    `changed_since_read` gives, asked for by CHANGED alone. Four statements; only the page's texts are read.
    """
    wanted = wanted or CommentFilter()
    found = all_comments(audit)
    rows = session.execute(
        select(found.c.number, found.c.answer_id)
        .outerjoin(ReadComment, matches_read_comment(found))
        .where(_is_wanted(found, wanted, changed))
        .order_by(found.c.number)
    ).all()
    numbers = [row[0] for row in rows]
    begin = bisect_left(numbers, first)
    page = {row[1]: row[0] for row in rows[begin : begin + most]}
    return CommentsToRead(
        shown=_texts(audit, page),
        found=len(rows),
        previous=numbers[max(0, begin - most)] if begin else None,
        next=numbers[begin + most] if begin + most < len(numbers) else None,
    )


def questions_with_comments(audit: Audit) -> list[Question]:
    """The questions of an audit to which something can be written, in the form's order."""
    return [each for each in form_of(audit).questions if has_comments(each)]


def _is_wanted(found: Subquery, wanted: CommentFilter, changed: frozenset[int]) -> ColumnElement[bool]:
    kept: list[ColumnElement[bool]] = [true()]
    if wanted.question:
        kept.append(found.c.question == wanted.question)
    if wanted.theme:
        kept.append(
            select(ReadCommentTheme.theme_id)
            .where(
                ReadCommentTheme.read_comment_id == ReadComment.id, ReadCommentTheme.theme_id == wanted.theme
            )
            .exists()
        )
    if wanted.shown == UNREAD:
        kept.append(ReadComment.id.is_(None))
    elif wanted.shown == CHANGED:
        kept.append(ReadComment.id.in_(changed))
    elif wanted.shown:
        kept.append(ReadComment.judgement == ("" if wanted.shown == NEITHER else wanted.shown))
    return and_(*kept)


def _texts(audit: Audit, page: dict[int, int]) -> tuple[CommentToRead, ...]:
    """The comments of a page, by the ids and numbers of their answers."""
    if not page:
        return ()
    chosen: Any = (
        select(
            Answer, AuditRequest.id, Case.pseudonym, Agency.name, Agency.kind, ReadComment, _quotes_chosen()
        )
        .select_from(AuditRequest)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(all_of := all_comments(audit), all_of.c.request_id == AuditRequest.id)
        .join(Answer, Answer.id == all_of.c.answer_id)
        .outerjoin(ReadComment, matches_read_comment(all_of))
        .where(all_of.c.answer_id.in_(page))
        .order_by(all_of.c.number)
        .options(selectinload(ReadComment.themes))
    )
    rows = session.execute(chosen).all()
    questions = {each.id: each for each in form_of(audit).questions}
    answers = chosen_answers(
        [questions[name] for name in {row[0].question for row in rows}], {row[0].revision_id for row in rows}
    )
    return tuple(
        CommentToRead(
            number=page[answer.id],
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


def _quotes_chosen() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Quote.read_comment_id == ReadComment.id)
        .correlate(ReadComment)
        .scalar_subquery()
    )
