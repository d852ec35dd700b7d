"""An audit has one benchmark at most."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.collating.comparison.benchmark_operations import (
    BenchmarkDetails,
    remove_benchmark,
    save_benchmark,
)
from surveyapp.collating.models import Benchmark
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_saving_a_benchmark_replaces_the_one_before(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    for rows in ([("Kent", "20.0")], [("Kent", "20.0"), ("Devon", "1")]):
        with transaction():
            details = BenchmarkDetails("Repeat plans", "2013", "DfE", rows, "14.9", 34, 202)
            save_benchmark(audit, details, actor="manager", now=MONDAY_MORNING)
    (benchmark,) = session.scalars(select(Benchmark)).all()
    assert benchmark.pairs == [("Kent", "20.0"), ("Devon", "1")]
    assert benchmark.own is not None
    assert str(benchmark.own.percent) == "16.8"
    with transaction():
        assert remove_benchmark(audit, actor="manager", now=MONDAY_MORNING)
        assert not remove_benchmark(audit, actor="manager", now=MONDAY_MORNING)
    events = session.execute(select(Event.action, Event.detail).order_by(Event.id)).all()
    assert [tuple(event) for event in events] == [
        ("saved_benchmark", "1 place"),
        ("saved_benchmark", "2 places"),
        ("removed_benchmark", ""),
    ]


@pytest.mark.parametrize("own", [(1, None), (None, 2), (3, 2), (0, 0), (-1, 2)])
def test_the_database_refuses_an_impossible_own_figure(
    make: Maker, session: Session, own: tuple[int | None, int | None]
) -> None:
    audit = make.audit(cases=1, agencies=1)
    session.add(
        Benchmark(
            audit_id=audit.id, measure="", period="", source="", own_count=own[0], own_of=own[1], rows=[]
        )
    )
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_the_own_figure_of_a_benchmark_is_optional(make: Maker, session: Session) -> None:
    audit: Audit = make.audit(cases=1, agencies=1)
    with transaction():
        details = BenchmarkDetails("Repeat plans", "2013", "DfE", [("Kent", "20.0")])
        save_benchmark(audit, details, actor="manager", now=MONDAY_MORNING)
    assert session.scalars(select(Benchmark)).one().own is None
