"""Pages of comments: their order, their filters and what is decrypted."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.text_cipher import TextCipher
from surveyapp.gathering.comment_index import reading_progress
from surveyapp.gathering.comments.comment_filter import NEITHER, UNREAD, CommentFilter
from surveyapp.gathering.comments.comments_to_read import comments_to_read, questions_with_comments
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.themes.operations import add_theme
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER, commented
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
TEXTS = [
    "Discussed monthly.",
    "Nobody wrote it down.",
    "The father is hardly mentioned.",
    "The child’s own words are there.",
]


def judged(audit: Audit, **judgements: str) -> None:
    """Judge comments by their numbers, such as c3="concern"."""
    shown = {f"c{comment.number}": comment for comment in comments_to_read(audit).shown}
    with transaction():
        judge_comments(
            audit,
            [
                CommentJudgement(shown[name].request_id, shown[name].question.id, shown[name].digest, word)
                for name, word in judgements.items()
            ],
            actor=MANAGER,
            now=MONDAY_MORNING,
        )


def numbers(audit: Audit, **wanted: str) -> list[int]:
    return [comment.number for comment in comments_to_read(audit, CommentFilter(**wanted)).shown]  # type: ignore[arg-type]


def test_comments_are_sorted_by_question_case_and_agency(commented_audit: Audit) -> None:
    found = comments_to_read(commented_audit)
    assert [comment.text for comment in found.shown] == TEXTS
    assert [comment.number for comment in found.shown] == [1, 2, 3, 4]
    assert [(comment.case, comment.agency, comment.agency_kind) for comment in found.shown][:2] == [
        ("Child 1", "Health", "Health"),
        ("Child 1", "Police", "Police"),
    ]
    assert [comment.answer for comment in found.shown] == [("Yes",), ("No",), ("Yes",), ("Yes",)]
    assert (found.found, found.previous, found.next) == (4, None, None)


def test_comments_of_withdrawn_requests_are_left_out(
    commented_audit: Audit, make: Maker, session: Session
) -> None:
    make.requests(commented_audit)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert [comment.text for comment in comments_to_read(commented_audit).shown] == [TEXTS[1], TEXTS[3]]


def test_texts_are_comments_but_contacts_numbers_and_hidden_answers_are_not(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.form_definition = (
        '{"form":"own","title":"Own","source":"ours","themes":{"a":"A"},"questions":['
        '{"id":"who","number":1,"theme":"a","kind":"contact","ask":"Who?"},'
        '{"id":"many","number":2,"theme":"a","kind":"number","ask":"How many?"},'
        '{"id":"other","number":3,"theme":"a","kind":"long_text","ask":"Anything?"},'
        '{"id":"gate","number":4,"theme":"a","kind":"choice","ask":"Seen?",'
        '"answers":[{"value":"yes","label":"Yes"},{"value":"no","label":"No"}]},'
        '{"id":"how","number":5,"theme":"a","kind":"text","ask":"How?",'
        '"show_if":{"question":"gate","is":"yes"}}]}'
    )
    make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("who", item="telephone", text="01632 960100"),
            GivenAnswer("many", text="12"),
            GivenAnswer("other", text="A word"),
            GivenAnswer("gate", option="no"),
            GivenAnswer("how", text="Asked before it was hidden"),
            GivenAnswer("current-concern", item="told_whom", text="Our lead"),
        ),
    )
    assert [comment.text for comment in comments_to_read(audit).shown] == ["A word"]
    assert [question.id for question in questions_with_comments(audit)] == ["other", "how"]


def test_comments_are_filtered_by_judgement_question_and_theme(commented_audit: Audit) -> None:
    with transaction():
        theme = add_theme(commented_audit, "Fathers", actor=MANAGER, now=MONDAY_MORNING)
        theme_id = theme.id
    third = comments_to_read(commented_audit).shown[2]
    with transaction():
        one = CommentJudgement(
            third.request_id, third.question.id, third.digest, "concern", frozenset({theme_id})
        )
        judge_comments(commented_audit, [one], actor=MANAGER, now=MONDAY_MORNING)
    judged(commented_audit, c1="strength", c2="")
    assert numbers(commented_audit) == [1, 2, 3, 4]
    assert numbers(commented_audit, shown=UNREAD) == [4]
    assert numbers(commented_audit, shown="strength") == [1]
    assert numbers(commented_audit, shown="concern") == [3]
    assert numbers(commented_audit, shown=NEITHER) == [2]
    assert numbers(commented_audit, question="strengths_or_concerns") == [3, 4]
    assert numbers(commented_audit, question="strengths_or_concerns", shown="strength") == []
    assert [
        comment.number for comment in comments_to_read(commented_audit, CommentFilter(theme=theme_id)).shown
    ] == [3]
    assert (
        reading_progress(commented_audit).count,
        reading_progress(commented_audit).of,
        reading_progress(commented_audit).unit,
    ) == (
        3,
        4,
        "comments",
    )


def test_judging_does_not_move_the_pages(commented_audit: Audit) -> None:
    first = comments_to_read(commented_audit, most=3)
    assert ([comment.number for comment in first.shown], first.previous, first.next) == ([1, 2, 3], None, 4)
    judged(commented_audit, c1="strength", c2="concern", c3="")
    left = comments_to_read(commented_audit, CommentFilter(UNREAD), first=4, most=3)
    assert [comment.number for comment in left.shown] == [4]
    second = comments_to_read(commented_audit, first=4, most=3)
    assert ([comment.number for comment in second.shown], second.previous, second.next) == ([4], 1, None)
    assert comments_to_read(commented_audit, first=99).shown == ()


def test_only_the_texts_of_the_page_are_decrypted(
    commented_audit: Audit, queries: Queries, opened: list[str]
) -> None:
    with queries(5):
        comments_to_read(commented_audit, most=2)
        reading_progress(commented_audit)
    assert sorted(opened) == sorted(TEXTS[:2])


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text decrypted from here on."""
    seen: list[str] = []
    decrypt = TextCipher.decrypt

    def note(self: TextCipher, stored: bytes, place: str) -> str:
        text = decrypt(self, stored, place)
        seen.append(text)
        return text

    monkeypatch.setattr(TextCipher, "decrypt", note)
    return seen


def test_reading_takes_no_more_statements_for_more_comments(make: Maker, queries: Queries) -> None:
    audit = make.audit(cases=12, agencies=4)
    for audit_request in make.requests(audit):
        make.returned(audit_request, commented("supervision", f"Said of {audit_request.id}."))
    with queries(4):
        assert len(comments_to_read(audit).shown) == 20
    with queries(1):
        assert reading_progress(audit).of == 48
