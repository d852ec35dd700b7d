"""Comments are read together, searched, and read only as far as they are shown."""

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


def written(
    audit: Audit, name: str, *, words: str = "", page: int = 1, filters: Filters | None = None
) -> CommentsPage:
    return comments_to_question(
        audit, FORM.question(name), filters=filters or Filters(), words=words, page=page
    )


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two cases about which police and health wrote."""
    audit = audit_of(make)
    said = ("The plan isn’t on file", "Seen weekly", "PLAN seen", "Not known to <b>us</b>")
    for number, audit_request in enumerate(make.requests(audit)):
        answer = chose("seen", "yes") if number % 2 else ()
        make.returned(audit_request, (*answer, *commented("seen", said[number]), *commented("file", "Other")))
    return audit


def test_all_comments_of_a_question_stand_together_by_case_with_the_answer_beside_them(audit: Audit) -> None:
    found = written(audit, "seen")
    assert [each.case for each in found.shown] == ["Child 1", "Child 1", "Child 2", "Child 2"]
    assert {each.agency_kind for each in found.shown} == {"Police", "Health"}
    assert {each.text: each.answer for each in found.shown} == {
        "The plan isn’t on file": (),
        "Seen weekly": ("Yes",),
        "PLAN seen": (),
        "Not known to <b>us</b>": ("Yes",),
    }
    assert all(each.text != "Other" for each in found.shown)
    assert (found.found, found.pages) == (4, 1)


@pytest.mark.parametrize(
    ("words", "found"),
    [("plan", 2), ("Plan SEEN", 1), ("isn't", 1), ("isn’t file", 1), ("  ", 4), ("%", 0), ("<b>us</b>", 1)],
)
def test_a_search_finds_texts_that_hold_every_word(audit: Audit, words: str, found: int) -> None:
    assert written(audit, "seen", words=words).found == found


def test_filters_keep_comments_too(audit: Audit) -> None:
    assert written(audit, "seen", filters=Filters(kinds=("police",))).found == 2


def test_a_checklists_answer_is_what_was_ticked(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    make.returned(first, (*ticked("file", "notes", "plan"), *commented("file", "All there")))
    make.returned(second, (*ticked("file"), *commented("file", "All lost")))
    answers = {each.text: each.answer for each in written(audit, "file").shown}
    assert answers == {"All there": ("The plan", "The notes"), "All lost": ("None of these",)}


def test_what_was_written_where_a_question_was_not_asked_is_not_shown(make: Maker) -> None:
    audit = audit_of(make, cases=1)
    first, second = make.requests(audit)
    lost = GivenAnswer("why_not", text="Lost in the move.")
    make.returned(first, (*ticked("file"), lost))
    make.returned(second, (*ticked("file", "plan"), lost))
    assert [each.text for each in written(audit, "why_not").shown] == ["Lost in the move."]


def test_many_comments_come_in_pages_and_only_the_page_is_read(make: Maker, queries: Queries) -> None:
    audit = audit_of(make, cases=COMMENTS_PER_PAGE // 2 + 3)
    for number, audit_request in enumerate(make.requests(audit)):
        make.returned(audit_request, commented("seen", f"Comment {number}"))
    assert audit.title
    with queries(3):
        first = written(audit, "seen")
    with queries(2):
        searched = written(audit, "seen", words="comment", page=2)
    last = written(audit, "seen", page=2)
    assert (len(first.shown), first.found, first.pages) == (COMMENTS_PER_PAGE, COMMENTS_PER_PAGE + 6, 2)
    assert last.shown == searched.shown
    assert len(last.shown) == 6
    assert not {each.text for each in first.shown} & {each.text for each in last.shown}
    assert written(audit, "seen", page=9).shown == ()
    assert written(audit, "seen", page=-1).shown == first.shown
