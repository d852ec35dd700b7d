"""Queries on the approvals of an audit’s theme and sample."""

from collections.abc import Collection

from sqlalchemy import func, select

from surveyapp.foundation.store.db import session
from surveyapp.planning.approval.models import Approval


def approvals_of(audit_id: int, subject: str) -> list[Approval]:
    """Every approval of an audit’s theme or sample, the latest first."""
    mine = select(Approval).where(Approval.audit_id == audit_id, Approval.subject == subject)
    return list(session.scalars(mine.order_by(Approval.id.desc())))


def latest_approval(audit_id: int, subject: str) -> Approval | None:
    """The approval of an audit’s theme or sample that counts; None before the first."""
    return next(iter(approvals_of(audit_id, subject)), None)


def latest_approvals(audit_ids: Collection[int], subject: str) -> dict[int, Approval]:
    """The approval that counts for each of these audits that has one; one statement."""
    latest = (
        select(func.max(Approval.id))
        .where(Approval.audit_id.in_(audit_ids), Approval.subject == subject)
        .group_by(Approval.audit_id)
    )
    found = session.scalars(select(Approval).where(Approval.id.in_(latest)).order_by(Approval.id))
    return {approval.audit_id: approval for approval in found}
