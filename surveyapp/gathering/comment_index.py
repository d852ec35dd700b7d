"""Index of an audit's comments: which exist, in a fixed order, which are read and which changed since."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.collating.asked_in_sql import was_shown
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.filters import Filters
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.defining.kinds.registry import QUESTION_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import is_digest_of
from surveyapp.foundation.words.shares import Share
from surveyapp.gathering.models import ReadComment
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# Numbers, dates and contact details are stored as text as well, but are not comments.
TEXT_KINDS = frozenset(name for name, kind in QUESTION_KINDS.items() if kind.is_prose)
_ROWS_PER_FETCH = 500


def comment_field(question: Question) -> str:
    """The `Answer.item` of a question's comment: that of its comment box, or empty for a text question."""
    return "" if question.kind in TEXT_KINDS else COMMENT


def has_comments(question: Question) -> bool:
    """Whether a question takes a comment: it asks for text or has a comment box."""
    return question.kind in TEXT_KINDS or bool(question.comment)


def all_comments(audit: Audit) -> Subquery:
    """Subquery of all comments of the returns that count, without their texts.

    `number` runs from 1 over the whole audit, by question, case and agency. Drafts, nil returns, withdrawn
    returns and answers to questions that were not asked are left out.
    """
    form = form_of(audit)
    place = case(
        {question.id: position for position, question in enumerate(form.questions)}, value=Answer.question
    )
    order = (place, Case.position, Case.id, Agency.name, AuditRequest.id)
    columns: Any = select(
        func.row_number().over(order_by=order).label("number"),
        Answer.id.label("answer_id"),
        Answer.revision_id,
        Answer.question,
        Answer.item,
        AuditRequest.id.label("request_id"),
    )
    return _select_comments(columns, audit).subquery("comments")


def _select_comments(columns: Select[Any], audit: Audit) -> Select[Any]:
    return (
        join_counted_returns(columns, audit, Filters())
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(Answer.text.is_not(None), _is_comment(form_of(audit)))
    )


def _is_comment(form: AuditForm) -> ColumnElement[bool]:
    """Whether an answer is a comment on a question that its return was asked."""
    questions = [question for question in form.questions if has_comments(question)]
    # Questions that are always shown, by the item of their comments; the others need a condition each.
    always_shown: dict[str, list[str]] = {}
    for question in questions:
        if question.show_if is None:
            always_shown.setdefault(comment_field(question), []).append(question.id)
    return or_(
        false(),
        *(and_(Answer.item == item, Answer.question.in_(ids)) for item, ids in always_shown.items()),
        *(
            and_(
                Answer.question == question.id,
                Answer.item == comment_field(question),
                was_shown(form, question),
            )
            for question in questions
            if question.show_if is not None
        ),
    )


def matches_read_comment(comments: Subquery) -> ColumnElement[bool]:
    """Condition that joins a comment of `all_comments` to its `ReadComment`."""
    return and_(
        ReadComment.request_id == comments.c.request_id,
        ReadComment.question == comments.c.question,
        ReadComment.item == comments.c.item,
    )


def reading_progress(audit: Audit) -> Share:
    """How many of an audit's comments have been read, as a share. One statement."""
    counted = reading_counts(audit)
    return Share(*session.execute(select(counted.c.read, counted.c.total)).one(), "comments")


def reading_counts(audit: Audit) -> Subquery:
    """Subquery of one row: how many of an audit's comments have been `read`, and their `total`."""
    columns: Any = select(func.count(ReadComment.id).label("read"), func.count().label("total"))
    is_of_answer = and_(
        ReadComment.request_id == AuditRequest.id,
        ReadComment.question == Answer.question,
        ReadComment.item == Answer.item,
    )
    return _select_comments(columns, audit).outerjoin(ReadComment, is_of_answer).subquery("reading")


def changed_since_read(audit: Audit) -> frozenset[int]:
    """The ids of the `ReadComment`s whose text has changed since it was read. One statement.

    Only the comments of returns corrected since then are decrypted.
    """
    comments = all_comments(audit)
    corrected = (
        select(ReadComment.id, ReadComment.digest, Answer.text)
        .select_from(comments)
        .join(ReadComment, matches_read_comment(comments))
        .join(Answer, Answer.id == comments.c.answer_id)
        .join(Revision, Revision.id == comments.c.revision_id)
        .where(Revision.created_at >= ReadComment.read_at)
        .order_by(ReadComment.id)
    )
    rows = session.execute(corrected.execution_options(yield_per=_ROWS_PER_FETCH))
    return frozenset(row[0] for row in rows if not is_digest_of(row[1], row[2] or ""))


def text_of_comment(audit: Audit, request_id: int, question: Question) -> str | None:
    """The current text of a comment; None if there is none or its return does not count."""
    comments = all_comments(audit)
    return session.scalar(
        select(Answer.text)
        .join(comments, comments.c.answer_id == Answer.id)
        .where(comments.c.request_id == request_id, comments.c.question == question.id)
    )
