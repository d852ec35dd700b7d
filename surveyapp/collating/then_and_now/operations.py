"""Freezes the figures of an audit each time its returns close, and keeps them when its answers go."""

import logging
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.exc import SQLAlchemyError

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.models import FrozenFigures, KeptFigures
from surveyapp.collating.queries import collate
from surveyapp.foundation import clock
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import session, transaction
from surveyapp.planning.models import Audit

log = logging.getLogger("surveyapp.collating")


def freeze_figures(audit: Audit, *, now: datetime) -> bool:
    """Store the figures of a closed audit; False if it is open or if this close already has them."""
    # Closing, reopening and answering lock this row too, so that no close is stored twice.
    session.refresh(audit, with_for_update=True)
    frozen = select(FrozenFigures.id).filter_by(audit_id=audit.id, closed_at=audit.closed_at)
    if audit.closed_at is None or session.scalar(frozen) is not None:
        return False
    figures = collation_json(collate(audit, now=now))
    session.add(FrozenFigures(audit_id=audit.id, closed_at=audit.closed_at, counted_at=now, figures=figures))
    return True


def keep_figures(audit: Audit, *, now: datetime) -> None:
    """Store the figures of a locked audit as they stand, before its answers are removed for good."""
    collation = collate(audit, now=now)
    session.add(
        KeptFigures(audit_id=audit.id, kept_at=now, cases=collation.cases, figures=collation_json(collation))
    )


def freeze_closed_audits(now: datetime) -> int:
    """Store the figures of every close that has none yet, and return how many there were.

    `freeze_at_close` stores them as each audit closes; this catches up where that failed. `now` is UTC.
    """
    frozen = and_(FrozenFigures.audit_id == Audit.id, FrozenFigures.closed_at == Audit.closed_at)
    unfrozen_audits = (
        select(Audit)
        .outerjoin(FrozenFigures, frozen)
        .where(Audit.closed_at.is_not(None), FrozenFigures.id.is_(None))
    )
    return sum(
        freeze_figures(audit, now=now) for audit in session.scalars(unfrozen_audits.order_by(Audit.id)).all()
    )


def freeze_at_close(_app: object, *, audit_id: int, **_facts: int) -> None:
    """Store the figures as soon as returns have closed; receives the signal `returns_closed`.

    A failure is logged and does not undo the close; `freeze_closed_audits` tries again in the worker.
    """
    try:
        with transaction():
            freeze_figures(session.get_one(Audit, audit_id), now=clock.now())
    except (SurveyError, SQLAlchemyError) as error:
        log.error("The figures of audit %s were not kept at its close: %s", audit_id, type(error).__name__)  # noqa: TRY400 — an error’s own words may hold answers
