"""Choosing, changing and removing quotes."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from surveyapp.defining.definition import Question
from surveyapp.foundation.errors import NotFound, Refused, SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import digest_of
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.comment_index import text_of_comment
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.models import (
    JUDGEMENTS,
    SOURCES,
    FamilyContact,
    Quote,
    QuoteTheme,
    Workshop,
)
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.quotes.queries import read_comment_at
from surveyapp.gathering.quotes.redaction import contains_words
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class QuoteDetails:
    """A quote as staff enter it; if `printed` is empty, the original prints.

    `question` is the id of the question in whose section it prints, or empty.
    """

    original: str
    printed: str
    source: str
    judgement: str = ""
    question: str = ""
    theme_ids: frozenset[int] = frozenset()
    names_agency_kind: bool = False


class WordsNotInComment(SurveyError):
    """The original words of a quote are not in its comment."""

    def __init__(self) -> None:
        """Set the message, which says where to change words instead."""
        super().__init__(
            "These words are not in the comment. Paste a part of it, and change what prints below"
        )


class QuoteInUse(Refused):
    """A quote that a finding uses cannot be removed."""

    way_on = "Take it off the finding first."


def choose_quote_from_comment(  # noqa: PLR0913 — the comment, and the quote from it
    audit: Audit, request_id: int, question: Question, details: QuoteDetails, *, actor: str, now: datetime
) -> Quote:
    """Choose a quote from a comment. A comment not yet read is marked read, with the judgement of the quote.

    Raises NotFound if there is no such comment, WordsNotInComment for words that are not in it, and Refused
    for a quote without words, with too many words, or with an unknown source, judgement, question or theme.
    """
    text = text_of_comment(audit, request_id, question)
    if text is None:
        raise NotFound
    details = _checked(audit, details)
    if not contains_words(text, details.original):
        raise WordsNotInComment
    read_comment = read_comment_at(request_id, question)
    if read_comment is None:
        judgement = CommentJudgement(
            request_id, question.id, digest_of(text), details.judgement, details.theme_ids
        )
        judge_comments(audit, [judgement], actor=actor, now=now)
        read_comment = read_comment_at(request_id, question)
        assert read_comment is not None  # noqa: S101 — for mypy: judging an existing comment stores it as read
    quote = Quote(audit_id=audit.id, read_comment_id=read_comment.id)
    return _store(audit, quote, details, actor=actor, now=now)


def choose_quote_from_workshop(
    audit: Audit, workshop: Workshop, details: QuoteDetails, *, actor: str, now: datetime
) -> Quote:
    """Choose a quote from the notes of a workshop. Raises Refused."""
    quote = Quote(audit_id=audit.id, workshop_id=workshop.id)
    return _store(audit, quote, _checked(audit, details), actor=actor, now=now)


def choose_quote_from_family(
    audit: Audit, family: FamilyContact, details: QuoteDetails, *, actor: str, now: datetime
) -> Quote:
    """Choose a quote from a talk with a family. Raises Refused."""
    quote = Quote(audit_id=audit.id, family_contact_id=family.id)
    return _store(audit, quote, _checked(audit, details), actor=actor, now=now)


def quote_digest(quote: Quote) -> str:
    """A digest of a quote with its themes, to detect a concurrent change."""
    return row_digest(
        original=quote.original,
        printed=quote.printed,
        source=quote.source,
        judgement=quote.judgement,
        question=quote.question,
        names_agency_kind=quote.names_agency_kind,
        themes=sorted(theme.id for theme in quote.themes),
    )


def change_quote(  # noqa: PLR0913 — the typed values, and the digest that the page showed
    audit: Audit, quote: Quote, details: QuoteDetails, *, seen: str | None = None, actor: str, now: datetime
) -> Quote:
    """Change a quote; `seen` is the `quote_digest` of the page.

    Raises EditConflict if somebody else has changed it since, NoResultFound if somebody has removed it,
    WordsNotInComment for new words that are not in its comment, and Refused.
    """
    quote = lock_row(select(Quote).where(Quote.id == quote.id), of=Quote)
    check_unchanged(seen, quote_digest(quote))
    details = _checked(audit, details)
    if quote.read_comment is not None and not contains_words(quote.original, details.original):
        question = form_of(audit).question(quote.read_comment.question)
        text = text_of_comment(audit, quote.read_comment.request_id, question)
        if text is None or not contains_words(text, details.original):
            raise WordsNotInComment
    return _store(audit, quote, details, actor=actor, now=now)


def remove_quote(audit: Audit, quote: Quote, *, actor: str, now: datetime) -> None:
    """Remove a quote; the judgement of its comment stays. Raises QuoteInUse."""
    quote_id = quote.id
    try:
        session.execute(delete(QuoteTheme).where(QuoteTheme.quote_id == quote_id))
        session.execute(delete(Quote).where(Quote.id == quote_id))
    except IntegrityError:
        # Tables of later steps refer to the quote.
        raise QuoteInUse("A finding rests on this quote.") from None
    record_event(actor, "removed_quote", f"audit {audit.id}", f"quote {quote_id}", now=now)


def _checked(audit: Audit, details: QuoteDetails) -> QuoteDetails:
    """The details with both texts stripped, and `printed` filled in if it was empty. Raises Refused."""
    original = details.original.strip()
    printed = details.printed.strip() or original
    if not original:
        raise Refused("A quote has words: paste what was said.")
    if max(len(original), len(printed)) > LONGEST_COMMENT:
        raise Refused(f"A quote has {LONGEST_COMMENT:,} characters at most.")
    if details.source not in SOURCES or details.judgement not in {"", *JUDGEMENTS}:
        raise Refused("A quote is an auditor’s, a practitioner’s or a parent’s.")
    if details.question and details.question not in {question.id for question in form_of(audit).questions}:
        raise Refused("This audit does not ask that question.")
    if details.theme_ids - {theme.id for theme in themes_of(audit.id)}:
        raise Refused("A theme you chose is not of this audit, or is gone. Choose from its list.")
    return replace(details, original=original, printed=printed)


def _store(audit: Audit, quote: Quote, details: QuoteDetails, *, actor: str, now: datetime) -> Quote:
    """Write checked details into a new or a stored quote."""
    is_new = quote.id is None
    quote.original, quote.printed, quote.source = details.original, details.printed, details.source
    quote.judgement, quote.question = details.judgement, details.question
    quote.names_agency_kind = details.names_agency_kind and quote.read_comment_id is not None
    quote.themes = [theme for theme in themes_of(audit.id) if theme.id in details.theme_ids]
    if is_new:
        quote.chosen_at = now
        session.add(quote)
    session.flush()
    action = "chose_quote" if is_new else "changed_quote"
    record_event(actor, action, f"audit {audit.id}", f"quote {quote.id}", now=now)
    return quote
