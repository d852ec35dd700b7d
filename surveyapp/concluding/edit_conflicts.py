"""What tells one state of a row from the next, so that two people who change it lose neither text."""

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError, NoResultFound

from surveyapp.concluding.models import Action, Conclusion, Finding, Recommendation
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import insert_once, session


class ConclusionChanged(Refused):
    """Somebody else has changed the same since this page was opened."""

    def __init__(self, what: str) -> None:
        """Say what; the page shows both."""
        super().__init__(
            f"Someone else changed this {what} after you opened this page.",
            way_on="Theirs is above yours. Press Save again to put yours in its place.",
        )


def lock_conclusion(audit_id: int) -> Conclusion:
    """Lock an audit's conclusions, so that two who number them at once do so one after the other."""
    insert_once(Conclusion, unique=["audit_id"], audit_id=audit_id)
    locked = select(Conclusion).where(Conclusion.audit_id == audit_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def lock_action(action_id: int) -> Action | None:
    """Lock an action, so that nothing changes whether its owner is written to (promises 3.1)."""
    locked = select(Action).where(Action.id == action_id).with_for_update(of=Action)
    return session.scalar(locked.execution_options(populate_existing=True))


def reload_row(row: Finding | Recommendation) -> None:
    """Read a row again once its audit is locked. Raises NoResultFound where somebody removed it meanwhile."""
    try:
        session.refresh(row)
    except InvalidRequestError:
        raise NoResultFound from None


def finding_digest(finding: Finding) -> str:
    """What a page remembers of a finding, to tell whether it was changed meanwhile."""
    return _digest(
        finding.text,
        finding.challenge,
        [each.question for each in finding.questions],
        [each.id for each in finding.themes],
        [each.id for each in finding.quotes],
    )


def recommendation_digest(recommendation: Recommendation) -> str:
    """The same of a recommendation."""
    return _digest(
        recommendation.text,
        recommendation.finding_id,
        recommendation.repeated_from_id,
        recommendation.repeated_from_elsewhere,
    )


def action_digest(action: Action) -> str:
    """The same of an action; what is said of its progress is added and never changed."""
    return _digest(
        action.what,
        action.measure,
        action.owner,
        action.owner_email,
        action.due_on,
        action.agency_id,
        action.finding_id,
        action.recommendation_id,
    )


def _digest(*said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()[:32]
