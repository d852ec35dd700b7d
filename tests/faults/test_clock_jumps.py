"""The clock of running workers jumps, and differs between them; nobody gets two chasers for a slot."""

import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as hour

from surveyapp.chasing.slots import planned_slots
from surveyapp.foundation import clock
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.faults.conftest import FaultInstallation, wait_until
from tests.faults.figures import FigureNotes
from tests.row_maker import Maker

CONTACTS = 12
# Seconds in which a worker, which looks at its clock ten times a second, has noticed a jump.
NOTICED = 4.0


class WorkersClock:
    """The clock of all workers of an installation."""

    def __init__(self, installation: FaultInstallation, start: datetime) -> None:
        self.file = installation.folder / "clock"
        self.file.touch()
        self.jump_to(start)

    def jump_to(self, moment: datetime) -> None:
        """Set the clock; it runs on from there."""
        beside = self.file.with_suffix(".part")
        beside.write_text(str((moment - clock.now()).total_seconds()), encoding="utf-8")
        beside.rename(self.file)


def slots_of_new_audit(installation: FaultInstallation) -> tuple[int, list[datetime]]:
    """An audit with outstanding requests: its id, and ten o'clock on the days of its chasers."""
    with installation.app.app_context():
        audit = Maker(MONDAY_MORNING).audit(cases=1, agencies=CONTACTS)
        days = [slot.day for slot in planned_slots(audit, working_calendar())]
        audit_id = audit.id
        session.rollback()
    return audit_id, [clock.utc_moment(day, hour(10)) for day in days]


def test_p4_t1_t2_t9_clocks_that_jump_and_differ_send_nobody_two_chasers_for_a_slot(
    installation: FaultInstallation, figure: FigureNotes
) -> None:
    sink = installation.start_mail_server()
    audit_id, (first, second, *_later) = slots_of_new_audit(installation)
    workers_clock = WorkersClock(installation, first)
    workers = [
        installation.start_worker(CLOCK_FILE=str(workers_clock.file), CLOCK_SKEW=skew)
        for skew in ("0", "90", "-90")
    ]

    def sent() -> int:
        return len(sink.accepted)

    wait_until(lambda: sent() == CONTACTS, "the chasers of the first slot")
    hour_back, day_back, year_on = timedelta(hours=-1), timedelta(days=-1), timedelta(days=365)
    for jump in (hour_back, day_back, timedelta(hours=1), year_on, timedelta(hours=2)):
        workers_clock.jump_to(first + jump)
        time.sleep(NOTICED)
        assert sent() == CONTACTS, jump
    assert installation.ask(lambda db: db.get_one(Audit, audit_id).closed_at) is None, (
        "the year did not close it"
    )
    workers_clock.jump_to(second)
    wait_until(lambda: sent() == 2 * CONTACTS, "the chasers of the second slot")
    workers_clock.jump_to(second + day_back)
    time.sleep(NOTICED)
    workers_clock.jump_to(second + timedelta(hours=1))
    time.sleep(NOTICED)
    assert [worker.poll() for worker in workers] == [None] * 3
    rows = installation.rows()
    assert Counter((row.kind, row.state) for row in rows) == {("chaser", "sent"): 2 * CONTACTS}
    times = Counter(message.id for message in sink.accepted)
    assert set(times.values()) == {1}
    assert sorted(row.subject_id for row in rows) == sorted(2 * list({row.subject_id for row in rows}))
    figure.count(messages=len(rows), chasers_twice=sum(times.values()) - len(times))
    figure(f"{len(rows)} chasers of two slots, three clocks 90 s apart, 8 jumps: none twice")
