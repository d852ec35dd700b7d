"""Then and now: what differs between the figures of a close and those of today."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns
from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.models import FrozenFigures
from surveyapp.collating.queries import collate
from surveyapp.collating.then_and_now.frozen_figures import (
    ChangedFigure,
    changed_counts,
    changed_figures,
    frozen_figures,
)
from surveyapp.collating.then_and_now.operations import freeze_at_close
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.signals import returns_closed
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def figures(audit: Audit) -> dict[str, object]:
    return collation_json(collate(audit, now=MONDAY_MORNING))


def test_nothing_changed_is_nothing(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, returned=3)
    assert changed_counts(figures(audit), figures(audit)) == []
    assert changed_figures(figures(audit), figures(audit), audit.form) == []


def test_a_late_return_shows_in_each_figure_it_moves(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=3, returned=2)
    then = figures(audit)
    given = (
        GivenAnswer("supervision", option="no"),
        GivenAnswer("file_contents", item="alert", option="yes"),
        GivenAnswer("file_contents", item="chronology", option="no"),
    )
    make.returned(make.requests(audit)[2], given)
    now = figures(audit)
    assert changed_counts(then, now) == [("Returned", 2, 3), ("Returns with answers", 2, 3)]
    changed = changed_figures(then, now, audit.form)
    overseen = "Case overseen or discussed in supervision"
    assert ChangedFigure(overseen, "Yes", Share(2, 2), Share(2, 3)) in changed
    assert ChangedFigure(overseen, "No", Share(0, 2), Share(1, 3)) in changed
    assert ChangedFigure("What the file contains", "Marker or alert", Share(0, 0), Share(1, 1)) in changed
    assert ChangedFigure("What the file contains", "Not answered", Share(2, 2), Share(2, 3)) in changed
    order = [each.question for each in changed]
    assert order.index("What the file contains") < order.index(overseen)


def test_closes_are_given_the_last_first(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert frozen_figures(audit) == []
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    assert [each.closed_at for each in frozen_figures(audit)] == [MONDAY_MORNING]
    assert session.scalar(select(FrozenFigures.id)) is not None


def test_a_close_stands_even_when_its_figures_could_not_be_kept(
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
