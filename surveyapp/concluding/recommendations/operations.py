"""Adds, changes, moves and removes recommendations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.concluding.audit_order import is_earlier
from surveyapp.concluding.conclusion_rules import (
    NotOfThisAudit,
    TextMissingOrTooLong,
    check_removable,
    checked_finding_id,
    checked_text,
)
from surveyapp.concluding.edit_conflicts import (
    check_conclusion_unchanged,
    lock_conclusion,
    recommendation_digest,
    reload_row,
)
from surveyapp.concluding.models import Recommendation
from surveyapp.concluding.numbering import move_and_renumber, renumber
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.planning.models import Audit

LONGEST_TITLE = 200


@dataclass(frozen=True)
class RecommendationDetails:
    """A recommendation with the finding it follows from and the one it repeats.

    Without `finding_id` its evidence was not strong enough for a finding. `repeated_from_elsewhere` is the
    title and year of an audit that is not kept here; only one of it and `repeated_from_id` may be set.
    """

    text: str
    finding_id: int | None = None
    repeated_from_id: int | None = None
    repeated_from_elsewhere: str = ""


def add_recommendation(
    audit: Audit, details: RecommendationDetails, *, actor: str, now: datetime
) -> Recommendation:
    """Add a recommendation after the others.

    Raises TextMissingOrTooLong, and NotOfThisAudit for a finding of another audit or a repeated
    recommendation that is not of an earlier one.
    """
    lock_conclusion(audit.id)
    recommendation = Recommendation(audit_id=audit.id, position=len(_recommendations(audit.id)) + 1)
    _write(audit, recommendation, details)
    session.add(recommendation)
    session.flush()
    detail = f"recommendation {recommendation.id}"
    record_event(actor, "added_recommendation", f"audit {audit.id}", detail, now=now)
    return recommendation


def change_recommendation(
    recommendation: Recommendation,
    details: RecommendationDetails,
    *,
    seen: str | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Change a recommendation; raises what `add_recommendation` raises.

    `seen` is the `recommendation_digest` that the page showed; raises EditConflict if it differs now.
    """
    audit_id, detail = recommendation.audit_id, f"recommendation {recommendation.id}"
    lock_conclusion(audit_id)
    reload_row(recommendation)
    check_conclusion_unchanged("recommendation", seen, recommendation_digest(recommendation))
    _write(session.get_one(Audit, audit_id), recommendation, details)
    record_event(actor, "changed_recommendation", f"audit {audit_id}", detail, now=now)


def move_recommendation(recommendation: Recommendation, *, to: int, actor: str, now: datetime) -> None:
    """Give a recommendation another number, from 1, and renumber the others."""
    audit_id, detail = recommendation.audit_id, f"recommendation {recommendation.id} to {to}"
    lock_conclusion(audit_id)
    move_and_renumber(_recommendations(audit_id), recommendation, to)
    record_event(actor, "moved_recommendation", f"audit {audit_id}", detail, now=now)


def remove_recommendation(recommendation: Recommendation, *, actor: str, now: datetime) -> None:
    """Remove a recommendation and renumber the others.

    Raises StillNeeded while an action answers it or a later audit repeats it.
    """
    audit_id, detail = recommendation.audit_id, f"recommendation {recommendation.id}"
    lock_conclusion(audit_id)
    check_removable(recommendation)
    session.delete(recommendation)
    session.flush()
    renumber(_recommendations(audit_id))
    record_event(actor, "removed_recommendation", f"audit {audit_id}", detail, now=now)


def _write(audit: Audit, recommendation: Recommendation, details: RecommendationDetails) -> None:
    elsewhere = details.repeated_from_elsewhere.strip()
    if len(elsewhere) > LONGEST_TITLE:
        raise TextMissingOrTooLong(f"Name the earlier audit in {LONGEST_TITLE} characters or fewer.")
    if elsewhere and details.repeated_from_id is not None:
        raise NotOfThisAudit("A recommendation repeats one: choose it from the list, or name its audit.")
    if details.repeated_from_id is not None:
        repeated = session.get(Recommendation, details.repeated_from_id)
        if repeated is None or not is_earlier(repeated.audit, audit):
            raise NotOfThisAudit(
                "Only what an earlier audit recommended can be repeated: choose it from the list."
            )
    recommendation.text = checked_text(details.text, "what is recommended")
    recommendation.finding_id = checked_finding_id(audit, details.finding_id)
    recommendation.repeated_from_id = details.repeated_from_id
    recommendation.repeated_from_elsewhere = elsewhere


def _recommendations(audit_id: int) -> Sequence[Recommendation]:
    query = select(Recommendation).where(Recommendation.audit_id == audit_id)
    return session.scalars(query.order_by(Recommendation.position, Recommendation.id)).all()
