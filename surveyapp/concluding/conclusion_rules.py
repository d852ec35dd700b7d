"""Rules for every conclusion: required texts, links within one audit, and what must not be removed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select

from surveyapp.concluding.models import Action, Finding, Recommendation
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.planning.date_rules import PLANNING_HORIZON
from surveyapp.planning.models import Audit

LONGEST_TEXT = 5_000

Evidence = TypeVar("Evidence", PracticeTheme, Quote)


class ConclusionRefused(SurveyError):
    """The typed text cannot be stored; the form is shown again with the reason."""


class DayTooFar(ConclusionRefused):
    """A day is so far ahead that its year must be a typing mistake."""


class NotOfThisAudit(ConclusionRefused):
    """A link to something of another audit, or to something that no longer exists."""


class TextMissingOrTooLong(ConclusionRefused):
    """A required text is empty, or a text is too long."""


class StillNeeded(Refused):
    """Something depends on the row that was to be removed."""

    way_on = "Change or remove what rests on it first."


def check_not_too_far(day: date | None, *, now: datetime) -> None:
    """Raise DayTooFar for a day beyond the horizon of planning."""
    if day is not None and day > local_day(now) + PLANNING_HORIZON:
        raise DayTooFar(f"{day_in_words(day)} is more than five years ahead. Check the year.")


def checked_text(text: str, what: str) -> str:
    """A required text without surrounding space. Raises TextMissingOrTooLong with `what` in the sentence."""
    stripped = text.strip()
    if not stripped:
        raise TextMissingOrTooLong(f"Write {what}.")
    if len(stripped) > LONGEST_TEXT:
        raise TextMissingOrTooLong(f"Write {what} in {LONGEST_TEXT:,} characters or fewer.")
    return stripped


def evidence_of_audit(table: type[Evidence], audit: Audit, ids: Collection[int], noun: str) -> list[Evidence]:
    """The themes or quotes with these ids. Raises NotOfThisAudit where one is not of this audit."""
    unique_ids = set(ids)
    query = select(table).where(table.id.in_(unique_ids), table.audit_id == audit.id).order_by(table.id)
    evidence = list(session.scalars(query)) if unique_ids else []
    if len(evidence) < len(unique_ids):
        raise NotOfThisAudit(f"A {noun} you chose is not of this audit, or is gone. Choose from its list.")
    return evidence


def checked_finding_id(audit: Audit, finding_id: int | None) -> int | None:
    """The id of a finding of this audit, or None. Raises NotOfThisAudit for another audit's finding."""
    return _id_of_audit(Finding, audit, finding_id, "finding")


def checked_recommendation_id(audit: Audit, recommendation_id: int | None) -> int | None:
    """The id of a recommendation of this audit, or None. Raises NotOfThisAudit for another audit's."""
    return _id_of_audit(Recommendation, audit, recommendation_id, "recommendation")


def _id_of_audit(
    table: type[Finding] | type[Recommendation], audit: Audit, row_id: int | None, noun: str
) -> int | None:
    if row_id is None:
        return None
    if session.scalar(select(table.id).where(table.id == row_id, table.audit_id == audit.id)) is None:
        raise NotOfThisAudit(f"The {noun} you chose is not of this audit, or is gone. Choose from its list.")
    return row_id


def check_removable(row: Finding | Recommendation) -> None:
    """Raise StillNeeded, with counts, where recommendations or actions depend on this row."""
    if isinstance(row, Finding):
        recommended, acted = Recommendation.finding_id == row.id, Action.finding_id == row.id
    else:
        recommended, acted = Recommendation.repeated_from_id == row.id, Action.recommendation_id == row.id
    recommendations, actions = _count(Recommendation, recommended), _count(Action, acted)
    dependents = [
        counted(count, noun)
        for count, noun in ((recommendations, "recommendation"), (actions, "action"))
        if count
    ]
    if dependents:
        verb = "rests" if recommendations + actions == 1 else "rest"
        raise StillNeeded(f"{list_in_words(dependents)} {verb} on {row.name}, so it stays.")


def _count(table: type[Recommendation] | type[Action], condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0
