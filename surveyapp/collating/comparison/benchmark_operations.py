"""Operations on the benchmark of an audit: the figures of other places that it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.collating.comparison.queries import benchmark_of
from surveyapp.collating.models import Benchmark
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class BenchmarkDetails:
    """A benchmark as staff enter it; `rows` are names and percentages, which stay as they were typed."""

    measure: str
    period: str
    source: str
    rows: Sequence[tuple[str, str]]
    national_average: str = ""
    own_count: int | None = None
    own_of: int | None = None


def benchmark_digest(benchmark: Benchmark | None) -> str:
    """A digest of the whole benchmark, or of there being none, to detect a concurrent change."""
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
    """Store the benchmark of an audit in place of the one it had.

    `seen` is the `benchmark_digest` that the page showed. Raises EditConflict if the stored one differs.
    """
    session.refresh(audit, with_for_update=True)
    query = select(Benchmark).where(Benchmark.audit_id == audit.id)
    benchmark = session.scalar(query.execution_options(populate_existing=True))
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
    """Remove the benchmark of an audit; False if it has none."""
    benchmark = benchmark_of(audit)
    if benchmark is None:
        return False
    session.delete(benchmark)
    record_event(actor, "removed_benchmark", f"audit {audit.id}", now=now)
    return True
