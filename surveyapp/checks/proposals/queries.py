"""Queries on proposals to release a report or a brief."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from surveyapp.checks.proposals.models import ReleaseProposal
from surveyapp.foundation.store.db import session


def is_latest_proposal(audit_id: InstrumentedAttribute[int], document: str) -> ColumnElement[bool]:
    """SQL: whether a proposal is the latest of the “report” or “brief” of the audit in this column."""
    other = aliased(ReleaseProposal)
    latest = select(func.max(other.id)).where(other.audit_id == audit_id, other.document == document)
    return ReleaseProposal.id == latest.correlate_except(other).scalar_subquery()


def latest_proposal(audit_id: int, document: str) -> ReleaseProposal | None:
    """The latest proposal of an audit’s “report” or “brief”; None before the first."""
    proposals = select(ReleaseProposal).where(
        ReleaseProposal.audit_id == audit_id, ReleaseProposal.document == document
    )
    return session.scalars(proposals.order_by(ReleaseProposal.id.desc()).limit(1)).one_or_none()
