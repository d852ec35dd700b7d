"""What needs staff today: how many tasks of each kind wait, in one audit or in all of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from surveyapp.foundation.store.db import session
from surveyapp.foundation.web.actor import BUSINESS_MANAGER
from surveyapp.issuing.delegation_queries import passes_outside_work
from surveyapp.issuing.models import Delegation
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import open_audits

MANAGER_ONLY = frozenset({BUSINESS_MANAGER})


@dataclass(frozen=True)
class TaskKind:
    """A kind of task: its words after a count, the page where it is settled, its rows, and who settles it.

    `rows` selects `audit_id` and `waiting`, how many wait, for each audit with any at a moment (UTC). The
    page is one of the audit unless `arguments` name another. `roles` are some of STAFF_ROLES.
    """

    one: str
    many: str
    endpoint: str
    rows: Callable[[datetime], Select[Any]]
    arguments: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = MANAGER_ONLY


@dataclass(frozen=True)
class TaskLine:
    """How many tasks of one kind wait in one audit. `audit_id` is None for mail that is about no audit."""

    kind: TaskKind
    audit_id: int | None
    title: str
    count: int


@dataclass(frozen=True)
class StaffTasks:
    """What needs staff, by kind and audit, and cases passed to unlikely addresses, with the reason."""

    lines: tuple[TaskLine, ...]
    outside_work: tuple[tuple[Delegation, str], ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything waits."""
        return bool(self.lines or self.outside_work)

    def count(self, one: str) -> int:
        """How many tasks wait of the kind with these words."""
        return sum(line.count for line in self.lines if line.kind.one == one)


def staff_tasks_today(
    kinds: Sequence[TaskKind], *, roles: Collection[str], audit: Audit | None = None, now: datetime
) -> StaffTasks:
    """What waits for somebody with these roles in one audit, or in all.

    Three statements at most, however many audits there are. `now` is UTC.
    """
    kinds = [kind for kind in kinds if kind.roles & set(roles)]
    if not kinds:
        return StaffTasks(())
    parts = [
        select(literal(place).label("place"), rows.c.audit_id, rows.c.waiting)
        for place, kind in enumerate(kinds)
        for rows in [kind.rows(now).subquery()]
    ]
    waiting = union_all(*parts).subquery("waiting_tasks")
    query = (
        select(waiting.c.place, waiting.c.audit_id, func.coalesce(Audit.title, ""), waiting.c.waiting)
        .outerjoin(Audit, Audit.id == waiting.c.audit_id)
        .where(waiting.c.waiting > 0, Audit.set_aside_at.is_(None))
        .order_by(waiting.c.place, Audit.id)
    )
    if audit is not None:
        query = query.where(waiting.c.audit_id == audit.id)
    lines = tuple(TaskLine(kinds[row[0]], row[1], row[2], row[3]) for row in session.execute(query))
    # These lines name cases and the addresses of colleagues.
    if not MANAGER_ONLY & set(roles):
        return StaffTasks(lines)
    if audit is None:
        audit_ids = [open_audit.id for open_audit in open_audits(now=now)]
    else:
        audit_ids = [] if audit.is_closed(now) or not audit.is_issued else [audit.id]
    return StaffTasks(lines, tuple(passes_outside_work(audit_ids)) if audit_ids else ())
