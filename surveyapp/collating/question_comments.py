"""What was written to one question: comments and texts, read only where they are shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, select

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import was_shown
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import join_counted_returns
from surveyapp.defining.definition import COMMENT, Question
from surveyapp.defining.kinds.contact_kind import CONTACT_PARTS
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# About what somebody reads in one go; the search goes through all of them.
COMMENTS_PER_PAGE = 100
# Beyond it no database counts; no audit has so many comments.
_LAST_PAGE = 1_000_000
_AT_ONCE = 500


@dataclass(frozen=True)
class Comment:
    """One text that somebody wrote to a question, with what they answered to it."""

    case_id: int
    case: str
    agency_kind: str
    agency: str
    part: str
    text: str
    answer: tuple[str, ...]


@dataclass(frozen=True)
class CommentsPage:
    """One page of what was written; `found` counts all that the search finds, `page` counts from 1."""

    shown: tuple[Comment, ...]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
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
    """What was written to one question, by case and agency; `words` keeps texts that hold each of them.

    Texts are encrypted, so they are searched here and not in SQL, one at a time and only this question’s;
    without `words` only the page’s are read. Judging a comment is left to people. Three statements at most.
    """
    page, written = min(max(1, page), _LAST_PAGE), _comments_select(audit, question, filters)
    first = (page - 1) * COMMENTS_PER_PAGE
    if words.split():
        matching = _rows_containing(words, _comment_rows(written))
        before = sum(1 for _ in islice(matching, first))
        shown = list(islice(matching, COMMENTS_PER_PAGE))
        found = before + len(shown) + sum(1 for _ in matching)
    else:
        shown = list(_comment_rows(written.limit(COMMENTS_PER_PAGE).offset(first)))
        found = session.scalar(select(func.count()).select_from(written.order_by(None).subquery())) or 0
    answers = chosen_answers((question,), {each.revision_id for each in shown})
    return CommentsPage(
        tuple(
            Comment(
                each.case_id,
                each.case,
                AGENCY_KINDS.get(each.kind, each.kind),
                each.agency,
                "" if each.item == COMMENT else CONTACT_PARTS.get(each.item, ""),
                each.text,
                answers.get((each.revision_id, question.id), ()),
            )
            for each in shown
        ),
        found,
        page,
    )


def _comments_select(audit: Audit, question: Question, filters: Filters) -> Select[Any]:
    chosen: Any = select(
        Answer.revision_id,
        Case.id.label("case_id"),
        Case.pseudonym,
        Agency.kind,
        Agency.name,
        Answer.item,
        Answer.text,
    )
    return (
        join_counted_returns(chosen, audit, filters)
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(Answer.question == question.id, Answer.text.is_not(None), was_shown(form_of(audit), question))
        .order_by(Case.position, Case.id, Agency.name, AuditRequest.id, Answer.id)
    )


def _comment_rows(written: Select[Any]) -> Iterator[_CommentRow]:
    for row in session.execute(written.execution_options(yield_per=_AT_ONCE)):
        yield _CommentRow(*row)


def _rows_containing(words: str, texts: Iterator[_CommentRow]) -> Iterator[_CommentRow]:
    wanted = _plain(words).split()
    return (each for each in texts if all(word in _plain(each.text) for word in wanted))


def _plain(text: str) -> str:
    """A text as it is searched: capitals and curly apostrophes make no difference."""
    return text.replace("’", "'").replace("‘", "'").casefold()


def chosen_answers(
    questions: Iterable[Question], revision_ids: Iterable[int]
) -> dict[tuple[int, str], tuple[str, ...]]:
    """What these revisions chose in these questions, in the form’s words and order; one statement.

    By revision and question; where nothing was chosen there is no entry.
    """
    by_name = {each.id: each for each in questions}
    rows = session.execute(
        select(Answer.revision_id, Answer.question, Answer.item, Answer.option)
        .where(Answer.revision_id.in_(list(revision_ids)), Answer.question.in_(by_name), Answer.option != "")
        .order_by(Answer.revision_id, Answer.id)
    )
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for revision_id, name, item, option in rows:
        found.setdefault((revision_id, name), []).append((item, option))
    return {place: _in_words(by_name[place[1]], given) for place, given in found.items()}


def _in_words(question: Question, given: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    if question.kind != "checklist":
        return tuple(question.name_of(option) for _item, option in given)
    ticked = {item for item, option in given if option == "yes"}
    return tuple(each.name for each in question.items if each.id in ticked) or (
        question.none_of_these or "None of these",
    )
