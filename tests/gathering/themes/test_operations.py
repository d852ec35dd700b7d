"""The list of themes is the audit’s own: begun from the starter list; what is used stays on it."""

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
from surveyapp.gathering.queries import theme_named, themes_of
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
    return [each.name for each in themes_of(audit.id)]


def test_the_starter_list_comes_after_what_is_there_and_comes_once(said: Audit, session: Session) -> None:
    add(said, "fathers")
    for added in (len(STARTER_THEMES) - 1, 0):
        with transaction():
            assert add_starter_themes(said, actor=MANAGER, now=MONDAY_MORNING) == added
    assert names(said) == ["fathers", *(each for each in STARTER_THEMES if each != "Fathers")]
    events = session.scalars(select(Event).where(Event.action == "began_themes")).all()
    assert [each.detail for each in events] == [f"{len(STARTER_THEMES) - 1} themes"]


def test_the_starter_list_has_what_the_briefs_name_and_leaves_room() -> None:
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
def test_a_name_is_there_once_and_is_short(said: Audit, name: str, told: str) -> None:
    add(said, "Fathers")
    with pytest.raises(ThemeRefused, match=told):
        add(said, name)
    with pytest.raises(ThemeRefused, match=told), transaction():
        rename_theme(said, add_theme_there(said), name, actor=MANAGER, now=MONDAY_MORNING)


def add_theme_there(audit: Audit) -> PracticeTheme:
    return add_theme(audit, "Another", actor=MANAGER, now=MONDAY_MORNING)


def test_a_list_has_as_many_themes_as_there_are_keys(said: Audit) -> None:
    for number in range(MOST_THEMES):
        add(said, f"Theme {number}")
    with pytest.raises(ThemeRefused, match="at most"):
        add(said, "One more")
    with transaction():
        assert add_starter_themes(said, actor=MANAGER, now=MONDAY_MORNING) == 0


def test_themes_change_places_and_names(said: Audit) -> None:
    for name in "ABC":
        add(said, name)
    first, second, third = themes_of(said.id)
    with transaction():
        assert move_theme(said, third, up=True, actor=MANAGER, now=MONDAY_MORNING)
        assert not move_theme(said, first, up=True, actor=MANAGER, now=MONDAY_MORNING)
        assert not move_theme(said, second, up=False, actor=MANAGER, now=MONDAY_MORNING)
        assert move_theme(said, first, up=False, actor=MANAGER, now=MONDAY_MORNING)
        # The same in other letters is no other theme.
        rename_theme(said, third, "c", actor=MANAGER, now=MONDAY_MORNING)
    assert names(said) == ["c", "A", "B"]


def test_a_theme_that_is_used_stays(said: Audit, session: Session) -> None:
    theme, unused = add(said, "Fathers"), add(said, "Unused")
    comment = comments_to_read(said).shown[0]
    with transaction():
        one = CommentJudgement(
            comment.request_id, comment.question.id, comment.digest, "", frozenset({theme.id})
        )
        judge_comments(said, [one], actor=MANAGER, now=MONDAY_MORNING)
    with pytest.raises(ThemeInUse, match="1 comment has this theme"), transaction():
        remove_theme(said, theme, actor=MANAGER, now=MONDAY_MORNING)
    with transaction():
        remove_theme(said, unused, actor=MANAGER, now=MONDAY_MORNING)
    assert names(said) == ["Fathers"]
    assert session.scalar(select(Event.detail).where(Event.action == "removed_theme")) is not None


def test_a_theme_on_which_a_finding_rests_stays(said: Audit, session: Session) -> None:
    theme = add(said, "Fathers")
    session.add(Finding(audit_id=said.id, position=1, text="a", themes=[theme]))
    session.commit()
    with pytest.raises(ThemeInUse, match="A finding rests"), transaction():
        remove_theme(said, theme, actor=MANAGER, now=MONDAY_MORNING)
    assert names(said) == ["Fathers"]


def test_a_theme_of_another_audit_is_not_found(said: Audit, make: Maker) -> None:
    theme = add(said, "Fathers")
    other = make.audit(cases=1, agencies=1)
    assert theme_named(said.id, theme.id) is theme
    with pytest.raises(NotFound):
        theme_named(other.id, theme.id)
