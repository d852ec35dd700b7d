"""Workers are killed while they queue emails to owners of actions; each owner still gets one email."""

import signal
from datetime import UTC, date, datetime

import pytest

from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import acted
from tests.faults.conftest import PATIENCE, FaultInstallation
from tests.row_maker import Maker

# The actions are due on this day; the emails are queued at nine.
DUE_ON = date(2026, 12, 18)
MOMENT = datetime(2026, 12, 18, 9, tzinfo=UTC)
OWNERS = 20
# A worker queues the emails and kills itself, before its commit or after it.
PROGRAM = f"""
import os, signal
from datetime import datetime
from surveyapp.concluding.actions.due_mail import queue_action_due_emails
from surveyapp.foundation.store.db import transaction
from tests.faults.fault_app import make_app
with make_app().app_context():
    with transaction():
        queue_action_due_emails(datetime.fromisoformat("{MOMENT.isoformat()}"))
        if os.environ["KILLED"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def prepared(installation: FaultInstallation) -> None:
    """Store twenty actions of one audit, due on the same day, each with its own owner."""

    def make() -> None:
        Maker(datetime(2026, 11, 30, 9, tzinfo=UTC)).audit(cases=1, agencies=1)

    installation.change(make)
    with installation.app.app_context():
        audit = session.query(Audit).one()
        for number in range(OWNERS):
            acted(audit, due_on=DUE_ON, owner_email=f"owner{number}@partnership.example")


def turns(installation: FaultInstallation, *when: str) -> None:
    """Run one worker for each of `when` at the same time; each is killed “before” or “after” its commit."""
    workers = [installation.start_program(["-c", PROGRAM], {"KILLED": each}) for each in when]
    assert [worker.wait(PATIENCE) for worker in workers] == [-signal.SIGKILL] * len(when)


@pytest.mark.parametrize("at_once", [1, 4])
def test_p4_p5_d4_each_owner_is_told_once_whenever_workers_are_killed(
    installation: FaultInstallation, at_once: int
) -> None:
    prepared(installation)
    turns(installation, *["before"] * at_once)
    assert installation.rows() == [], "what was not committed is not queued"
    turns(installation, *["after"] * at_once)
    turns(installation, *["after"] * at_once)
    told = [row.to_addr for row in installation.rows()]
    assert sorted(told) == sorted(f"owner{number}@partnership.example" for number in range(OWNERS))
