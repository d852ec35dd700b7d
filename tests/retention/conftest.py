"""The full audit, on a database of its own and loaded once for a copy by each test."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from surveyapp.foundation import clock as app_clock
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.mail import worker
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Switches
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.retention.full_audit import load_full_audit

# The close of the full audit, and the day on which its report is received.
CLOSED = datetime(2027, 1, 8, 17, tzinfo=UTC)
RECEIVED = datetime(2027, 3, 1, 10, tzinfo=UTC)


class Worker:
    """The worker of a test: it has looked every day, so its clock is never in doubt."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock

    def works_on(self, day: date, hour: int = 1) -> None:
        """Move to an hour of a UK day and let the worker look, plan and go on until nothing is left to do."""
        self.works_at(self.on(day, hour))

    def on(self, day: date, hour: int = 1) -> datetime:
        """An hour of a UK day in UTC."""
        return utc_moment(day, time(hour))

    def works_at(self, moment: datetime) -> None:
        """Move to a moment and let the worker look, plan and go on until nothing is left to do."""
        self.clock.move_to(moment)
        self.knows_the_date()
        # One round begins a purge, the next cleans up after it and begins another that is due as well.
        for _round in range(4):
            assert worker.tick(app_clock.now())
            self.goes_on()
            self.clock.shift(timedelta(minutes=1))

    def goes_on(self) -> None:
        """Let the worker go on with what people wait for, and with purges, until nothing is left."""
        for _round in range(5):
            worker.run_prompt_operations(app_clock.now())

    def knows_the_date(self) -> None:
        """Let the last look of the worker be now, as if somebody had confirmed the date."""
        session.rollback()
        row = session.get(Switches, 1)
        if row is not None:
            row.last_tick_at = app_clock.now()
        session.commit()


@pytest.fixture
def working(app: Flask, clock: time_machine.Traveller) -> Worker:  # noqa: ARG001 — its context
    """The worker."""
    return Worker(clock)


@pytest.fixture
def full_audit(app: Flask) -> Audit:  # noqa: ARG001 — its database
    """An audit with a row in every table that a purge empties; returns are open."""
    return load_full_audit(MONDAY_MORNING)
