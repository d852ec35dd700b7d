"""Finds recommendations that audits repeat, and themes that come up in several audits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from surveyapp.concluding.audit_order import began_on
from surveyapp.concluding.models import FindingTheme, Recommendation
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.gathering.models import PracticeTheme, QuoteTheme, ReadCommentTheme
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class RecommendationChain:
    """A recommendation and its repeats in later audits, the earliest first.

    `elsewhere` names the audit in which it began, if that audit is not kept here.
    """

    recommendations: tuple[Recommendation, ...]
    elsewhere: str = ""

    @property
    def times(self) -> int:
        """How many audits made the recommendation."""
        return len({recommendation.audit_id for recommendation in self.recommendations}) + bool(
            self.elsewhere
        )

    @property
    def latest(self) -> Recommendation:
        """The most recent of the recommendations."""
        return self.recommendations[-1]


@dataclass(frozen=True)
class ThemeMentions:
    """How many comments, quotes and findings of one audit are about a theme."""

    audit: Audit
    comments: int
    quotes: int
    findings: int

    @property
    def year(self) -> int:
        """The year in which the audit was issued."""
        return began_on(self.audit).year


@dataclass(frozen=True)
class RecurringTheme:
    """A theme with its mentions in each audit, the earliest first; named as in the latest."""

    name: str
    audits: tuple[ThemeMentions, ...]


def recurring_recommendations() -> list[RecommendationChain]:
    """Recommendations made in more than one audit, most frequent first, then latest; one statement."""
    repeated = select(Recommendation.repeated_from_id).where(Recommendation.repeated_from_id.is_not(None))
    statement = select(Recommendation).where(
        or_(
            Recommendation.repeated_from_id.is_not(None),
            Recommendation.repeated_from_elsewhere != "",
            Recommendation.id.in_(repeated),
        )
    )
    recommendations = session.scalars(
        statement.options(joinedload(Recommendation.audit)).order_by(Recommendation.id)
    ).all()
    chains = [_chain(rows) for rows in _by_first(recommendations).values()]
    return sorted(chains, key=lambda chain: (-chain.times, *_latest_first(chain.latest.audit)))


def _by_first(recommendations: Iterable[Recommendation]) -> dict[int, list[Recommendation]]:
    """Recommendations grouped by the id of the one that each of them goes back to."""
    by_id = {recommendation.id: recommendation for recommendation in recommendations}
    groups: defaultdict[int, list[Recommendation]] = defaultdict(list)
    for recommendation in by_id.values():
        first, passed_ids = recommendation, {recommendation.id}
        # The days of audits can be changed later, so repeats may form a circle.
        while first.repeated_from_id in by_id and first.repeated_from_id not in passed_ids:
            first = by_id[first.repeated_from_id]
            passed_ids.add(first.id)
        groups[first.id].append(recommendation)
    return groups


def _chain(rows: list[Recommendation]) -> RecommendationChain:
    ordered = sorted(rows, key=lambda row: (began_on(row.audit), row.audit_id, row.position))
    elsewhere = next((row.repeated_from_elsewhere for row in ordered if row.repeated_from_elsewhere), "")
    return RecommendationChain(tuple(ordered), elsewhere)


def recurring_themes() -> list[RecurringTheme]:
    """Themes with comments, quotes or findings in more than one audit, most audits first; one statement.

    Themes with the same name are one theme, however it is typed (`name_key`). A theme that is only listed in
    an audit does not count there.
    """
    comments, quotes, findings = (
        select(func.count()).where(link.theme_id == PracticeTheme.id).scalar_subquery()
        for link in (ReadCommentTheme, QuoteTheme, FindingTheme)
    )
    counts = (
        func.coalesce(PracticeTheme.kept_comments, comments),
        func.coalesce(PracticeTheme.kept_quotes, quotes),
        findings,
    )
    statement = select(PracticeTheme.name, Audit, *counts).join(Audit, Audit.id == PracticeTheme.audit_id)
    is_mentioned = or_(*(count > 0 for count in counts))
    by_name: defaultdict[str, list[tuple[str, ThemeMentions]]] = defaultdict(list)
    for name, audit, *mentions in session.execute(statement.where(is_mentioned).order_by(PracticeTheme.id)):
        by_name[name_key(name)].append((name, ThemeMentions(audit, *mentions)))
    themes = [_theme(rows) for rows in by_name.values()]
    recurring = [theme for theme in themes if len({mention.audit.id for mention in theme.audits}) > 1]
    return sorted(recurring, key=lambda theme: (-len(theme.audits), theme.name.casefold()))


def _theme(rows: list[tuple[str, ThemeMentions]]) -> RecurringTheme:
    ordered = sorted(rows, key=lambda row: (began_on(row[1].audit), row[1].audit.id))
    return RecurringTheme(ordered[-1][0], tuple(mentions for _, mentions in ordered))


def _latest_first(audit: Audit) -> tuple[int, int]:
    return -began_on(audit).toordinal(), -audit.id
