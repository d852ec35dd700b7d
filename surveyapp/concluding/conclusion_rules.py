"""What every conclusion is held to: texts that are there, links within one audit, numbers without a gap."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select

from surveyapp.concluding.models import Action, Finding, Recommendation
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.planning.models import Audit

LONGEST_TEXT = 5_000

Evidence = TypeVar("Evidence", PracticeTheme, Quote)


class ConclusionRefused(SurveyError):
    """What was typed cannot be kept as it is; the form it was typed into says why."""


class NotOfThisAudit(ConclusionRefused):
    """Evidence, or what is answered or repeated, that does not belong where it is put."""


class TextMissingOrTooLong(ConclusionRefused):
    """A text that has to be there is empty, or one is too long."""


class StillNeeded(Refused):
    """Something rests on what was to be removed."""

    way_on = "Change or remove what rests on it first."


def checked_text(text: str, what: str) -> str:
    """A text that has to be there, without space around it; raises NotWritten with `what` in the sentence."""
    kept = text.strip()
    if not kept:
        raise TextMissingOrTooLong(f"Write {what}.")
    if len(kept) > LONGEST_TEXT:
        raise TextMissingOrTooLong(f"Write {what} in {LONGEST_TEXT:,} characters or fewer.")
    return kept


def evidence_of_audit(table: type[Evidence], audit: Audit, ids: Collection[int], noun: str) -> list[Evidence]:
    """The themes or quotes of an audit with these numbers; raises NotOfThisAudit where one is not its own."""
    wanted = set(ids)
    chosen = select(table).where(table.id.in_(wanted), table.audit_id == audit.id).order_by(table.id)
    found = list(session.scalars(chosen)) if wanted else []
    if len(found) < len(wanted):
        raise NotOfThisAudit(f"A {noun} you chose is not of this audit, or is gone. Choose from its list.")
    return found


def checked_finding_id(audit: Audit, finding_id: int | None) -> int | None:
    """A finding's number where it is of this audit; raises NotOfThisAudit where it is not."""
    return _id_of_audit(Finding, audit, finding_id, "finding")


def checked_recommendation_id(audit: Audit, recommendation_id: int | None) -> int | None:
    """A recommendation's number where it is of this audit; raises NotOfThisAudit where it is not."""
    return _id_of_audit(Recommendation, audit, recommendation_id, "recommendation")


def _id_of_audit(
    table: type[Finding] | type[Recommendation], audit: Audit, number: int | None, noun: str
) -> int | None:
    if number is None:
        return None
    if session.scalar(select(table.id).where(table.id == number, table.audit_id == audit.id)) is None:
        raise NotOfThisAudit(f"The {noun} you chose is not of this audit, or is gone. Choose from its list.")
    return number


def move_and_renumber(
    rows: Sequence[Finding] | Sequence[Recommendation], moved: Finding | Recommendation, to: int
) -> None:
    """Put one of the rows in another place, from 1, and number them all; beyond the last is the last."""
    others: list[Finding | Recommendation] = [each for each in rows if each is not moved]
    others.insert(max(to, 1) - 1, moved)
    renumber(others)


def renumber(rows: Sequence[Finding | Recommendation]) -> None:
    """Number rows as they stand, from 1 without a gap."""
    for position, row in enumerate(rows, start=1):
        row.position = position


def check_removable(row: Finding | Recommendation) -> None:
    """Raise StillNeeded where a recommendation or an action hangs on this, saying how many of each."""
    if isinstance(row, Finding):
        needing, answering = Recommendation.finding_id == row.id, Action.finding_id == row.id
    else:
        needing, answering = Recommendation.repeated_from_id == row.id, Action.recommendation_id == row.id
    recommendations, actions = _count(Recommendation, needing), _count(Action, answering)
    hanging = [
        counted(count, noun)
        for count, noun in ((recommendations, "recommendation"), (actions, "action"))
        if count
    ]
    if hanging:
        verb = "rests" if recommendations + actions == 1 else "rest"
        raise StillNeeded(f"{list_in_words(hanging)} {verb} on {row.name}, so it stays.")


def _count(table: type[Recommendation] | type[Action], condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0
