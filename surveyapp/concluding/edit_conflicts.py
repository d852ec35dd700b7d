"""Locks and digests of conclusions, so that nobody overwrites a change without seeing it."""

from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError, NoResultFound

from surveyapp.concluding.models import Action, Conclusion, Finding, Recommendation
from surveyapp.foundation.store.db import insert_once, session
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.row_locks import lock_row, lock_row_if_there


def check_conclusion_unchanged(what: str, seen: str | None, stored: str) -> None:
    """Raise EditConflict if a conclusion changed after its page was opened; `what` names its kind."""
    check_unchanged(
        seen,
        stored,
        message=f"Someone else changed this {what} after you opened this page.",
        way_on="Theirs is above yours. Press Save again to put yours in its place.",
    )


def lock_conclusion(audit_id: int) -> Conclusion:
    """Lock an audit's conclusions, so that two people who renumber them at once do so one after the other."""
    insert_once(Conclusion, unique=["audit_id"], audit_id=audit_id)
    return lock_row(select(Conclusion).where(Conclusion.audit_id == audit_id))


def lock_action(action_id: int) -> Action | None:
    """Lock an action, so that it cannot change while an email to its owner is handed over (promises 3.1)."""
    return lock_row_if_there(select(Action).where(Action.id == action_id), of=Action)


def reload_row(row: Finding | Recommendation) -> None:
    """Read a row again once its audit is locked. Raises NoResultFound if somebody has removed it."""
    try:
        session.refresh(row)
    except InvalidRequestError:
        raise NoResultFound from None


def finding_digest(finding: Finding) -> str:
    """A digest of a finding with its evidence, to detect a concurrent change."""
    return row_digest(
        text=finding.text,
        challenge=finding.challenge,
        questions=[link.question for link in finding.questions],
        themes=[theme.id for theme in finding.themes],
        quotes=[quote.id for quote in finding.quotes],
    )


def recommendation_digest(recommendation: Recommendation) -> str:
    """A digest of a recommendation, to detect a concurrent change."""
    return row_digest(
        text=recommendation.text,
        finding_id=recommendation.finding_id,
        repeated_from_id=recommendation.repeated_from_id,
        repeated_from_elsewhere=recommendation.repeated_from_elsewhere,
    )


def action_digest(action: Action) -> str:
    """A digest of an action without its updates, which never change, to detect a concurrent change."""
    return row_digest(
        what=action.what,
        measure=action.measure,
        owner=action.owner,
        owner_email=action.owner_email,
        due_on=action.due_on,
        agency_id=action.agency_id,
        finding_id=action.finding_id,
        recommendation_id=action.recommendation_id,
    )
