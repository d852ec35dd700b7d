"""Figures are frozen once for each close of returns."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns, reopen
from surveyapp.collating.models import FrozenFigures
from surveyapp.collating.then_and_now.operations import freeze_at_close, freeze_closed_audits, freeze_figures
from surveyapp.foundation.signals import returns_closed
from surveyapp.foundation.store.db import transaction
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

LATER = MONDAY_MORNING + timedelta(hours=1)


def frozen_rows(session: Session) -> list[FrozenFigures]:
    return list(session.scalars(select(FrozenFigures).order_by(FrozenFigures.id)))


def test_closing_returns_freezes_the_figures_at_once(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2, returned=3)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    (frozen,) = frozen_rows(session)
    assert (frozen.audit_id, frozen.closed_at) == (audit.id, MONDAY_MORNING)
    assert (frozen.figures["requests"], frozen.figures["returned"]) == (4, 3)
    supervision = next(
        question for question in frozen.figures["questions"] if question["id"] == "supervision"
    )
    assert supervision["options"][0]["count"] == 3


def test_the_worker_freezes_missing_figures_once(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    make.audit(cases=1, agencies=1)
    audit.closed_at = MONDAY_MORNING
    session.commit()
    with transaction():
        assert freeze_closed_audits(LATER) == 1
    with transaction():
        assert freeze_closed_audits(LATER) == 0
    (frozen,) = frozen_rows(session)
    assert (frozen.closed_at, frozen.counted_at) == (MONDAY_MORNING, LATER)


def test_a_close_is_frozen_once_and_an_open_audit_is_not(make: Maker, session: Session) -> None:
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


def test_closing_again_after_reopening_freezes_another_set(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=2, returned=1)
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    with transaction():
        reopen(audit, to=audit.close_on, reason="One more", actor="manager", now=LATER)  # type: ignore[arg-type]
    make.returned(make.requests(audit)[1])
    with transaction():
        close_returns(audit, actor="manager", now=LATER)
    assert [frozen.figures["returned"] for frozen in frozen_rows(session)] == [1, 2]


def test_a_failure_to_freeze_figures_is_logged_and_does_not_undo_the_close(
    app: Flask, make: Maker, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    audit = make.audit(cases=1, agencies=1)
    with caplog.at_level(logging.ERROR, "surveyapp.collating"):
        freeze_at_close(app, audit_id=audit.id + 1)
    assert f"The figures of audit {audit.id + 1} were not kept at its close: NoResultFound" in caplog.text
    assert session.scalar(select(FrozenFigures.id)) is None


def test_each_app_listens_for_its_own_closes(app: Flask) -> None:
    assert freeze_at_close in list(returns_closed.receivers_for(app))
    assert freeze_at_close not in list(returns_closed.receivers_for(Flask("another")))
