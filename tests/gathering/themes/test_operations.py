"""Editing the list of themes."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.concluding.models import Finding
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.comments.comments_to_read import comments_to_read
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.models import PracticeTheme
from surveyapp.gathering.queries import theme_by_id, themes_of
from surveyapp.gathering.themes.operations import (
    MOST_THEMES,
    ThemeInUse,
    ThemeRefused,
    add_starter_themes,
    add_theme,
    move_theme,
    remove_theme,
    rename_theme,
)
from surveyapp.gathering.themes.starter_themes import STARTER_THEMES
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.row_maker import Maker


def add(audit: Audit, name: str) -> PracticeTheme:
    with transaction():
        return add_theme(audit, name, actor=MANAGER, now=MONDAY_MORNING)


def names(audit: Audit) -> list[str]:
    return [theme.name for theme in themes_of(audit.id)]


def test_the_starter_list_is_added_once_after_the_existing_themes(
    commented_audit: Audit, session: Session
) -> None:
    add(commented_audit, "fathers")
    for added in (len(STARTER_THEMES) - 1, 0):
        with transaction():
            assert add_starter_themes(commented_audit, actor=MANAGER, now=MONDAY_MORNING) == added
    assert names(commented_audit) == ["fathers", *(name for name in STARTER_THEMES if name != "Fathers")]
    events = session.scalars(select(Event).where(Event.action == "began_themes")).all()
    assert [event.detail for event in events] == [f"{len(STARTER_THEMES) - 1} themes"]


def test_the_starter_list_has_the_themes_of_the_briefs_and_leaves_room() -> None:
    named = " ".join(STARTER_THEMES).casefold()
    for words in (
        "voice of the child",
        "fathers",
        "chronology",
        "escalation",
        "domestic abuse seen in isolation",
        "over-optimism",
    ):
        assert words in named
    assert len(set(STARTER_THEMES)) == len(STARTER_THEMES) < MOST_THEMES


@pytest.mark.parametrize(
    ("name", "told"),
    [("  ", "Enter a theme"), ("Fathers", "on the list already"), ("FATHERS ", "already"), ("x" * 81, "80")],
)
def test_names_are_unique_and_short(commented_audit: Audit, name: str, told: str) -> None:
    add(commented_audit, "Fathers")
    with pytest.raises(ThemeRefused, match=told):
        add(commented_audit, name)
    with pytest.raises(ThemeRefused, match=told), transaction():
        rename_theme(
            commented_audit, add_theme_there(commented_audit), name, actor=MANAGER, now=MONDAY_MORNING
        )


def add_theme_there(audit: Audit) -> PracticeTheme:
    return add_theme(audit, "Another", actor=MANAGER, now=MONDAY_MORNING)


def test_a_list_has_at_most_as_many_themes_as_there_are_keys(commented_audit: Audit) -> None:
    for number in range(MOST_THEMES):
        add(commented_audit, f"Theme {number}")
    with pytest.raises(ThemeRefused, match="at most"):
        add(commented_audit, "One more")
    with transaction():
        assert add_starter_themes(commented_audit, actor=MANAGER, now=MONDAY_MORNING) == 0


def test_themes_are_moved_and_renamed(commented_audit: Audit) -> None:
    for name in "ABC":
        add(commented_audit, name)
    first, second, third = themes_of(commented_audit.id)
    with transaction():
        assert move_theme(commented_audit, third, up=True, actor=MANAGER, now=MONDAY_MORNING)
        assert not move_theme(commented_audit, first, up=True, actor=MANAGER, now=MONDAY_MORNING)
        assert not move_theme(commented_audit, second, up=False, actor=MANAGER, now=MONDAY_MORNING)
        assert move_theme(commented_audit, first, up=False, actor=MANAGER, now=MONDAY_MORNING)
        # The same in other letters is no other theme.
        rename_theme(commented_audit, third, "c", actor=MANAGER, now=MONDAY_MORNING)
    assert names(commented_audit) == ["c", "A", "B"]


def test_a_theme_that_a_comment_uses_cannot_be_removed(commented_audit: Audit, session: Session) -> None:
    theme, unused = add(commented_audit, "Fathers"), add(commented_audit, "Unused")
    comment = comments_to_read(commented_audit).shown[0]
    with transaction():
        one = CommentJudgement(
            comment.request_id, comment.question.id, comment.digest, "", frozenset({theme.id})
        )
        judge_comments(commented_audit, [one], actor=MANAGER, now=MONDAY_MORNING)
    with pytest.raises(ThemeInUse, match="1 comment has this theme"), transaction():
        remove_theme(commented_audit, theme, actor=MANAGER, now=MONDAY_MORNING)
    with transaction():
        remove_theme(commented_audit, unused, actor=MANAGER, now=MONDAY_MORNING)
    assert names(commented_audit) == ["Fathers"]
    assert session.scalar(select(Event.detail).where(Event.action == "removed_theme")) is not None


def test_a_theme_that_a_finding_uses_cannot_be_removed(commented_audit: Audit, session: Session) -> None:
    theme = add(commented_audit, "Fathers")
    session.add(Finding(audit_id=commented_audit.id, position=1, text="a", themes=[theme]))
    session.commit()
    with pytest.raises(ThemeInUse, match="A finding rests"), transaction():
        remove_theme(commented_audit, theme, actor=MANAGER, now=MONDAY_MORNING)
    assert names(commented_audit) == ["Fathers"]


def test_a_theme_of_another_audit_is_not_found(commented_audit: Audit, make: Maker) -> None:
    theme = add(commented_audit, "Fathers")
    other = make.audit(cases=1, agencies=1)
    assert theme_by_id(commented_audit.id, theme.id) is theme
    with pytest.raises(NotFound):
        theme_by_id(other.id, theme.id)
