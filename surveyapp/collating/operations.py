"""What collating stores: figures as they stand at a close, and places to compare an audit with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.models import Benchmark, FrozenFigures
from surveyapp.collating.queries import benchmark_of, collate
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit


def freeze_figures(audit: Audit, *, now: datetime) -> bool:
    """Keep an audit's figures as they stand at its close; False when open, or when this close has them."""
    # Whoever closes, reopens or answers holds this row too, so that no close is kept twice.
    session.refresh(audit, with_for_update=True)
    kept = select(FrozenFigures.id).filter_by(audit_id=audit.id, closed_at=audit.closed_at)
    if audit.closed_at is None or session.scalar(kept) is not None:
        return False
    figures = collation_json(collate(audit, now=now))
    session.add(FrozenFigures(audit_id=audit.id, closed_at=audit.closed_at, counted_at=now, figures=figures))
    return True


def freeze_closed_audits(now: datetime) -> int:
    """Keep the figures of every close that has none yet; how many there were.

    They are counted as each audit closes; this catches up where that was cut short.
    """
    kept = and_(FrozenFigures.audit_id == Audit.id, FrozenFigures.closed_at == Audit.closed_at)
    missing = (
        select(Audit)
        .outerjoin(FrozenFigures, kept)
        .where(Audit.closed_at.is_not(None), FrozenFigures.id.is_(None))
    )
    return sum(freeze_figures(audit, now=now) for audit in session.scalars(missing.order_by(Audit.id)).all())


@dataclass(frozen=True)
class BenchmarkDetails:
    """A table of other places as it was given; per cents are kept as they are written."""

    measure: str
    period: str
    source: str
    rows: Sequence[tuple[str, str]]
    national_average: str = ""
    own_count: int | None = None
    own_of: int | None = None


def benchmark_digest(benchmark: Benchmark | None) -> str:
    """What tells one state of a benchmark from the next, none included: a digest of all of it."""
    if benchmark is None:
        return NO_ROW
    return row_digest(
        measure=benchmark.measure,
        period=benchmark.period,
        source=benchmark.source,
        national_average=benchmark.national_average,
        own_count=benchmark.own_count,
        own_of=benchmark.own_of,
        places=benchmark.pairs,
    )


def save_benchmark(
    audit: Audit, details: BenchmarkDetails, *, seen: str | None = None, actor: str, now: datetime
) -> Benchmark:
    """Keep the places an audit is compared with, in place of those it had.

    `seen` is the `benchmark_digest` of the page. Raises EditConflict where it is another by now.
    """
    session.refresh(audit, with_for_update=True)
    chosen = select(Benchmark).where(Benchmark.audit_id == audit.id)
    benchmark = session.scalar(chosen.execution_options(populate_existing=True))
    check_unchanged(seen, benchmark_digest(benchmark))
    if benchmark is None:
        benchmark = Benchmark(audit_id=audit.id)
        session.add(benchmark)
    benchmark.measure, benchmark.period, benchmark.source = details.measure, details.period, details.source
    benchmark.national_average = details.national_average
    benchmark.own_count, benchmark.own_of = details.own_count, details.own_of
    benchmark.rows = [[name, figure] for name, figure in details.rows]
    record_event(
        actor, "saved_benchmark", f"audit {audit.id}", counted(len(benchmark.rows), "place"), now=now
    )
    return benchmark


def remove_benchmark(audit: Audit, *, actor: str, now: datetime) -> bool:
    """Take an audit's benchmark away; False when there is none."""
    benchmark = benchmark_of(audit)
    if benchmark is None:
        return False
    session.delete(benchmark)
    record_event(actor, "removed_benchmark", f"audit {audit.id}", now=now)
    return True
