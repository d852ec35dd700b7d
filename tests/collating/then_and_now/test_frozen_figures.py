"""Which figures differ between a close of returns and today."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.closing.operations import close_returns, reopen
from surveyapp.collating.collation_json import collation_json
from surveyapp.collating.models import FrozenFigures
from surveyapp.collating.queries import collate
from surveyapp.collating.then_and_now.frozen_figures import (
    ChangedFigure,
    changed_counts,
    changed_figures,
    frozen_figures,
)
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def figures(audit: Audit) -> dict[str, object]:
    return collation_json(collate(audit, now=MONDAY_MORNING))


def test_unchanged_figures_are_left_out(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, returned=3)
    assert changed_counts(figures(audit), figures(audit)) == []
    assert changed_figures(figures(audit), figures(audit), audit.form) == []


def test_a_late_return_shows_in_each_figure_that_it_changes(make: Maker) -> None:
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
    order = [figure.question for figure in changed]
    assert order.index("What the file contains") < order.index(overseen)


def test_the_last_close_comes_first(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    assert frozen_figures(audit) == []
    with transaction():
        close_returns(audit, actor="manager", now=MONDAY_MORNING)
    assert [frozen.closed_at for frozen in frozen_figures(audit)] == [MONDAY_MORNING]
    assert session.scalar(select(FrozenFigures.id)) is not None


def test_the_figures_of_the_last_of_two_closes_come_first(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    for days in (0, 3):
        moment = MONDAY_MORNING + timedelta(days=days)
        with transaction():
            close_returns(audit, actor="manager", now=moment)
        with transaction():
            reopen(audit, to=date(2027, 1, 20), reason="Health was away", actor="manager", now=moment)
    closes = [MONDAY_MORNING + timedelta(days=days) for days in (3, 0)]
    assert [frozen.closed_at for frozen in frozen_figures(audit)] == closes
    assert frozen_figures(make.audit(cases=1, agencies=1)) == []
