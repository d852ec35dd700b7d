"""Storing judgements of comments."""

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
def themes(commented_audit: Audit) -> list[PracticeTheme]:
    with transaction():
        return [
            add_theme(commented_audit, name, actor=MANAGER, now=MONDAY_MORNING)
            for name in ("Fathers", "Chronology")
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


def test_a_judgement_and_its_themes_are_stored_and_replaced(
    commented_audit: Audit, themes: list[PracticeTheme], session: Session
) -> None:
    fathers, chronology = (theme.id for theme in themes)
    comment = comments_to_read(commented_audit).shown[2]
    assert (comment.judgement, comment.theme_ids) == ("", frozenset())
    assert say(commented_audit, comment, "concern", fathers, chronology) == 1
    again = comments_to_read(commented_audit).shown[2]
    assert (again.judgement, again.theme_ids) == ("concern", frozenset({fathers, chronology}))
    say(commented_audit, comment, "", chronology)
    session.expire_all()
    kept = session.scalars(select(ReadComment)).one()
    assert (kept.judgement, [theme.name for theme in kept.themes]) == ("", ["Chronology"])
    assert (kept.question, kept.item, kept.read_at) == ("strengths_or_concerns", "comment", MONDAY_MORNING)
    assert comments_to_read(commented_audit).shown[2].judgement == "neither"


def test_the_event_holds_the_count_and_no_text(commented_audit: Audit, session: Session) -> None:
    shown = comments_to_read(commented_audit).shown
    with transaction():
        both = [
            CommentJudgement(comment.request_id, comment.question.id, comment.digest, "strength")
            for comment in shown[:2]
        ]
        judge_comments(commented_audit, both, actor=MANAGER, now=MONDAY_MORNING)
    event = session.scalars(select(Event).where(Event.action == "judged_comments")).one()
    assert (event.object, event.detail, event.actor) == (f"audit {commented_audit.id}", "2 comments", MANAGER)


def test_a_comment_can_be_marked_unread_unless_it_is_quoted(commented_audit: Audit, session: Session) -> None:
    comment = comments_to_read(commented_audit).shown[0]
    say(commented_audit, comment, "strength")
    read = session.scalars(select(ReadComment)).one()
    session.add(
        Quote(
            audit_id=commented_audit.id,
            source="auditor",
            original="a",
            printed="a",
            read_comment_id=read.id,
            chosen_at=MONDAY_MORNING,
        )
    )
    session.commit()
    with pytest.raises(CommentStillQuoted, match="stays read"):
        say(commented_audit, comment, None)
    session.delete(session.scalars(select(Quote)).one())
    session.commit()
    assert say(commented_audit, comment, None) == 1
    assert session.scalar(select(ReadComment.id)) is None
    assert say(commented_audit, comment, None) == 0


def test_comments_and_themes_of_other_audits_are_ignored(
    commented_audit: Audit, make: Maker, themes: list[PracticeTheme], session: Session
) -> None:
    other = make.audit(cases=1, agencies=1, returned=1)
    elsewhere = make.requests(other)[0].id
    nil = make.requests(commented_audit)[4].id
    wrong = [
        CommentJudgement(elsewhere, "supervision", "0" * 64, "strength"),
        CommentJudgement(nil, "supervision", "0" * 64, "strength"),
        CommentJudgement(make.requests(commented_audit)[0].id, "see_child_alone", "0" * 64, "strength"),
    ]
    with transaction():
        assert judge_comments(commented_audit, wrong, actor=MANAGER, now=MONDAY_MORNING) == 0
        assert judge_comments(commented_audit, [], actor=MANAGER, now=MONDAY_MORNING) == 0
    assert session.scalar(select(ReadComment.id)) is None
    say(commented_audit, comments_to_read(commented_audit).shown[0], "strength", themes[0].id, 999)
    assert comments_to_read(commented_audit).shown[0].theme_ids == {themes_of(commented_audit.id)[0].id}


def test_an_unknown_judgement_is_refused(commented_audit: Audit) -> None:
    with pytest.raises(Refused, match="of neither"):
        say(commented_audit, comments_to_read(commented_audit).shown[0], "maybe")


def test_a_comment_that_changed_while_it_was_being_read_is_marked_changed(commented_audit: Audit) -> None:
    say(commented_audit, comments_to_read(commented_audit).shown[0], "strength", digest="0" * 64)
    assert comments_to_read(commented_audit).shown[0].is_changed


def test_judging_a_whole_page_takes_few_statements(
    commented_audit: Audit, queries: Queries, themes: list[PracticeTheme]
) -> None:
    shown = comments_to_read(commented_audit).shown
    ids = frozenset(theme.id for theme in themes)
    with queries(5 + 4), transaction():
        all_of = [
            CommentJudgement(comment.request_id, comment.question.id, comment.digest, "strength", ids)
            for comment in shown
        ]
        assert judge_comments(commented_audit, all_of, actor=MANAGER, now=MONDAY_MORNING) == 4
