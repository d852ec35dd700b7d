"""All comments of an audit in one walk: which there are, in a fixed order, and what was said of each."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, false, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.collating.asked_in_sql import was_shown
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.filters import Filters
from surveyapp.defining.definition import COMMENT, AuditForm, Question
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import is_digest_of
from surveyapp.foundation.words.shares import Share
from surveyapp.gathering.models import ReadComment
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# Numbers, days and whom to ask are no comments, though they are stored as text.
TEXT_KINDS = frozenset({"text", "long_text"})
_AT_ONCE = 500


def comment_field(question: Question) -> str:
    """Under which item the one comment to a question stands: its comment box, or the answer itself."""
    return "" if question.kind in TEXT_KINDS else COMMENT


def has_comments(question: Question) -> bool:
    """Whether anything can be written to a question that is read as a comment."""
    return question.kind in TEXT_KINDS or bool(question.comment)


def all_comments(audit: Audit) -> Subquery:
    """Every comment of the returns that count, `number`ed from 1 by question, case and agency; no text.

    Left out are drafts, nil and withdrawn returns, and answers to questions that were not asked.
    """
    form = form_of(audit)
    place = case({each.id: number for number, each in enumerate(form.questions)}, value=Answer.question)
    order = (place, Case.position, Case.id, Agency.name, AuditRequest.id)
    chosen: Any = select(
        func.row_number().over(order_by=order).label("number"),
        Answer.id.label("answer_id"),
        Answer.revision_id,
        Answer.question,
        Answer.item,
        AuditRequest.id.label("request_id"),
    )
    return (
        join_counted_returns(chosen, audit, Filters())
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(Answer.text.is_not(None), _is_comment(form))
        .subquery("comments")
    )


def _is_comment(form: AuditForm) -> ColumnElement[bool]:
    """Whether an answer is a comment: written to a question that its return was asked."""
    written = [each for each in form.questions if has_comments(each)]
    always: dict[str, list[str]] = {}
    for each in written:
        if each.show_if is None:
            always.setdefault(comment_field(each), []).append(each.id)
    return or_(
        false(),
        *(and_(Answer.item == item, Answer.question.in_(names)) for item, names in always.items()),
        *(
            and_(Answer.question == each.id, Answer.item == comment_field(each), was_shown(form, each))
            for each in written
            if each.show_if is not None
        ),
    )


def matches_read_comment(found: Subquery) -> ColumnElement[bool]:
    """What joins a comment of `all_comments` to what was said of it."""
    return and_(
        ReadComment.request_id == found.c.request_id,
        ReadComment.question == found.c.question,
        ReadComment.item == found.c.item,
    )


def reading_progress(audit: Audit) -> Share:
    """How many of an audit's comments have been read; one statement."""
    found = all_comments(audit)
    counted = select(func.count(ReadComment.id), func.count()).select_from(found)
    read, of = session.execute(counted.outerjoin(ReadComment, matches_read_comment(found))).one()
    return Share(read, of, "comments")


def changed_since_read(audit: Audit) -> frozenset[int]:
    """The numbers of the read comments whose words are others now; one statement.

    Only returns that were corrected since are looked into: their texts are the ones decrypted.
    """
    found = all_comments(audit)
    corrected = (
        select(ReadComment.id, ReadComment.digest, Answer.text)
        .select_from(found)
        .join(ReadComment, matches_read_comment(found))
        .join(Answer, Answer.id == found.c.answer_id)
        .join(Revision, Revision.id == found.c.revision_id)
        .where(Revision.created_at >= ReadComment.read_at)
        .order_by(ReadComment.id)
    )
    rows = session.execute(corrected.execution_options(yield_per=_AT_ONCE))
    return frozenset(row[0] for row in rows if not is_digest_of(row[1], row[2] or ""))


def text_of_comment(audit: Audit, request_id: int, question: Question) -> str | None:
    """What one comment says now; None where there is none, or its return does not count."""
    found = all_comments(audit)
    return session.scalar(
        select(Answer.text)
        .join(found, found.c.answer_id == Answer.id)
        .where(found.c.request_id == request_id, found.c.question == question.id)
    )
