"""Queries on the conclusions of an audit, for this step and for the report, the brief and later pages.

Later steps rely on `findings_of`, `recommendations_of`, `actions_of`, `conclusion_of` and `overdue_actions`:
their names, the order of their rows and what is loaded with each row do not change.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.concluding.audit_order import began_on, is_earlier
from surveyapp.concluding.models import DONE, Action, Conclusion, Finding, Recommendation
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import Quote
from surveyapp.planning.models import Audit


def findings_of(audit_id: int) -> list[Finding]:
    """The findings of an audit by number, with questions, themes and quotes; two statements.

    `position` is the number, from 1 without a gap. Questions are ids of the audit's form.
    """
    query = select(Finding).where(Finding.audit_id == audit_id).order_by(Finding.position, Finding.id)
    # Quotes are loaded apart: joined, each would be decrypted once for every question of its finding.
    evidence = joinedload(Finding.questions), joinedload(Finding.themes), selectinload(Finding.quotes)
    return list(session.scalars(query.options(*evidence)).unique())


def findings_by_number(audit_id: int) -> list[Finding]:
    """The findings of an audit by number without their evidence, for a list of choices; one statement."""
    query = select(Finding).where(Finding.audit_id == audit_id)
    return list(session.scalars(query.order_by(Finding.position, Finding.id)))


def recommendations_of(audit_id: int) -> list[Recommendation]:
    """The recommendations of an audit by number; one statement.

    Each with its finding, None where the evidence was not strong enough for one, and with the recommendation
    it repeats and that one's audit. `repeated_from_elsewhere` names an audit that is not kept here.
    """
    query = select(Recommendation).where(Recommendation.audit_id == audit_id)
    return list(
        session.scalars(
            query.options(
                joinedload(Recommendation.finding),
                joinedload(Recommendation.repeated_from).joinedload(Recommendation.audit),
            ).order_by(Recommendation.position, Recommendation.id)
        )
    )


def actions_of(audit_id: int) -> list[Action]:
    """The actions of an audit by due day, with the conclusions they answer and all updates; two statements.

    `updates` are in the order in which they were written; the last has the present status.
    """
    query = select(Action).where(Action.audit_id == audit_id)
    return list(
        session.scalars(
            query.options(
                joinedload(Action.finding),
                joinedload(Action.recommendation),
                joinedload(Action.agency),
                selectinload(Action.updates),
            ).order_by(Action.due_on, Action.id)
        )
    )


def overdue_actions(today: date) -> list[Action]:
    """The overdue actions of all audits, longest overdue first, with audit, agency and updates.

    `today` is a UK day; an action due on it is not overdue yet. Two statements.
    """
    chosen = select(Action).where(Action.status != DONE, Action.due_on < today)
    return list(
        session.scalars(
            chosen.options(
                joinedload(Action.audit), joinedload(Action.agency), selectinload(Action.updates)
            ).order_by(Action.due_on, Action.id)
        )
    )


def conclusion_of(audit_id: int) -> Conclusion | None:
    """The row for an audit's conclusions as a whole, such as `re_audit_on`; None before the first."""
    return session.scalar(select(Conclusion).where(Conclusion.audit_id == audit_id))


def conclusion_with_actions(audit_id: int) -> tuple[Conclusion | None, list[Action]]:
    """The row for an audit's conclusions, and its actions by due day, in one statement."""
    chosen = select(Conclusion, Action).outerjoin(Action, Action.audit_id == Conclusion.audit_id)
    rows = session.execute(
        chosen.where(Conclusion.audit_id == audit_id).order_by(Action.due_on, Action.id)
    ).all()
    return (rows[0][0] if rows else None), [action for _, action in rows if action is not None]


def finding_by_id(audit_id: int, finding_id: int) -> Finding:
    """The finding of an audit with this id, with its evidence. Raises NoResultFound."""
    chosen = select(Finding).filter_by(id=finding_id, audit_id=audit_id)
    loaded = joinedload(Finding.audit), joinedload(Finding.questions), joinedload(Finding.themes)
    return session.scalars(chosen.options(*loaded)).unique().one()


def recommendation_by_id(audit_id: int, recommendation_id: int) -> Recommendation:
    """The recommendation of an audit with this id. Raises NoResultFound."""
    return session.scalars(select(Recommendation).filter_by(id=recommendation_id, audit_id=audit_id)).one()


def action_by_id(audit_id: int, action_id: int) -> Action:
    """The action of an audit with this id, with the conclusion it answers. Raises NoResultFound."""
    chosen = select(Action).filter_by(id=action_id, audit_id=audit_id)
    loaded = (Action.finding, Action.recommendation, Action.agency, Action.audit)
    return session.scalars(chosen.options(*(joinedload(relation) for relation in loaded))).one()


def quotes_as_chosen(audit_id: int) -> list[Quote]:
    """The quotes of an audit in the order in which they were chosen."""
    return list(session.scalars(select(Quote).where(Quote.audit_id == audit_id).order_by(Quote.id)))


def earlier_recommendations(audit: Audit) -> list[Recommendation]:
    """The recommendations of earlier audits, the latest audit first, each with its audit."""
    chosen = select(Recommendation).where(Recommendation.audit_id != audit.id)
    rows = session.scalars(chosen.options(joinedload(Recommendation.audit)).order_by(Recommendation.id))
    earlier = [row for row in rows if is_earlier(row.audit, audit)]
    return sorted(earlier, key=lambda row: (-began_on(row.audit).toordinal(), -row.audit_id, row.position))
