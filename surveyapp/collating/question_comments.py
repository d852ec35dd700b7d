"""The comments and texts written in answer to one question, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import was_shown
from surveyapp.collating.chosen_answers import chosen_answers
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.filters import Filters
from surveyapp.defining.definition import COMMENT, Question
from surveyapp.defining.kinds.contact_kind import CONTACT_PARTS
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# About as many as somebody reads at once; a search goes through all comments, not only one page.
COMMENTS_PER_PAGE = 24
# Each text is searched for each word, so their number is limited; the box of the page holds no more.
LONGEST_SEARCH = 200
# Larger offsets overflow in some databases, and no audit has so many comments.
_LAST_PAGE = 1_000_000
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Comment:
    """One comment or text written in answer to a question, with the options chosen beside it.

    `part` is the label of a contact question's part, and empty otherwise.
    """

    case_id: int
    case: str
    agency_kind: str
    agency: str
    part: str
    text: str
    answer: tuple[str, ...]


@dataclass(frozen=True)
class CommentsPage:
    """One page of comments; `found` counts all that match the search, `page` counts from 1."""

    shown: tuple[Comment, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // COMMENTS_PER_PAGE))


@dataclass(frozen=True)
class _CommentRow:
    revision_id: int
    case_id: int
    case: str
    kind: str
    agency: str
    item: str
    text: str


def comments_to_question(
    audit: Audit, question: Question, *, filters: Filters, words: str = "", page: int = 1
) -> CommentsPage:
    """A page of the comments on one question, by case and agency; with `words`, those that contain each word.

    Texts are encrypted, so they are searched here and not in SQL, one at a time. Without `words` only the
    page's own texts are read. Three statements at most.
    """
    page, comments = min(max(1, page), _LAST_PAGE), _comments_select(audit, question, filters)
    first = (page - 1) * COMMENTS_PER_PAGE
    if search_words(words):
        matching = _rows_containing(words, _comment_rows(comments))
        before = sum(1 for _ in islice(matching, first))
        shown = list(islice(matching, COMMENTS_PER_PAGE))
        total = before + len(shown) + sum(1 for _ in matching)
    else:
        shown = list(_comment_rows(comments.limit(COMMENTS_PER_PAGE).offset(first)))
        total = session.scalar(select(func.count()).select_from(comments.order_by(None).subquery())) or 0
    answers = chosen_answers((question,), {row.revision_id for row in shown})
    return CommentsPage(
        tuple(
            Comment(
                row.case_id,
                row.case,
                AGENCY_KINDS.get(row.kind, row.kind),
                row.agency,
                "" if row.item == COMMENT else CONTACT_PARTS.get(row.item, ""),
                row.text,
                answers.get((row.revision_id, question.id), ()),
            )
            for row in shown
        ),
        total,
        page,
    )


def _comments_select(audit: Audit, question: Question, filters: Filters) -> Select[Any]:
    columns: Any = select(
        Answer.revision_id,
        Case.id.label("case_id"),
        Case.pseudonym,
        Agency.kind,
        Agency.name,
        Answer.item,
        Answer.text,
    )
    return (
        join_counted_returns(columns, audit, filters)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(Answer.question == question.id, Answer.text.is_not(None), was_shown(form_of(audit), question))
        .order_by(Case.position, Case.id, Agency.name, AuditRequest.id, Answer.id)
    )


def _comment_rows(comments: Select[Any]) -> Iterator[_CommentRow]:
    for row in session.execute(comments.execution_options(yield_per=_ROWS_AT_ONCE)):
        yield _CommentRow(*row)


def _rows_containing(words: str, rows: Iterator[_CommentRow]) -> Iterator[_CommentRow]:
    plain_words = search_words(words)
    for row in rows:
        plain_text = _plain(row.text)
        if all(word in plain_text for word in plain_words):
            yield row


def search_words(typed: str) -> tuple[str, ...]:
    """The different words of a search, as texts are searched for them; it is cut at LONGEST_SEARCH."""
    return tuple(dict.fromkeys(_plain(typed[:LONGEST_SEARCH]).split()))


def _plain(text: str) -> str:
    """A text for searching: capitals, quotes and dashes make no difference."""
    return name_key(text)
