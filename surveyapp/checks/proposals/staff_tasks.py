"""Reports and briefs that wait for an executive or were sent back, for the list of what needs staff today."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select

from surveyapp.checks.proposals.models import BRIEF, REPORT, ReleaseProposal
from surveyapp.checks.proposals.operations import WRITING_ROLES
from surveyapp.foundation.web.actor import EXECUTIVE
from surveyapp.tracking.staff_tasks import TaskKind

_APPROVERS = frozenset({EXECUTIVE})


def _latest(document: str, outcome: str | None) -> Callable[[datetime], Select[Any]]:
    """The audits whose latest proposal of a document has this outcome; None: it waits."""

    def rows(_now: datetime) -> Select[Any]:
        latest = (
            select(func.max(ReleaseProposal.id))
            .where(ReleaseProposal.document == document)
            .group_by(ReleaseProposal.audit_id)
        )
        columns: Any = select(ReleaseProposal.audit_id.label("audit_id"), literal(1).label("waiting"))
        proposals: Select[Any] = columns.where(ReleaseProposal.id.in_(latest))
        return proposals.where(
            ReleaseProposal.outcome.is_(None) if outcome is None else ReleaseProposal.outcome == outcome
        )

    return rows


_REPORT_PAGE, _BRIEF_PAGE = "survey.report.show_report_release", "survey.brief.show_brief_release"
TASK_KINDS = (
    TaskKind(
        "report waits for your approval",
        "reports wait for your approval",
        _REPORT_PAGE,
        _latest(REPORT, None),
        roles=_APPROVERS,
    ),
    TaskKind(
        "brief waits for your approval",
        "briefs wait for your approval",
        _BRIEF_PAGE,
        _latest(BRIEF, None),
        roles=_APPROVERS,
    ),
    TaskKind(
        "report was sent back",
        "reports were sent back",
        _REPORT_PAGE,
        _latest(REPORT, "sent_back"),
        roles=WRITING_ROLES,
    ),
    TaskKind(
        "brief was sent back",
        "briefs were sent back",
        _BRIEF_PAGE,
        _latest(BRIEF, "sent_back"),
        roles=WRITING_ROLES,
    ),
)
