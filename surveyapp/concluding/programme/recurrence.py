"""What comes back over the years: recommendations repeated from audit to audit, and themes by their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from surveyapp.concluding.models import FindingTheme, Recommendation
from surveyapp.concluding.queries import began_on
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.gathering.models import PracticeTheme, QuoteTheme, ReadCommentTheme
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class RecommendationChain:
    """One recommendation through the audits, the earliest first.

    `elsewhere` names the audit where it began when that audit is not kept here.
    """

    recommendations: tuple[Recommendation, ...]
    elsewhere: str = ""

    @property
    def times(self) -> int:
        """In how many audits it was said."""
        return len({each.audit_id for each in self.recommendations}) + bool(self.elsewhere)

    @property
    def latest(self) -> Recommendation:
        """How it was said last."""
        return self.recommendations[-1]


@dataclass(frozen=True)
class ThemeMentions:
    """One theme in one audit: how many comments, quotes and findings speak of it there."""

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
    """One theme through the audits, the earliest first; its name as the latest has it."""

    name: str
    audits: tuple[ThemeMentions, ...]


def recurring_recommendations() -> list[RecommendationChain]:
    """Every recommendation that was said in more than one audit, most often first, then the latest.

    One statement.
    """
    repeated = select(Recommendation.repeated_from_id).where(Recommendation.repeated_from_id.is_not(None))
    chosen = select(Recommendation).where(
        or_(
            Recommendation.repeated_from_id.is_not(None),
            Recommendation.repeated_from_elsewhere != "",
            Recommendation.id.in_(repeated),
        )
    )
    found = session.scalars(
        chosen.options(joinedload(Recommendation.audit)).order_by(Recommendation.id)
    ).all()
    chains = [_chain(rows) for rows in _by_first(found).values()]
    return sorted(chains, key=lambda each: (-each.times, *_latest_first(each.latest.audit)))


def _by_first(found: Iterable[Recommendation]) -> dict[int, list[Recommendation]]:
    """Recommendations under the number of the one with which each of them began."""
    known = {each.id: each for each in found}
    groups: defaultdict[int, list[Recommendation]] = defaultdict(list)
    for each in known.values():
        first, passed = each, {each.id}
        # The days of audits may be changed later, so that a chain could bite its own tail.
        while first.repeated_from_id in known and first.repeated_from_id not in passed:
            first = known[first.repeated_from_id]
            passed.add(first.id)
        groups[first.id].append(each)
    return groups


def _chain(rows: list[Recommendation]) -> RecommendationChain:
    ordered = sorted(rows, key=lambda each: (began_on(each.audit), each.audit_id, each.position))
    elsewhere = next((each.repeated_from_elsewhere for each in ordered if each.repeated_from_elsewhere), "")
    return RecommendationChain(tuple(ordered), elsewhere)


def recurring_themes() -> list[RecurringTheme]:
    """Every theme of which something speaks in more than one audit, most audits first; one statement.

    Themes are one by their names, whatever the capitals and spaces. One that only stands in an audit's list,
    with no comment, quote or finding, has not come up there.
    """
    counts = [
        select(func.count()).where(link.theme_id == PracticeTheme.id).scalar_subquery()
        for link in (ReadCommentTheme, QuoteTheme, FindingTheme)
    ]
    chosen = select(PracticeTheme.name, Audit, *counts).join(Audit, Audit.id == PracticeTheme.audit_id)
    spoken = or_(*(count > 0 for count in counts))
    by_name: defaultdict[str, list[tuple[str, ThemeMentions]]] = defaultdict(list)
    for name, audit, *counted in session.execute(chosen.where(spoken).order_by(PracticeTheme.id)):
        by_name[clean_line(name).casefold()].append((name, ThemeMentions(audit, *counted)))
    themes = [_theme(rows) for rows in by_name.values()]
    several = [each for each in themes if len({one.audit.id for one in each.audits}) > 1]
    return sorted(several, key=lambda each: (-len(each.audits), each.name.casefold()))


def _theme(rows: list[tuple[str, ThemeMentions]]) -> RecurringTheme:
    ordered = sorted(rows, key=lambda row: (began_on(row[1].audit), row[1].audit.id))
    return RecurringTheme(ordered[-1][0], tuple(each for _, each in ordered))


def _latest_first(audit: Audit) -> tuple[int, int]:
    return -began_on(audit).toordinal(), -audit.id
