"""What is said of comments is kept once, by whoever said it last, and is counted by return."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.comments.comments_to_read import CommentToRead, comments_to_read
from surveyapp.gathering.comments.operations import CommentJudgement, CommentStillQuoted, judge_comments
from surveyapp.gathering.models import PracticeTheme, Quote, ReadComment
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.themes.operations import add_theme
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def themes(said: Audit) -> list[PracticeTheme]:
    with transaction():
        return [
            add_theme(said, name, actor=MANAGER, now=MONDAY_MORNING) for name in ("Fathers", "Chronology")
        ]


def say(
    audit: Audit, comment: CommentToRead, judgement: str | None, *theme_ids: int, digest: str = ""
) -> int:
    with transaction():
        one = CommentJudgement(
            comment.request_id,
            comment.question.id,
            digest or comment.digest,
            judgement,
            frozenset(theme_ids),
        )
        return judge_comments(audit, [one], actor=MANAGER, now=MONDAY_MORNING)


def test_a_judgement_and_its_themes_are_kept_and_replaced(
    said: Audit, themes: list[PracticeTheme], session: Session
) -> None:
    fathers, chronology = (each.id for each in themes)
    comment = comments_to_read(said).shown[2]
    assert (comment.judgement, comment.theme_ids) == ("", frozenset())
    assert say(said, comment, "concern", fathers, chronology) == 1
    again = comments_to_read(said).shown[2]
    assert (again.judgement, again.theme_ids) == ("concern", frozenset({fathers, chronology}))
    say(said, comment, "", chronology)
    session.expire_all()
    kept = session.scalars(select(ReadComment)).one()
    assert (kept.judgement, [each.name for each in kept.themes]) == ("", ["Chronology"])
    assert (kept.question, kept.item, kept.read_at) == ("strengths_or_concerns", "comment", MONDAY_MORNING)
    assert comments_to_read(said).shown[2].judgement == "neither"


def test_the_event_says_how_many_and_nothing_of_what_was_written(said: Audit, session: Session) -> None:
    shown = comments_to_read(said).shown
    with transaction():
        both = [
            CommentJudgement(each.request_id, each.question.id, each.digest, "strength") for each in shown[:2]
        ]
        judge_comments(said, both, actor=MANAGER, now=MONDAY_MORNING)
    event = session.scalars(select(Event).where(Event.action == "judged_comments")).one()
    assert (event.object, event.detail, event.actor) == (f"audit {said.id}", "2 comments", MANAGER)


def test_a_comment_can_be_unread_again_unless_it_is_quoted(said: Audit, session: Session) -> None:
    comment = comments_to_read(said).shown[0]
    say(said, comment, "strength")
    read = session.scalars(select(ReadComment)).one()
    session.add(
        Quote(
            audit_id=said.id,
            source="auditor",
            original="a",
            printed="a",
            read_comment_id=read.id,
            chosen_at=MONDAY_MORNING,
        )
    )
    session.commit()
    with pytest.raises(CommentStillQuoted, match="stays read"):
        say(said, comment, None)
    session.delete(session.scalars(select(Quote)).one())
    session.commit()
    assert say(said, comment, None) == 1
    assert session.scalar(select(ReadComment.id)) is None
    assert say(said, comment, None) == 0


def test_what_is_not_a_comment_of_this_audit_is_passed_over(
    said: Audit, make: Maker, themes: list[PracticeTheme], session: Session
) -> None:
    other = make.audit(cases=1, agencies=1, returned=1)
    elsewhere = make.requests(other)[0].id
    nil = make.requests(said)[4].id
    wrong = [
        CommentJudgement(elsewhere, "supervision", "0" * 64, "strength"),
        CommentJudgement(nil, "supervision", "0" * 64, "strength"),
        CommentJudgement(make.requests(said)[0].id, "see_child_alone", "0" * 64, "strength"),
    ]
    with transaction():
        assert judge_comments(said, wrong, actor=MANAGER, now=MONDAY_MORNING) == 0
        assert judge_comments(said, [], actor=MANAGER, now=MONDAY_MORNING) == 0
    assert session.scalar(select(ReadComment.id)) is None
    say(said, comments_to_read(said).shown[0], "strength", themes[0].id, 999)
    assert comments_to_read(said).shown[0].theme_ids == {themes_of(said.id)[0].id}


def test_there_is_no_third_judgement(said: Audit) -> None:
    with pytest.raises(Refused, match="of neither"):
        say(said, comments_to_read(said).shown[0], "maybe")


def test_words_that_changed_while_they_were_read_show_so_at_once(said: Audit) -> None:
    say(said, comments_to_read(said).shown[0], "strength", digest="0" * 64)
    assert comments_to_read(said).shown[0].is_changed


def test_judging_a_whole_page_takes_few_statements(
    said: Audit, queries: Queries, themes: list[PracticeTheme]
) -> None:
    shown = comments_to_read(said).shown
    ids = frozenset(each.id for each in themes)
    with queries(5 + 4), transaction():
        all_of = [
            CommentJudgement(each.request_id, each.question.id, each.digest, "strength", ids)
            for each in shown
        ]
        assert judge_comments(said, all_of, actor=MANAGER, now=MONDAY_MORNING) == 4
