"""What an audit concluded, read in order; the report, the brief and the executive's page read it here too.

`findings_of`, `recommendations_of`, `actions_of`, `conclusion_of` and `overdue_actions` are what later steps
may rely on: their names, their order and what is loaded with each row stay.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.concluding.models import DONE, OPEN, UNDER_WAY, Action, Conclusion, Finding, Recommendation
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.models import Quote
from surveyapp.planning.models import Audit


def findings_of(audit_id: int) -> list[Finding]:
    """The findings of an audit by their numbers, with questions, themes and quotes; two statements.

    `position` is the number, from 1 without a gap. Questions are ids of the audit's form.
    """
    chosen = select(Finding).where(Finding.audit_id == audit_id).order_by(Finding.position, Finding.id)
    # Quotes apart: joined too, each would be opened again for every question of its finding.
    evidence = joinedload(Finding.questions), joinedload(Finding.themes), selectinload(Finding.quotes)
    return list(session.scalars(chosen.options(*evidence)).unique())


def findings_by_number(audit_id: int) -> list[Finding]:
    """The same without what they rest on, to be chosen from; one statement."""
    chosen = select(Finding).where(Finding.audit_id == audit_id)
    return list(session.scalars(chosen.order_by(Finding.position, Finding.id)))


def recommendations_of(audit_id: int) -> list[Recommendation]:
    """The recommendations of an audit by their numbers; one statement.

    With the finding of each, None where the evidence was not strong enough for one, and the recommendation it
    repeats with its audit. `repeated_from_elsewhere` names an audit that is not kept here.
    """
    chosen = select(Recommendation).where(Recommendation.audit_id == audit_id)
    return list(
        session.scalars(
            chosen.options(
                joinedload(Recommendation.finding),
                joinedload(Recommendation.repeated_from).joinedload(Recommendation.audit),
            ).order_by(Recommendation.position, Recommendation.id)
        )
    )


def actions_of(audit_id: int) -> list[Action]:
    """The actions of an audit, due first before due later, with what they answer and every update.

    Two statements. `updates` are in the order in which they were written; the last is how it stands.
    """
    chosen = select(Action).where(Action.audit_id == audit_id)
    return list(
        session.scalars(
            chosen.options(
                joinedload(Action.finding),
                joinedload(Action.recommendation),
                joinedload(Action.agency),
                selectinload(Action.updates),
            ).order_by(Action.due_on, Action.id)
        )
    )


def overdue_actions(today: date) -> list[Action]:
    """Every action of the programme that is not done though its day is past, longest overdue first.

    `today` is a UK day; an action due on it is not overdue yet. Each with its audit, agency and updates; two
    statements.
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
    """What holds for an audit's conclusions as a whole, such as `re_audit_on`; None before the first."""
    return session.scalar(select(Conclusion).where(Conclusion.audit_id == audit_id))


def conclusion_with_actions(audit_id: int) -> tuple[Conclusion | None, list[Action]]:
    """The same with the bare actions, due first before due later, in one statement."""
    chosen = select(Conclusion, Action).outerjoin(Action, Action.audit_id == Conclusion.audit_id)
    rows = session.execute(
        chosen.where(Conclusion.audit_id == audit_id).order_by(Action.due_on, Action.id)
    ).all()
    return (rows[0][0] if rows else None), [action for _, action in rows if action is not None]


def finding_named(audit_id: int, finding_id: int) -> Finding:
    """The finding with this number in this audit, with its evidence; NoResultFound when there is none."""
    chosen = select(Finding).filter_by(id=finding_id, audit_id=audit_id)
    loaded = joinedload(Finding.audit), joinedload(Finding.questions), joinedload(Finding.themes)
    return session.scalars(chosen.options(*loaded)).unique().one()


def recommendation_named(audit_id: int, recommendation_id: int) -> Recommendation:
    """The recommendation with this number in this audit; NoResultFound when there is none."""
    return session.scalars(select(Recommendation).filter_by(id=recommendation_id, audit_id=audit_id)).one()


def action_named(audit_id: int, action_id: int) -> Action:
    """The action with this number in this audit, with what it answers; NoResultFound when there is none."""
    chosen = select(Action).filter_by(id=action_id, audit_id=audit_id)
    loaded = (Action.finding, Action.recommendation, Action.agency, Action.audit)
    return session.scalars(chosen.options(*(joinedload(each) for each in loaded))).one()


def quotes_as_chosen(audit_id: int) -> list[Quote]:
    """The quotes chosen in an audit, as they were chosen."""
    return list(session.scalars(select(Quote).where(Quote.audit_id == audit_id).order_by(Quote.id)))


def began_on(audit: Audit) -> date:
    """The day an audit counts from: the day it was issued on, or is to be; else the day it was set up."""
    return audit.issue_on or local_day(audit.issued_at or audit.created_at)


def earlier_recommendations(audit: Audit) -> list[Recommendation]:
    """What earlier audits recommended, the latest audit first, each with its audit."""
    chosen = select(Recommendation).where(Recommendation.audit_id != audit.id)
    found = session.scalars(chosen.options(joinedload(Recommendation.audit)).order_by(Recommendation.id))
    before = [each for each in found if is_earlier(each.audit, audit)]
    return sorted(before, key=lambda each: (-began_on(each.audit).toordinal(), -each.audit_id, each.position))


def is_earlier(audit: Audit, other: Audit) -> bool:
    """Whether one audit came before another; of one day, the one that was set up first."""
    return (began_on(audit), audit.id) < (began_on(other), other.id)


@dataclass(frozen=True)
class ActionProgress:
    """How far an action plan has come: counts of actions by status, and of those overdue."""

    by_status: dict[str, int]
    overdue: int

    @property
    def total(self) -> int:
        """How many actions there are."""
        return sum(self.by_status.values())

    @property
    def in_words(self) -> str:
        """The counts: 1 of 5 actions done, 2 under way, 2 not started. 1 is overdue."""
        if not self.total:
            return "There are no actions yet."
        done, under_way, not_started = (self.by_status.get(each, 0) for each in (DONE, UNDER_WAY, OPEN))
        words = f"{done} of {counted(self.total, 'action')} done"
        words += f", {under_way} under way, {not_started} not started."
        overdue = counted(self.overdue, "is", "are") if self.overdue else "None is"
        return f"{words} {overdue} overdue."


def action_progress(actions: list[Action], today: date) -> ActionProgress:
    """How far these actions have come on the UK day `today`."""
    counts = Counter(each.status for each in actions)
    return ActionProgress(dict(counts), sum(each.is_overdue(today) for each in actions))
