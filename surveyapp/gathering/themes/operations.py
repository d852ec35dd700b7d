"""Editing the list of an audit's themes: adding, renaming, ordering, removing; and keeping their counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import session, update_rows
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import clean_line, name_key
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.models import PracticeTheme, QuoteTheme, ReadCommentTheme
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.themes.starter_themes import STARTER_THEMES
from surveyapp.planning.models import Audit

LONGEST_NAME = 80
# The key of each theme on the page on which comments are read, and so the limit of the list.
THEME_KEYS = "1234567890abdefghilmoprtuvwxyz"
MOST_THEMES = len(THEME_KEYS)


class ThemeRefused(SurveyError):
    """The name is missing, too long or taken, or the list is full."""


class ThemeInUse(Refused):
    """A theme that comments, quotes or findings use cannot be removed."""

    way_on = "Rename it, or take it off them first."


def add_starter_themes(audit: Audit, *, actor: str, now: datetime) -> int:
    """Add the themes of the starter list that an audit lacks, and return how many were added."""
    session.refresh(audit, with_for_update=True)
    themes = themes_of(audit.id)
    names = {name_key(theme.name) for theme in themes}
    missing_names = [name for name in STARTER_THEMES if name_key(name) not in names]
    added_names = missing_names[: MOST_THEMES - len(themes)]
    for position, name in enumerate(added_names, _next_position(themes)):
        session.add(PracticeTheme(audit_id=audit.id, position=position, name=name))
    if added_names:
        session.flush()
        record_event(actor, "began_themes", f"audit {audit.id}", counted(len(added_names), "theme"), now=now)
    return len(added_names)


def add_theme(audit: Audit, name: str, *, actor: str, now: datetime) -> PracticeTheme:
    """Add a theme at the end of an audit's list. Raises ThemeRefused."""
    session.refresh(audit, with_for_update=True)
    themes = themes_of(audit.id)
    name = _checked_name(name, themes)
    if len(themes) >= MOST_THEMES:
        raise ThemeRefused(f"An audit has {MOST_THEMES} themes at most: rename one, or remove one first")
    theme = PracticeTheme(audit_id=audit.id, position=_next_position(themes), name=name)
    session.add(theme)
    session.flush()
    record_event(actor, "added_theme", f"audit {audit.id}", f"theme {theme.id}", now=now)
    return theme


def theme_digest(theme: PracticeTheme) -> str:
    """A digest of the name of a theme, to detect a concurrent change."""
    return row_digest(name=theme.name)


def rename_theme(  # noqa: PLR0913 — the typed values, and the digest that the page showed
    audit: Audit, theme: PracticeTheme, name: str, *, seen: str | None = None, actor: str, now: datetime
) -> None:
    """Rename a theme; `seen` is the `theme_digest` of the page.

    Raises EditConflict if somebody else has renamed it since, NoResultFound if somebody has removed it, and
    ThemeRefused.
    """
    session.refresh(audit, with_for_update=True)
    query = select(PracticeTheme).where(PracticeTheme.id == theme.id)
    theme = session.scalars(query.execution_options(populate_existing=True)).one()
    check_unchanged(seen, theme_digest(theme))
    theme.name = _checked_name(name, [other for other in themes_of(audit.id) if other.id != theme.id])
    record_event(actor, "renamed_theme", f"audit {audit.id}", f"theme {theme.id}", now=now)


def remove_theme(audit: Audit, theme: PracticeTheme, *, actor: str, now: datetime) -> None:
    """Remove a theme. Raises ThemeInUse if a comment, a quote or a finding uses it."""
    session.refresh(audit, with_for_update=True)
    uses = [
        counted(count, word)
        for table, word in ((ReadCommentTheme, "comment"), (QuoteTheme, "quote"))
        if (count := session.scalar(select(func.count()).where(table.theme_id == theme.id)) or 0)
    ]
    if uses:
        have = "has" if uses in (["1 comment"], ["1 quote"]) else "have"
        raise ThemeInUse(f"{' and '.join(uses)} {have} this theme.")
    theme_id = theme.id
    session.delete(theme)
    try:
        session.flush()
    except IntegrityError:
        # Tables of later steps refer to the theme.
        raise ThemeInUse("A finding rests on this theme.") from None
    record_event(actor, "removed_theme", f"audit {audit.id}", f"theme {theme_id}", now=now)


def move_theme(audit: Audit, theme: PracticeTheme, *, up: bool, actor: str, now: datetime) -> bool:
    """Swap a theme with the one above or below; False if there is none."""
    session.refresh(audit, with_for_update=True)
    themes = list(themes_of(audit.id))
    place = themes.index(theme)
    other_place = place - 1 if up else place + 1
    if not 0 <= other_place < len(themes):
        return False
    themes[place], themes[other_place] = themes[other_place], themes[place]
    for position, theme_in_order in enumerate(themes, 1):
        theme_in_order.position = position
    record_event(actor, "moved_theme", f"audit {audit.id}", f"theme {theme.id}", now=now)
    return True


def keep_theme_counts(audit: Audit) -> None:
    """Store how many comments and quotes each theme of an audit has, before those are removed for good."""
    comments, quotes = (
        select(func.count()).where(link.theme_id == PracticeTheme.id).scalar_subquery()
        for link in (ReadCommentTheme, QuoteTheme)
    )
    update_rows(
        update(PracticeTheme)
        .where(PracticeTheme.audit_id == audit.id)
        .values(kept_comments=comments, kept_quotes=quotes)
    )


def _next_position(themes: Sequence[PracticeTheme]) -> int:
    return max((theme.position for theme in themes), default=0) + 1


def _checked_name(name: str, others: Sequence[PracticeTheme]) -> str:
    """The name on one line without outer spaces. Raises ThemeRefused."""
    name = clean_line(name)
    if not name:
        raise ThemeRefused("Enter a theme, such as “Voice of the child”")
    if len(name) > LONGEST_NAME:
        raise ThemeRefused(f"Name the theme in {LONGEST_NAME} characters or fewer")
    if any(name_key(other.name) == name_key(name) for other in others):
        raise ThemeRefused("This theme is on the list already")
    return name
