"""Purges of the next two weeks, for the list of what needs staff today, so that nobody is surprised."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, cast, func, literal, null, or_, select
from sqlalchemy.sql.elements import ColumnElement

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.web.actor import ADMINISTRATOR, BUSINESS_MANAGER
from surveyapp.planning.models import Audit
from surveyapp.retention.dates import NOTICE
from surveyapp.retention.models import Hold, RetentionDates
from surveyapp.retention.queries import is_deleted
from surveyapp.tracking.staff_tasks import TaskKind

_ROLES = frozenset({BUSINESS_MANAGER, ADMINISTRATOR})


def _is_soon(now: datetime) -> ColumnElement[bool]:
    """SQL condition: a day of the audit’s next purge is within two weeks."""
    soon = local_day(now) + NOTICE
    answers_are_here = Audit.answers_removed_at.is_(None)
    return or_(
        RetentionDates.figures_on <= soon,
        and_(answers_are_here, RetentionDates.returns_on <= soon),
        and_(answers_are_here, RetentionDates.drafts_purged_at.is_(None), RetentionDates.drafts_on <= soon),
    )


def _unheld() -> ColumnElement[bool]:
    held = select(Hold.id).where(Hold.audit_id == RetentionDates.audit_id, Hold.ended_at.is_(None))
    return and_(~held.exists(), Audit.closed_at == RetentionDates.closed_at)


def _purges(now: datetime) -> Select[Any]:
    columns: Any = select(RetentionDates.audit_id.label("audit_id"), literal(1).label("waiting"))
    purges: Select[Any] = columns.join(Audit, Audit.id == RetentionDates.audit_id)
    return purges.where(_unheld(), _is_soon(now))


def _deletions(now: datetime) -> Select[Any]:
    """Audits that were deleted are off the lists, so they are counted together and without a title."""
    soon = RetentionDates.deletion_on <= local_day(now) + NOTICE
    # With its type, which PostgreSQL needs to put the rows of all kinds together.
    columns: Any = select(cast(null(), Integer).label("audit_id"), func.count().label("waiting"))
    deletions: Select[Any] = columns.select_from(RetentionDates).join(
        Audit, Audit.id == RetentionDates.audit_id
    )
    return deletions.where(is_deleted(), _unheld(), soon)


TASK_KINDS = (
    TaskKind(
        "purge within two weeks",
        "purges within two weeks",
        "survey.retention.show_retention",
        _purges,
        roles=_ROLES,
    ),
    TaskKind(
        "deleted audit purged within two weeks",
        "deleted audits purged within two weeks",
        "survey.retention.list_retention",
        _deletions,
        arguments={"_anchor": "planned"},
        roles=_ROLES,
    ),
)
