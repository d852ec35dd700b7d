"""Queries on what an audit can be compared with: its benchmark, and audits that ask the same questions."""

from sqlalchemy import select

from surveyapp.collating.models import Benchmark
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def benchmark_of(audit: Audit) -> Benchmark | None:
    """The benchmark of an audit: other places' figures; None if it has none."""
    return session.scalar(select(Benchmark).where(Benchmark.audit_id == audit.id))


def comparable_audits(audit: Audit) -> list[tuple[Audit, int]]:
    """Issued audits that share questions with this one, each with how many it shares, the latest first."""
    own_questions = _ids(form_of(audit))
    issued = select(Audit).where(Audit.issued_at.is_not(None), Audit.id != audit.id)
    latest = session.scalars(issued.order_by(Audit.issued_at.desc(), Audit.id.desc()))
    shared = [(other, len(own_questions & _ids(other.form))) for other in latest]
    return [(other, count) for other, count in shared if count]


def _ids(definition: AuditForm) -> set[str]:
    return {question.id for question in definition.questions}
