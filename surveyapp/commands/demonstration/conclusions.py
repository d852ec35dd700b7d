"""Adds the demonstration's conclusions: findings, recommendations and a plan with one action overdue."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from surveyapp.agencies.queries import agencies_by_name
from surveyapp.concluding.actions.operations import ActionDetails, add_action, update_action
from surveyapp.concluding.findings.operations import FindingDetails, add_finding
from surveyapp.concluding.models import Finding, Recommendation
from surveyapp.concluding.queries import findings_of, quotes_as_chosen
from surveyapp.concluding.re_audit.operations import plan_re_audit
from surveyapp.concluding.recommendations.operations import RecommendationDetails, add_recommendation
from surveyapp.foundation.calendar.working_days import add_working_days
from surveyapp.foundation.clock import local_day
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.gathering.queries import themes_of
from surveyapp.planning.models import Audit

# The most quotes with its themes that are linked to one finding.
QUOTES_OF_A_FINDING = 2


def conclusions_file() -> dict[str, Any]:
    """The file of findings, recommendations and actions."""
    return tomllib.loads((files("surveyapp.commands.demonstration") / "conclusions.toml").read_text("utf-8"))


def add_conclusions(audit: Audit, *, actor: str, now: datetime) -> bool:
    """Add the demonstration's conclusions, after its returns and voices; False if the audit has findings.

    Themes and quotes are linked if the audit has them. Due dates are counted from `now`, UTC.
    """
    if findings_of(audit.id):
        return False
    file, author = conclusions_file(), _Author(actor, now)
    findings = [_add_finding(audit, row, author) for row in file["findings"]]
    recommendations = [_add_recommendation(audit, row, findings, author) for row in file["recommendations"]]
    for row in file["actions"]:
        _add_action(audit, row, findings, recommendations, author)
    re_audit_on = add_working_days(local_day(now), file["re_audit_in"])
    plan_re_audit(audit, re_audit_on, actor=actor, now=now)
    return True


@dataclass(frozen=True)
class _Author:
    """The actor and the moment of every conclusion."""

    actor: str
    now: datetime


def _add_finding(audit: Audit, row: Mapping[str, Any], author: _Author) -> Finding:
    themes = _named_themes(themes_of(audit.id), row["themes"])
    quotes = _quotes_on_themes(quotes_as_chosen(audit.id), themes)
    details = FindingDetails(
        text=row["text"],
        challenge=row["challenge"],
        questions=row["questions"],
        themes=[theme.id for theme in themes],
        quotes=[quote.id for quote in quotes[:QUOTES_OF_A_FINDING]],
    )
    return add_finding(audit, details, actor=author.actor, now=author.now)


def _named_themes(themes: Iterable[PracticeTheme], names: Iterable[str]) -> list[PracticeTheme]:
    folded_names = {name.casefold() for name in names}
    return [theme for theme in themes if theme.name.casefold() in folded_names]


def _quotes_on_themes(quotes: Iterable[Quote], themes: Iterable[PracticeTheme]) -> list[Quote]:
    theme_ids = {theme.id for theme in themes}
    return [quote for quote in quotes if theme_ids & {theme.id for theme in quote.themes}]


def _add_recommendation(
    audit: Audit, row: Mapping[str, Any], findings: list[Finding], author: _Author
) -> Recommendation:
    details = RecommendationDetails(
        text=row["text"],
        finding_id=findings[row["finding"] - 1].id if "finding" in row else None,
        repeated_from_elsewhere=row.get("repeated_from", ""),
    )
    return add_recommendation(audit, details, actor=author.actor, now=author.now)


def _add_action(
    audit: Audit,
    row: Mapping[str, Any],
    findings: list[Finding],
    recommendations: list[Recommendation],
    author: _Author,
) -> None:
    agency = agencies_by_name().named(row.get("agency", ""))
    details = ActionDetails(
        what=row["what"],
        measure=row["measure"],
        owner=row["owner"],
        owner_email=row.get("owner_email", ""),
        due_on=add_working_days(local_day(author.now), row["due_in"]),
        agency_id=agency.id if agency else None,
        finding_id=findings[row["finding"] - 1].id if "finding" in row else None,
        recommendation_id=recommendations[row["recommendation"] - 1].id if "recommendation" in row else None,
    )
    # Added today, so that no reminder is sent for a due date that has passed.
    action = add_action(audit, details, actor=author.actor, now=author.now)
    for update in row.get("updates", ()):
        updated_at = author.now - timedelta(days=update["days_ago"])
        update_action(
            action, status=update["status"], evidence=update["evidence"], actor=update["by"], now=updated_at
        )
