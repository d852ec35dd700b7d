"""Choosing quotes, from a comment, a workshop or a talk: what was said is kept beside what prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.answering.models import Answer
from surveyapp.defining.definition import Question
from surveyapp.foundation.errors import NotFound, Refused, SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import digest_of
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.comments.comment_index import all_comments, matches_read_comment, text_of_comment
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.models import (
    JUDGEMENTS,
    SOURCES,
    FamilyContact,
    Quote,
    QuoteTheme,
    ReadComment,
    Workshop,
)
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.quotes.redaction import contains_words
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class QuoteDetails:
    """A quote as somebody chose it; an empty `printed` prints what was said.

    `question` is the id of the question in whose section it stands, or empty.
    """

    original: str
    printed: str
    source: str
    judgement: str = ""
    question: str = ""
    theme_ids: frozenset[int] = frozenset()
    names_agency_kind: bool = False


class WordsNotInComment(SurveyError):
    """These words are not in the comment: a quote is what somebody wrote."""

    def __init__(self) -> None:
        """Say where to change words instead."""
        super().__init__(
            "These words are not in the comment. Paste a part of it, and change what prints below"
        )


class QuoteInUse(Refused):
    """A quote on which a finding rests stays."""

    way_on = "Take it off the finding first."


def choose_quote_from_comment(  # noqa: PLR0913 — which comment, and what of it
    audit: Audit, request_id: int, question: Question, words: QuoteDetails, *, actor: str, now: datetime
) -> Quote:
    """Choose a quote from a comment; a comment not read yet is read with it, judged as the quote is.

    Raises NotFound where there is no such comment, NotSaidThere for words that are not in it, Refused for a
    quote that has no words, too many, or a source or question that is none.
    """
    text = text_of_comment(audit, request_id, question)
    if text is None:
        raise NotFound
    words = _checked(audit, words)
    if not contains_words(text, words.original):
        raise WordsNotInComment
    read = _read_comment(request_id, question)
    if read is None:
        one = CommentJudgement(request_id, question.id, digest_of(text), words.judgement, words.theme_ids)
        judge_comments(audit, [one], actor=actor, now=now)
        read = _read_comment(request_id, question)
        assert read is not None  # noqa: S101 — for mypy: judging a comment that is there reads it
    return _keep(audit, Quote(audit_id=audit.id, read_comment_id=read.id), words, actor=actor, now=now)


def choose_quote_from_workshop(
    audit: Audit, workshop: Workshop, words: QuoteDetails, *, actor: str, now: datetime
) -> Quote:
    """Choose a quote from what was said at a workshop. Raises Refused."""
    quote = Quote(audit_id=audit.id, workshop_id=workshop.id)
    return _keep(audit, quote, _checked(audit, words), actor=actor, now=now)


def choose_quote_from_family(
    audit: Audit, family: FamilyContact, words: QuoteDetails, *, actor: str, now: datetime
) -> Quote:
    """Choose a quote from a talk with a family. Raises Refused."""
    quote = Quote(audit_id=audit.id, family_contact_id=family.id)
    return _keep(audit, quote, _checked(audit, words), actor=actor, now=now)


def quote_digest(quote: Quote) -> str:
    """What tells one state of a quote from the next: a digest of all of it."""
    return row_digest(
        original=quote.original,
        printed=quote.printed,
        source=quote.source,
        judgement=quote.judgement,
        question=quote.question,
        names_agency_kind=quote.names_agency_kind,
        themes=sorted(theme.id for theme in quote.themes),
    )


def change_quote(  # noqa: PLR0913 — what was typed, having seen what
    audit: Audit, quote: Quote, words: QuoteDetails, *, seen: str | None = None, actor: str, now: datetime
) -> Quote:
    """Change a quote; `seen` is the `quote_digest` of the page.

    Raises EditConflict where somebody else changed it since, NoResultFound where somebody removed it,
    NotSaidThere for new words that are not in its comment, Refused.
    """
    quote = lock_row(select(Quote).where(Quote.id == quote.id), of=Quote)
    check_unchanged(seen, quote_digest(quote))
    words = _checked(audit, words)
    if quote.read_comment is not None and not contains_words(quote.original, words.original):
        question = form_of(audit).question(quote.read_comment.question)
        text = text_of_comment(audit, quote.read_comment.request_id, question)
        if text is None or not contains_words(text, words.original):
            raise WordsNotInComment
    return _keep(audit, quote, words, actor=actor, now=now)


def remove_quote(audit: Audit, quote: Quote, *, actor: str, now: datetime) -> None:
    """Take a quote away; its comment stays as it was judged. Raises QuoteInUse."""
    quote_id = quote.id
    try:
        session.execute(delete(QuoteTheme).where(QuoteTheme.quote_id == quote_id))
        session.execute(delete(Quote).where(Quote.id == quote_id))
    except IntegrityError:
        # A later step's rows hang on it.
        raise QuoteInUse("A finding rests on this quote.") from None
    record_event(actor, "removed_quote", f"audit {audit.id}", f"quote {quote_id}", now=now)


def quote_named(audit_id: int, quote_id: int) -> Quote:
    """One quote of an audit, with where it comes from. Raises NotFound."""
    found = session.scalar(
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
    if found is None:
        raise NotFound
    return found


def outdated_quote_ids(audit: Audit, quotes: Iterable[Quote]) -> frozenset[int]:
    """The numbers of those quotes whose words are no longer in their comment; one statement.

    The return was corrected since, withdrawn, or taken back.
    """
    quotes = list(quotes)
    chosen = [each.read_comment_id for each in quotes if each.read_comment_id is not None]
    if not chosen:
        return frozenset()
    found = all_comments(audit)
    rows = session.execute(
        select(ReadComment.id, Answer.text)
        .select_from(found)
        .join(ReadComment, matches_read_comment(found))
        .join(Answer, Answer.id == found.c.answer_id)
        .where(ReadComment.id.in_(chosen))
    )
    texts = {row[0]: row[1] or "" for row in rows}
    return frozenset(
        each.id
        for each in quotes
        if each.read_comment_id is not None
        and not contains_words(texts.get(each.read_comment_id, ""), each.original)
    )


def _read_comment(request_id: int, question: Question) -> ReadComment | None:
    return session.scalar(
        select(ReadComment).where(ReadComment.request_id == request_id, ReadComment.question == question.id)
    )


def _checked(audit: Audit, words: QuoteDetails) -> QuoteDetails:
    """The words of a quote without blanks at their ends. Raises Refused."""
    original = words.original.strip()
    printed = words.printed.strip() or original
    if not original:
        raise Refused("A quote has words: paste what was said.")
    if max(len(original), len(printed)) > LONGEST_COMMENT:
        raise Refused(f"A quote has {LONGEST_COMMENT:,} characters at most.")
    if words.source not in SOURCES or words.judgement not in {"", *JUDGEMENTS}:
        raise Refused("A quote is an auditor’s, a practitioner’s or a parent’s.")
    if words.question and words.question not in {each.id for each in form_of(audit).questions}:
        raise Refused("This audit does not ask that question.")
    if words.theme_ids - {each.id for each in themes_of(audit.id)}:
        raise Refused("A theme you chose is not of this audit, or is gone. Choose from its list.")
    return QuoteDetails(
        original,
        printed,
        words.source,
        words.judgement,
        words.question,
        words.theme_ids,
        words.names_agency_kind,
    )


def _keep(audit: Audit, quote: Quote, words: QuoteDetails, *, actor: str, now: datetime) -> Quote:
    is_new = quote.id is None
    quote.original, quote.printed, quote.source = words.original, words.printed, words.source
    quote.judgement, quote.question = words.judgement, words.question
    quote.names_agency_kind = words.names_agency_kind and quote.read_comment_id is not None
    quote.themes = [each for each in themes_of(audit.id) if each.id in words.theme_ids]
    if is_new:
        quote.chosen_at = now
        session.add(quote)
    session.flush()
    done = "chose_quote" if is_new else "changed_quote"
    record_event(actor, done, f"audit {audit.id}", f"quote {quote.id}", now=now)
    return quote
