"""Comments come in a fixed order, a page at a time, each with what was said of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from cryptography.fernet import MultiFernet
from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.gathering.comment_index import changed_since_read, reading_progress, text_of_comment
from surveyapp.gathering.comments.comment_filter import CHANGED, NEITHER, UNREAD, CommentFilter
from surveyapp.gathering.comments.comments_to_read import comments_to_read, questions_with_comments
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.themes.operations import add_theme
from surveyapp.issuing.models import AuditRequest
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


def judged(audit: Audit, **said: str) -> None:
    """Judge comments by their numbers: c3="concern"."""
    shown = {f"c{each.number}": each for each in comments_to_read(audit).shown}
    with transaction():
        judge_comments(
            audit,
            [
                CommentJudgement(shown[name].request_id, shown[name].question.id, shown[name].digest, word)
                for name, word in said.items()
            ],
            actor=MANAGER,
            now=MONDAY_MORNING,
        )


def numbers(audit: Audit, **wanted: str) -> list[int]:
    return [each.number for each in comments_to_read(audit, CommentFilter(**wanted)).shown]  # type: ignore[arg-type]


def test_comments_go_by_question_case_and_agency_and_leave_out_what_does_not_count(said: Audit) -> None:
    found = comments_to_read(said)
    assert [each.text for each in found.shown] == TEXTS
    assert [each.number for each in found.shown] == [1, 2, 3, 4]
    assert [(each.case, each.agency, each.agency_kind) for each in found.shown][:2] == [
        ("Child 1", "Health", "Health"),
        ("Child 1", "Police", "Police"),
    ]
    assert [each.answer for each in found.shown] == [("Yes",), ("No",), ("Yes",), ("Yes",)]
    assert (found.found, found.previous, found.next) == (4, None, None)


def test_a_withdrawn_request_has_no_comments_left(said: Audit, make: Maker, session: Session) -> None:
    make.requests(said)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert [each.text for each in comments_to_read(said).shown] == [TEXTS[1], TEXTS[3]]


def test_whom_to_ask_and_numbers_are_no_comments_and_a_written_answer_is_one(make: Maker) -> None:
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
    assert [each.text for each in comments_to_read(audit).shown] == ["A word"]
    assert [each.id for each in questions_with_comments(audit)] == ["other", "how"]


def test_what_was_judged_is_found_by_judgement_question_and_theme(said: Audit) -> None:
    with transaction():
        theme = add_theme(said, "Fathers", actor=MANAGER, now=MONDAY_MORNING)
        theme_id = theme.id
    third = comments_to_read(said).shown[2]
    with transaction():
        one = CommentJudgement(
            third.request_id, third.question.id, third.digest, "concern", frozenset({theme_id})
        )
        judge_comments(said, [one], actor=MANAGER, now=MONDAY_MORNING)
    judged(said, c1="strength", c2="")
    assert numbers(said) == [1, 2, 3, 4]
    assert numbers(said, shown=UNREAD) == [4]
    assert numbers(said, shown="strength") == [1]
    assert numbers(said, shown="concern") == [3]
    assert numbers(said, shown=NEITHER) == [2]
    assert numbers(said, question="strengths_or_concerns") == [3, 4]
    assert numbers(said, question="strengths_or_concerns", shown="strength") == []
    assert [each.number for each in comments_to_read(said, CommentFilter(theme=theme_id)).shown] == [3]
    assert (reading_progress(said).count, reading_progress(said).of, reading_progress(said).unit) == (
        3,
        4,
        "comments",
    )


def test_pages_begin_at_numbers_that_judging_does_not_move(said: Audit) -> None:
    first = comments_to_read(said, most=3)
    assert ([each.number for each in first.shown], first.previous, first.next) == ([1, 2, 3], None, 4)
    judged(said, c1="strength", c2="concern", c3="")
    left = comments_to_read(said, CommentFilter(UNREAD), first=4, most=3)
    assert [each.number for each in left.shown] == [4]
    second = comments_to_read(said, first=4, most=3)
    assert ([each.number for each in second.shown], second.previous, second.next) == ([4], 1, None)
    assert comments_to_read(said, first=99).shown == ()


def test_a_comment_corrected_after_it_was_read_shows_so_until_it_is_read_again(
    said: Audit, make: Maker, session: Session
) -> None:
    judged(said, c1="strength", c3="concern")
    assert changed_since_read(said) == frozenset()
    correct(make, make.requests(said)[0], "Discussed once, in May.")
    session.expire_all()
    changed = changed_since_read(said)
    assert len(changed) == 1
    found = comments_to_read(said, CommentFilter(CHANGED), changed=changed).shown
    assert [(each.text, each.judgement, each.is_changed) for each in found] == [
        ("Discussed once, in May.", "strength", True)
    ]
    judged(said, c1="concern")
    assert changed_since_read(said) == frozenset()
    assert not comments_to_read(said).shown[0].is_changed


def correct(make: Maker, audit_request: AuditRequest, text: str) -> None:
    """Return a request again an hour later, its first comment put otherwise."""
    make.now += timedelta(hours=1)
    given = (*commented("supervision", text), *commented("strengths_or_concerns", TEXTS[2]))
    make.corrected(audit_request, given)


def test_one_comment_is_read_by_its_place(said: Audit, make: Maker) -> None:
    question = said.form.question("supervision")
    first, _, police, _, nil, _ = make.requests(said)
    assert text_of_comment(said, first.id, question) == TEXTS[0]
    assert text_of_comment(said, police.id, question) == TEXTS[1]
    assert text_of_comment(said, nil.id, question) is None


def test_only_the_texts_of_the_page_are_decrypted(said: Audit, queries: Queries, opened: list[str]) -> None:
    with queries(5):
        comments_to_read(said, most=2)
        reading_progress(said)
    assert sorted(opened) == sorted(TEXTS[:2])


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text decrypted from here on."""
    seen: list[str] = []
    decrypt = MultiFernet.decrypt

    def note(self: MultiFernet, token: bytes, ttl: int | None = None) -> bytes:
        text = decrypt(self, token, ttl)
        seen.append(text.decode())
        return text

    monkeypatch.setattr(MultiFernet, "decrypt", note)
    return seen


def test_reading_takes_no_more_statements_for_more_comments(make: Maker, queries: Queries) -> None:
    audit = make.audit(cases=12, agencies=4)
    for audit_request in make.requests(audit):
        make.returned(audit_request, commented("supervision", f"Said of {audit_request.id}."))
    with queries(4):
        assert len(comments_to_read(audit).shown) == 20
    with queries(1):
        assert reading_progress(audit).of == 48
