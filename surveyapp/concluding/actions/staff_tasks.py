"""Overdue actions, for the list of what needs staff today."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from surveyapp.concluding.models import DONE, Action
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.web.actor import AUDIT_LEAD, BUSINESS_MANAGER, EXECUTIVE
from surveyapp.tracking.staff_tasks import TaskKind


def _overdue(now: datetime) -> Select[Any]:
    columns: Any = select(Action.audit_id.label("audit_id"), func.count().label("waiting"))
    actions: Select[Any] = columns.where(Action.status != DONE, Action.due_on < local_day(now))
    return actions.group_by(Action.audit_id)


_READERS = frozenset({BUSINESS_MANAGER, AUDIT_LEAD, EXECUTIVE})
TASK_KINDS = (
    TaskKind(
        "overdue action", "overdue actions", "survey.concluding.show_action_plan", _overdue, roles=_READERS
    ),
)
