"""Queries over single quotes: by id, by comment, and those whose words have left their comments."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.answering.models import Answer
from surveyapp.defining.definition import Question
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.gathering.comment_index import all_comments, matches_read_comment
from surveyapp.gathering.models import FamilyContact, Quote, ReadComment
from surveyapp.gathering.quotes.redaction import contains_words
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit


def quote_by_id(audit_id: int, quote_id: int) -> Quote:
    """One quote of an audit, with its origin. Raises NotFound."""
    quote = session.scalar(
        select(Quote)
        .where(Quote.audit_id == audit_id, Quote.id == quote_id)
        .options(
            selectinload(Quote.themes),
            joinedload(Quote.read_comment)
            .joinedload(ReadComment.audit_request)
            .joinedload(AuditRequest.case),
            joinedload(Quote.read_comment)
            .joinedload(ReadComment.audit_request)
            .joinedload(AuditRequest.agency),
            joinedload(Quote.workshop),
            joinedload(Quote.family_contact).joinedload(FamilyContact.case),
        )
    )
    if quote is None:
        raise NotFound
    return quote


def outdated_quote_ids(audit: Audit, quotes: Iterable[Quote]) -> frozenset[int]:
    """The ids of the quotes whose words are no longer in their comments. One statement.

    Their returns have been corrected, withdrawn or taken back since the quotes were chosen.
    """
    quotes = [quote for quote in quotes if quote.read_comment_id is not None]
    if not quotes:
        return frozenset()
    comments = all_comments(audit)
    rows = session.execute(
        select(ReadComment.id, Answer.text)
        .select_from(comments)
        .join(ReadComment, matches_read_comment(comments))
        .join(Answer, Answer.id == comments.c.answer_id)
        .where(ReadComment.id.in_(quote.read_comment_id for quote in quotes))
    )
    texts = {row[0]: row[1] or "" for row in rows}
    return frozenset(
        quote.id
        for quote in quotes
        if not contains_words(texts.get(quote.read_comment_id or 0, ""), quote.original)
    )


def read_comment_at(request_id: int, question: Question) -> ReadComment | None:
    """The stored judgement of a request's comment on a question; None if the comment has not been read."""
    return session.scalar(
        select(ReadComment).where(ReadComment.request_id == request_id, ReadComment.question == question.id)
    )
