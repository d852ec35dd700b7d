"""Comments on a question: a page at a time, searched and filtered."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from surveyapp.collating.filters import Filters
from surveyapp.collating.question_comments import COMMENTS_PER_PAGE, CommentsPage, comments_to_question
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.collating.example_audits import FORM, audit_of, chose, commented, ticked
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def comments_on(
    audit: Audit, name: str, *, words: str = "", page: int = 1, filters: Filters | None = None
) -> CommentsPage:
    return comments_to_question(
        audit, FORM.question(name), filters=filters or Filters(), words=words, page=page
    )


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two cases with comments by police and health."""
    audit = audit_of(make)
    texts = ("The plan isn’t on file", "Seen weekly", "PLAN seen", "Not known to <b>us</b>")
    for number, audit_request in enumerate(make.requests(audit)):
        answer = chose("seen", "yes") if number % 2 else ()
        make.returned(
            audit_request, (*answer, *commented("seen", texts[number]), *commented("file", "Other"))
        )
    return audit


def test_comments_on_a_question_are_listed_by_case_with_the_answer_beside_them(audit: Audit) -> None:
    page = comments_on(audit, "seen")
    assert [comment.case for comment in page.shown] == ["Child 1", "Child 1", "Child 2", "Child 2"]
    assert {comment.agency_kind for comment in page.shown} == {"Police", "Health"}
    assert {comment.text: comment.answer for comment in page.shown} == {
        "The plan isn’t on file": (),
        "Seen weekly": ("Yes",),
        "PLAN seen": (),
        "Not known to <b>us</b>": ("Yes",),
    }
    assert all(comment.text != "Other" for comment in page.shown)
    assert (page.found, page.pages) == (4, 1)


@pytest.mark.parametrize(
    ("words", "count"),
    [("plan", 2), ("Plan SEEN", 1), ("isn't", 1), ("isn’t file", 1), ("  ", 4), ("%", 0), ("<b>us</b>", 1)],
)
def test_a_search_finds_texts_that_hold_every_word(audit: Audit, words: str, count: int) -> None:
    assert comments_on(audit, "seen", words=words).found == count


def test_filters_apply_to_comments(audit: Audit) -> None:
    assert comments_on(audit, "seen", filters=Filters(kinds=("police",))).found == 2


def test_the_answer_beside_a_checklist_comment_is_the_ticked_lines(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    make.returned(first, (*ticked("file", "notes", "plan"), *commented("file", "All there")))
    make.returned(second, (*ticked("file"), *commented("file", "All lost")))
    answers = {comment.text: comment.answer for comment in comments_on(audit, "file").shown}
    assert answers == {"All there": ("The plan", "The notes"), "All lost": ("None of these",)}


def test_texts_on_a_question_that_was_not_asked_are_not_shown(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    lost = GivenAnswer("why_not", text="Lost in the move.")
    make.returned(first, (*ticked("file"), lost))
    make.returned(second, (*ticked("file", "plan"), lost))
    assert [comment.text for comment in comments_on(audit, "why_not").shown] == ["Lost in the move."]


def test_comments_come_in_pages_and_only_one_page_is_read(make: Maker, queries: Queries) -> None:
    audit = audit_of(make, cases=COMMENTS_PER_PAGE // 2 + 3)
    for number, audit_request in enumerate(make.requests(audit)):
        make.returned(audit_request, commented("seen", f"Comment {number}"))
    assert audit.title
    with queries(3):
        first = comments_on(audit, "seen")
    with queries(2):
        searched = comments_on(audit, "seen", words="comment", page=2)
    last = comments_on(audit, "seen", page=2)
    assert (len(first.shown), first.found, first.pages) == (COMMENTS_PER_PAGE, COMMENTS_PER_PAGE + 6, 2)
    assert last.shown == searched.shown
    assert len(last.shown) == 6
    assert not {comment.text for comment in first.shown} & {comment.text for comment in last.shown}
    assert comments_on(audit, "seen", page=9).shown == ()
    assert comments_on(audit, "seen", page=-1).shown == first.shown
