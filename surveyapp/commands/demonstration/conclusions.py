"""What the demonstration audit concludes: findings, recommendations, and a plan with one action overdue."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from surveyapp.agencies.queries import agencies_by_name
from surveyapp.concluding.actions.operations import ActionDetails, add_action, update_action
from surveyapp.concluding.findings.operations import FindingDetails, add_finding, plan_re_audit
from surveyapp.concluding.models import Finding, Recommendation
from surveyapp.concluding.queries import findings_of, quotes_as_chosen
from surveyapp.concluding.recommendations.operations import RecommendationDetails, add_recommendation
from surveyapp.foundation.calendar.working_days import add_working_days
from surveyapp.foundation.clock import local_day
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.gathering.queries import themes_of
from surveyapp.planning.models import Audit

# As many quotes as a finding is given of those that speak of its themes.
QUOTES_OF_A_FINDING = 2


def conclusions_file() -> dict[str, Any]:
    """What the demonstration concludes, as its file has it."""
    return tomllib.loads((files("surveyapp.commands.demonstration") / "conclusions.toml").read_text("utf-8"))


def add_conclusions(audit: Audit, *, actor: str, now: datetime) -> bool:
    """Write the demonstration's conclusions, after its returns and its voices; False where there are some.

    Themes and quotes are linked where the audit has them. The days of actions are counted from `now`, UTC.
    """
    if findings_of(audit.id):
        return False
    file, acting = conclusions_file(), _Author(actor, now)
    findings = [_finding(audit, each, acting) for each in file["findings"]]
    recommendations = [_recommendation(audit, each, findings, acting) for each in file["recommendations"]]
    for each in file["actions"]:
        _action(audit, each, findings, recommendations, acting)
    next_one = add_working_days(local_day(now), file["re_audit_in"])
    plan_re_audit(audit, next_one, actor=actor, now=now)
    return True


class _Author:
    """Who writes all this, and when."""

    def __init__(self, actor: str, now: datetime) -> None:
        self.actor = actor
        self.now = now


def _finding(audit: Audit, each: Mapping[str, Any], acting: _Author) -> Finding:
    themes = _themes(themes_of(audit.id), each["themes"])
    quotes = _quotes(quotes_as_chosen(audit.id), themes)
    details = FindingDetails(
        text=each["text"],
        challenge=each["challenge"],
        questions=each["questions"],
        themes=[theme.id for theme in themes],
        quotes=[quote.id for quote in quotes[:QUOTES_OF_A_FINDING]],
    )
    return add_finding(audit, details, actor=acting.actor, now=acting.now)


def _themes(here: Iterable[PracticeTheme], names: Iterable[str]) -> list[PracticeTheme]:
    wanted = {name.casefold() for name in names}
    return [each for each in here if each.name.casefold() in wanted]


def _quotes(here: Iterable[Quote], themes: Iterable[PracticeTheme]) -> list[Quote]:
    wanted = {theme.id for theme in themes}
    return [each for each in here if wanted & {theme.id for theme in each.themes}]


def _recommendation(
    audit: Audit, each: Mapping[str, Any], findings: list[Finding], acting: _Author
) -> Recommendation:
    details = RecommendationDetails(
        text=each["text"],
        finding_id=findings[each["finding"] - 1].id if "finding" in each else None,
        repeated_from_elsewhere=each.get("repeated_from", ""),
    )
    return add_recommendation(audit, details, actor=acting.actor, now=acting.now)


def _action(
    audit: Audit,
    each: Mapping[str, Any],
    findings: list[Finding],
    recommendations: list[Recommendation],
    acting: _Author,
) -> None:
    agency = agencies_by_name().get(each.get("agency", "").casefold())
    details = ActionDetails(
        what=each["what"],
        measure=each["measure"],
        owner=each["owner"],
        owner_email=each.get("owner_email", ""),
        due_on=add_working_days(local_day(acting.now), each["due_in"]),
        agency_id=agency.id if agency else None,
        finding_id=findings[each["finding"] - 1].id if "finding" in each else None,
        recommendation_id=recommendations[each["recommendation"] - 1].id
        if "recommendation" in each
        else None,
    )
    # Entered today, so that nobody is written to for a day that has passed.
    action = add_action(audit, details, actor=acting.actor, now=acting.now)
    for update in each.get("updates", ()):
        at = acting.now - timedelta(days=update["days_ago"])
        update_action(
            action, status=update["status"], evidence=update["evidence"], actor=update["by"], now=at
        )
