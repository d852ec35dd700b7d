"""What is kept: the figures of each close, once, and one benchmark for an audit."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns, reopen
from surveyapp.collating.comparison.benchmark_operations import (
    BenchmarkDetails,
    remove_benchmark,
    save_benchmark,
)
from surveyapp.collating.models import Benchmark, FrozenFigures
from surveyapp.collating.then_and_now.operations import freeze_closed_audits, freeze_figures
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

LATER = MONDAY_MORNING + timedelta(hours=1)
DETAILS = BenchmarkDetails("Repeat plans", "2013", "DfE", [("Kent", "20.0")], "14.9", 34, 202)


def kept(session: Session) -> list[FrozenFigures]:
    return list(session.scalars(select(FrozenFigures).order_by(FrozenFigures.id)))


def test_closing_keeps_the_figures_at_once(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2, returned=3)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    (frozen,) = kept(session)
    assert (frozen.audit_id, frozen.closed_at) == (audit.id, MONDAY_MORNING)
    assert (frozen.figures["requests"], frozen.figures["returned"]) == (4, 3)
    supervision = next(each for each in frozen.figures["questions"] if each["id"] == "supervision")
    assert supervision["options"][0]["count"] == 3


def test_the_worker_catches_up_once(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    make.audit(cases=1, agencies=1)
    audit.closed_at = MONDAY_MORNING
    session.commit()
    with transaction():
        assert freeze_closed_audits(LATER) == 1
    with transaction():
        assert freeze_closed_audits(LATER) == 0
    (frozen,) = kept(session)
    assert (frozen.closed_at, frozen.counted_at) == (MONDAY_MORNING, LATER)


def test_a_close_has_its_figures_once_and_an_open_audit_none(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert not freeze_figures(audit, now=LATER)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    with transaction():
        assert not freeze_figures(audit, now=LATER)
    session.add(FrozenFigures(audit_id=audit.id, closed_at=MONDAY_MORNING, counted_at=LATER, figures={}))
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_closing_again_after_reopening_keeps_another_set(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=2, returned=1)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    with transaction():
        reopen(audit, to=audit.close_on, reason="One more", actor="manager", now=LATER)  # type: ignore[arg-type]
    make.returned(make.requests(audit)[1])
    with transaction():
        close_returns(audit, actor="manager", now=LATER)
    assert [each.figures["returned"] for each in kept(session)] == [1, 2]


def test_a_benchmark_takes_the_place_of_the_one_before(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    for rows in ([("Kent", "20.0")], [("Kent", "20.0"), ("Devon", "1")]):
        with transaction():
            details = BenchmarkDetails("Repeat plans", "2013", "DfE", rows, "14.9", 34, 202)
            save_benchmark(audit, details, actor="manager", now=MONDAY_MORNING)
    (found,) = session.scalars(select(Benchmark)).all()
    assert found.pairs == [("Kent", "20.0"), ("Devon", "1")]
    assert found.own is not None
    assert str(found.own.percent) == "16.8"
    with transaction():
        assert remove_benchmark(audit, actor="manager", now=MONDAY_MORNING)
        assert not remove_benchmark(audit, actor="manager", now=MONDAY_MORNING)
    told = session.execute(select(Event.action, Event.detail).order_by(Event.id)).all()
    assert [tuple(each) for each in told] == [
        ("saved_benchmark", "1 place"),
        ("saved_benchmark", "2 places"),
        ("removed_benchmark", ""),
    ]


@pytest.mark.parametrize("own", [(1, None), (None, 2), (3, 2), (0, 0), (-1, 2)])
def test_the_database_refuses_an_own_figure_that_is_none(
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


def test_a_benchmark_without_an_own_figure_has_none(make: Maker, session: Session) -> None:
    audit: Audit = make.audit(cases=1, agencies=1)
    with transaction():
        details = BenchmarkDetails("Repeat plans", "2013", "DfE", [("Kent", "20.0")])
        save_benchmark(audit, details, actor="manager", now=MONDAY_MORNING)
    assert session.scalars(select(Benchmark)).one().own is None
